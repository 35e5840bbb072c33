"""What can go wrong at a start, as one line for the user."""

from __future__ import annotations

import errno


class LauncherError(Exception):
    """The start failed; the message says in one line what to do."""


def advice_for(error: OSError) -> str:
    """What an error of the operating system means for the user."""
    where = f"({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"磁盘已满{where}:请清出至少 1 GB 空间,再运行一次。"
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return f"不能写入{where}:请修改文件夹的权限,或用环境变量 LIUKE_VAR 另指一个可写的文件夹。"
    return f"启动时出错:{error}"

"""`python -m bot.learning`: write the confirmed texts to `data/nlu/confirmed.yml`, for the next training."""

from __future__ import annotations

import sys

from sqlalchemy.exc import SQLAlchemyError

from bot.learning.reviewing import export
from bot.nlu.teaching import CONFIRMED, NLU_FOLDER


def main() -> int:
    """Write the file; says what was written."""
    path = NLU_FOLDER / CONFIRMED
    try:
        count = export(path)
    except SQLAlchemyError as error:
        print(f"✗ 数据库读不了，没有导出：{error.__class__.__name__}", file=sys.stderr)
        return 1
    if count:
        print(f"✓ 已把 {count} 条确认过的说法写入 {path.name}；下次 make train 会学进去。")
    else:
        print("还没有确认过的说法，没有写文件。")
    return 0


if __name__ == "__main__":
    sys.exit(main())

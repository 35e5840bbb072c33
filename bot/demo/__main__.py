"""`python -m bot.demo`: make the demo in an empty database, or see to today's queue of an existing demo."""

from __future__ import annotations

import argparse
import time
from datetime import date

from bot import clock
from bot.db.meta import is_demo
from bot.db.migrate import upgrade
from bot.db.session import system_session
from bot.demo.generate import CLIENTS, SEED, generate, is_empty
from bot.demo.password import PASSWORD_FILE, demo_password
from bot.demo.queue import refresh_queue


def main(arguments: list[str] | None = None) -> None:
    """Run the command; says in Chinese what was done."""
    parser = argparse.ArgumentParser(prog="python -m bot.demo", description="生成演示数据(只写入空数据库)")
    parser.add_argument("--anchor", type=date.fromisoformat, help="数据截止的基准日,默认今天(上海时间)")
    parser.add_argument("--clients", type=int, default=CLIENTS, help=f"客户数,默认 {CLIENTS}")
    parser.add_argument("--seed", type=int, default=SEED, help="随机种子")
    options = parser.parse_args(arguments)
    today = clock.today()
    upgrade()
    with system_session() as session:
        if is_empty(session):
            began = time.monotonic()
            counts = generate(
                session, options.anchor or today, demo_password(), options.clients, options.seed
            )
            print(
                f"已生成演示数据:{counts['branch']} 家营业部,{counts['staff']} 名员工,"
                f"{counts['client']} 位客户,{counts['trade']} 笔交易,用时 {time.monotonic() - began:.1f} 秒。"
            )
            print(f"登录名如 advisor1;密码取自环境变量 LIUKE_DEMO_PASSWORD,未设置时见 {PASSWORD_FILE.name}。")
        elif is_demo(session):
            print("演示数据已存在,未作改动。")
        else:
            print("数据库里已有数据,且不是演示数据,未作任何改动。")
        added = refresh_queue(session, today)
        if added:
            print(f"今天的排队已补上 {added} 位。")


if __name__ == "__main__":
    main()

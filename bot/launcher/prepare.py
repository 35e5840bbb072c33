"""What comes before the servers: the model, the database, the demo data."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from bot.demo.password import demo_password
from bot.launcher.endpoints import write_endpoints
from bot.launcher.errors import LauncherError
from bot.launcher.parts import Part
from bot.launcher.settings import ROOT, Settings
from bot.launcher.supervisor import Supervisor
from bot.training import model_path

PASSWORD_VARIABLE = "LIUKE_DEMO_PASSWORD"


def module(settings: Settings, name: str, title: str, **environment: str) -> Part:
    """A module of ours that runs and ends."""
    return Part(
        name=name.rpartition(".")[2],
        title=title,
        argv=(sys.executable, "-m", name),
        log=settings.logs / f"{name.rpartition('.')[2]}.log",
        environment={**settings.child_environment(), **environment},
    )


def prepare(settings: Settings, supervisor: Supervisor) -> Path:
    """Do what is missing, with a line for each step.

    Returns:
        The model to serve.
    """
    model = _model(settings, supervisor)
    _step(supervisor, module(settings, "bot.db", "数据库升级"))
    _step(supervisor, module(settings, "bot.demo", "演示数据", **_password(settings)))
    write_endpoints(settings)
    return model


def _model(settings: Settings, supervisor: Supervisor) -> Path:
    model = model_path()
    if model.exists():
        model.touch()  # `rasa run` by hand takes the newest
        print(f"  ✓ 模型是最新的,不必训练  {model.relative_to(ROOT)}", flush=True)
        return model
    print("正在训练模型(输入有变化,约需三五分钟)…", flush=True)
    _step(supervisor, module(settings, "bot.training", "模型训练"))
    model = model_path()
    if not model.exists():  # Rasa would silently take any other model of the folder
        raise LauncherError("训练期间数据又有改动:请先停止修改,再运行一次。")
    return model


def log_ins(settings: Settings) -> str:
    """How to log in to the demo: its data are made up, so its password may stand on the screen."""
    file = settings.var / "demo_password"
    if file.exists():
        where = f"密码 {file.read_text(encoding='utf-8').strip()}(存于 {file.relative_to(ROOT) if file.is_relative_to(ROOT) else file})"
    else:
        where = f"密码是生成演示数据时环境变量 {PASSWORD_VARIABLE} 的值"
    return f"演示登录:advisor1、advisor2 …;{where}"


def _password(settings: Settings) -> dict[str, str]:
    """Keep the demo's password beside its database, also when that is not in the usual folder."""
    given = settings.child_environment().get(PASSWORD_VARIABLE)
    if given or settings.var == ROOT / "var":
        return {}
    return {PASSWORD_VARIABLE: demo_password(settings.var / "demo_password")}


def _step(supervisor: Supervisor, part: Part) -> None:
    began = time.monotonic()
    said = supervisor.run_to_end(part).splitlines()
    last = said[-1].strip() if said else ""
    print(f"  ✓ {part.title}完成,{time.monotonic() - began:.1f} 秒  {last}", flush=True)

"""`python -m bot.training`: train the Rasa model, but only when something it is made from has changed.

The model is named after a hash of its inputs, so that a model file is either right or absent. Training by
hand with `rasa train` goes on working; those models carry other names and are left alone.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.launcher.lifeline import die_with_parent

ROOT = Path(__file__).resolve().parents[1]
MODELS = ROOT / "models"
KEEP = 3
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONIOENCODING": "utf-8",
}
"""What Rasa is told wherever we start it."""


class TrainingError(Exception):
    """Training failed; the message is one line for the user."""


def inputs() -> list[Path]:
    """The files a model is made from, in a fixed order; scripts are read at run time and are none of them."""
    found = [ROOT / "config.yml", ROOT / "domain.yml"]
    found += [
        ROOT / "data" / "playbook" / name for name in ("brokers.yml", "violations.yml", "techniques.yml")
    ]
    for folder in ("nlu", "stories", "lexicon"):
        found += (path for path in (ROOT / "data" / folder).rglob("*") if path.is_file())
    found += (ROOT / "bot" / "nlu").rglob("*.py")
    # The encoder's weights, and what the patterns of the compliance officer are read with, shape the model too.
    found += (path for path in (ROOT / "bot" / "nlu" / "weights").glob("*") if path.is_file())
    found += (ROOT / "bot" / "compliance").glob("*.py")
    return sorted(path for path in found if not path.name.startswith(".") and not path.name.endswith("~"))


def fingerprint() -> str:
    """A hash of everything the model depends on: its inputs, and Rasa's version in the lock.

    Raises:
        TrainingError: when a file that every model needs is missing.
    """
    digest = hashlib.sha256()
    try:
        for path in inputs():
            content = path.read_bytes()
            digest.update(f"{path.relative_to(ROOT).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
        lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise TrainingError(f"缺少 {Path(error.filename).name}:请重新取一份完整的代码。") from None
    digest.update("".join(re.findall(r"^rasa==\S+", lock, re.MULTILINE)).encode())
    return digest.hexdigest()[:12]


def model_path() -> Path:
    """Where the model for the present inputs is, or will be."""
    return MODELS / f"liuke-{fingerprint()}.tar.gz"


def ensure_model() -> Path:
    """Train if the model for the present inputs is absent; two at once train once.

    Raises:
        TrainingError: when training fails.
    """
    model = model_path()
    if not model.exists():
        MODELS.mkdir(exist_ok=True)
        with _only_one():
            if not model.exists():
                model = _train_until_settled()
                _announce(f"模型训练完成:{model.relative_to(ROOT)}")
                _remove_old(model)
                return model
    model.touch()  # `rasa run` by hand takes the newest file of the folder
    _announce(f"模型与训练数据一致,不必训练:{model.relative_to(ROOT)}")
    return model


def _announce(text: str) -> None:
    print(text, flush=True)


@contextmanager
def _only_one() -> Iterator[None]:
    with (MODELS / ".lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _train_until_settled() -> Path:
    """Train again when an input was changed meanwhile: the name must tell what is inside."""
    for _ in range(3):
        model = model_path()
        _train(model)
        if model_path() == model:
            return model
        model.unlink()
        _announce("训练期间数据又有改动,重新训练。")
    raise TrainingError("训练期间数据一直在变:请先停止修改 data/、domain.yml 和 config.yml,再运行一次。")


def _train(model: Path) -> None:
    """Train into a folder of its own: a model that is half written never has the model's name."""
    workshop = MODELS / ".training"
    shutil.rmtree(workshop, ignore_errors=True)
    log = Path(os.environ.get("LIUKE_VAR") or ROOT / "var") / "log" / "rasa-train.log"
    log = ROOT / log
    log.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    _announce("训练数据有变化,正在训练模型(约需三五分钟)…")
    name = model.name.removesuffix(".tar.gz")
    # Rasa's own check of twenty thousand texts takes longer than learning them; `make validate` and the tests do it.
    argv = [sys.executable, "-m", "rasa", "train", "--skip-validation"]
    argv += ["--out", str(workshop), "--fixed-model-name", name]
    with log.open("w", encoding="utf-8") as stream:
        done = subprocess.run(
            argv,
            cwd=ROOT,
            env={**os.environ, **QUIET},
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent(),
            check=False,
        )
    made = workshop / model.name
    if done.returncode or not made.exists():
        shutil.rmtree(workshop, ignore_errors=True)
        said = log.read_text(encoding="utf-8", errors="replace")
        raise TrainingError(f"模型训练失败:{_last_error(said)} 完整日志:{log}")
    made.replace(model)
    shutil.rmtree(workshop, ignore_errors=True)
    _announce(f"训练用时 {time.monotonic() - began:.0f} 秒。")


def _last_error(output: str) -> str:
    if "No space left on device" in output:
        return "磁盘已满,请清出空间后再试。"
    lines = [line.strip() for line in re.sub(r"\x1b\[[0-9;]*m", "", output).splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"error|exception|错", line, re.IGNORECASE)]
    return (telling or lines or ["没有输出"])[-1][:300]


def _remove_old(current: Path) -> None:
    """Keep the newest few of our own models."""
    models = sorted(MODELS.glob("liuke-*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in [path for path in models if path != current][KEEP - 1 :]:
        path.unlink(missing_ok=True)


def main() -> int:
    """Train if needed.

    Returns:
        The exit status.
    """
    try:
        ensure_model()
    except TrainingError as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(
            f"✗ 模型存不下来:{error.strerror}({error.filename}),请检查磁盘空间和写入权限。", file=sys.stderr
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

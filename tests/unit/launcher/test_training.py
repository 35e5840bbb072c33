"""When the model is trained, and when not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot import training


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project whose 'rasa train' only writes a file."""
    for name, text in {
        "config.yml": "language: zh",
        "domain.yml": "intents: []",
        "data/nlu/a.yml": "nlu: []",
        **{f"data/playbook/{name}.yml": "" for name in ("brokers", "violations", "techniques")},
        "bot/nlu/part.py": "x = 1",
        "requirements.lock": "rasa==3.6.21 \\\n    --hash=sha256:0\nnumpy==1.0",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(training, "ROOT", tmp_path)
    monkeypatch.setattr(training, "MODELS", tmp_path / "models")
    monkeypatch.setattr(training, "_train", lambda model: model.write_bytes(b"model"))
    return tmp_path


def test_trained_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = training.ensure_model()
    assert model == training.model_path() and model.exists()
    monkeypatch.setattr(training, "_train", lambda _model: pytest.fail("trained again"))
    assert training.ensure_model() == model


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("config.yml", "language: en"),
        ("domain.yml", "intents: [a]"),
        ("data/nlu/a.yml", "nlu: [b]"),
        ("data/stories/new.yml", "stories: []"),
        ("bot/nlu/part.py", "x = 2"),
        ("bot/nlu/weights/encoder.onnx", "other weights"),
        ("bot/compliance/screen.py", "x = 1"),
        ("requirements.lock", "rasa==3.6.22 \\\n"),
    ],
)
def test_every_input_counts(project: Path, file: str, text: str) -> None:
    before = training.fingerprint()
    (project / file).parent.mkdir(parents=True, exist_ok=True)
    (project / file).write_text(text)
    assert training.fingerprint() != before


@pytest.mark.parametrize(
    "file",
    ["data/nlu/.a.yml.swp", "data/nlu/a.yml~", "data/playbook/toolbox.yml", "bot/db/x.py", "README.md"],
)
def test_other_files_do_not_count(project: Path, file: str) -> None:
    before = training.fingerprint()
    (project / file).parent.mkdir(parents=True, exist_ok=True)
    (project / file).write_text("other")
    assert training.fingerprint() == before


def test_old_models_go_and_models_by_hand_stay(project: Path) -> None:
    by_hand = project / "models" / "20260101-mine.tar.gz"
    by_hand.parent.mkdir()
    by_hand.write_bytes(b"")
    made = []
    for number in range(5):
        (project / "config.yml").write_text(f"language: zh{number}")
        made.append(training.ensure_model())
        os.utime(made[-1], (number, number))
    assert [path for path in made if path.exists()] == made[-3:]
    assert by_hand.exists()


def test_change_in_mid_training_trains_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[Path] = []

    def train(model: Path) -> None:
        model.write_bytes(b"model")
        trained.append(model)
        if len(trained) == 1:
            (project / "domain.yml").write_text("intents: [changed]")

    monkeypatch.setattr(training, "_train", train)
    model = training.ensure_model()
    assert len(trained) == 2 and model == trained[1] == training.model_path()
    assert not trained[0].exists()


def test_failure_is_one_line(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(training, "ROOT", project)
    monkeypatch.setattr(training, "MODELS", project / "models")
    monkeypatch.setenv("LIUKE_VAR", str(project / "var"))
    (project / "config.yml").write_text("language: zh\npipeline: [{name: no.such.Component}]\n")
    assert training.main() == 1
    error = capsys.readouterr().err
    assert error.startswith("✗ 模型训练失败:") and error.count("\n") == 1
    assert not list((project / "models").glob("*.tar.gz"))


def test_missing_input_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "domain.yml").unlink()
    assert training.main() == 1
    assert "缺少 domain.yml" in capsys.readouterr().err

#!/usr/bin/env python3
"""`make bench`: how fast texts are read, against a peer in the same run, and what it costs in memory and training.

Figures depend on the machine; the ratio to the peer does not, or little. Writes `var/reports/bench.json`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
OUT = ROOT / "var" / "reports" / "bench.json"
#: Sixty characters each: client speech, a note, a transcript, an advisor's sentence.
TEXTS = (
    "我在你们这儿做了六年了，一年到头也没人给我打个电话，昨天华泰的小伙子跟我说万一免五，我算了算一年能省两千多块，你看怎么办吧",
    "老客 55岁 资产38万 近一年亏3成 情绪激动 说别家客户经理天天联系 还送米送油 我们这边半年没人管 要求今天就办转托管不想多谈",
    "喂你好那个我想问一下就是我那个账户啊想消户然后你们那个拥金太高了人家那边才万儿我这边还是千一呃你看能不能给我办一下就行了",
    "您在我们这儿六年了，这一年没有人主动联系您，是我们没做好，我先向您道歉，您要走手续今天就给您办，走之前能不能给我五分钟时间",
)
PARSES, ROUNDS = 200, 3
_ENDINGS = "的了吧呢啊嘛呀哦哈"
MOST_MEMORY_PARSES = 1_000


def main() -> None:
    """Measure and print."""
    from bot.training import ensure_model

    model = ensure_model()
    figures: dict[str, Any] = {"parse": parse_times(model), "memory": memory(model)}
    if "--train" in sys.argv[1:]:
        figures["training_seconds"] = training()
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
    parse = figures["parse"]
    print(f"parse, 60 characters, one core: p50 {parse['p50_ms']:.1f} ms, p95 {parse['p95_ms']:.1f} ms")
    print(f"  rounds' p95: {', '.join(f'{one:.1f}' for one in parse['rounds_p95_ms'])} ms")
    print(f"  {parse['ratio']:.1f} times the peer (spaCy with jieba, the tokens alone)")
    print(
        f"Rasa server after {MOST_MEMORY_PARSES} parses: {figures['memory']['resident_mb']:.0f} MB resident"
    )
    if "training_seconds" in figures:
        print(f"training from scratch: {figures['training_seconds']:.0f} s")


def parse_times(model: Path) -> dict[str, Any]:
    """One text after another on one core; and a peer that any Chinese pipeline contains."""
    if hasattr(os, "sched_setaffinity"):
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(before)})
    import structlog
    from rasa.core.agent import Agent

    from bot.nlu.segment import DICTIONARY_FILE, parse_dictionary, pipeline

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    agent = Agent.load(str(model))
    loop = asyncio.new_event_loop()
    # An ending no text had before, in letters since all digits read alike: nothing is answered from memory.
    endings = itertools.product(_ENDINGS, repeat=3)
    segment = pipeline(parse_dictionary(DICTIONARY_FILE.read_text(encoding="utf-8")))
    ours, peer = [], []
    for _ in range(ROUNDS):
        texts = [f"{TEXTS[i % len(TEXTS)][:57]}{''.join(next(endings))}" for i in range(PARSES)]
        ours.append(timed(lambda text: loop.run_until_complete(agent.parse_message(text)), texts))
        peer.append(timed(segment, texts))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, before)
    every = [one for round_ in ours for one in round_]
    return {
        "p50_ms": statistics.median(every),
        "p95_ms": statistics.quantiles(every, n=20)[-1],
        "rounds_p95_ms": [statistics.quantiles(round_, n=20)[-1] for round_ in ours],
        "peer_p50_ms": statistics.median(one for round_ in peer for one in round_),
        "ratio": statistics.median(every) / statistics.median(one for round_ in peer for one in round_),
    }


def timed(work: Callable[[str], object], texts: list[str]) -> list[float]:
    """Milliseconds for each text, after a few to warm up."""
    for text in texts[:10]:
        work(text[::-1])
    spent = []
    for text in texts:
        began = time.perf_counter()
        work(text)
        spent.append((time.perf_counter() - began) * 1_000)
    return spent


def memory(model: Path) -> dict[str, float]:
    """The Rasa server's resident memory after a thousand parses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            (sys.executable, "-m", "rasa", "run", "--enable-api", "-m", str(model), "-i", "127.0.0.1", "-p", str(port)),
            cwd=ROOT, stdout=log, stderr=log, env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
        )  # fmt: skip
        try:
            _wait(port, server)
            idle = _resident(server.pid)
            for number in range(MOST_MEMORY_PARSES):
                _parse(port, f"{number} {TEXTS[number % len(TEXTS)]}")
            return {"idle_mb": idle, "resident_mb": _resident(server.pid)}
        finally:
            server.terminate()
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(180):
        if server.poll() is not None:
            raise SystemExit("the Rasa server ended")
        try:
            _parse(port, "你好")
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(1)
    raise SystemExit("the Rasa server did not come up")


def _parse(port: int, text: str) -> None:
    body = json.dumps({"text": text}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/model/parse", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        answer.read()


def _resident(pid: int) -> float:
    """Megabytes, from /proc: the figure an operator sees."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("no VmRSS on this system")


def training() -> float:
    """Seconds of `rasa train` without a cache, as the product trains."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as out:
        subprocess.run(
            (sys.executable, "-m", "rasa", "train", "--skip-validation", "--force", "--out", out),
            cwd=ROOT, check=True, capture_output=True, env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "RASA_CACHE_DIRECTORY": out},
        )  # fmt: skip
    return time.monotonic() - began


if __name__ == "__main__":
    main()

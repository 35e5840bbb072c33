"""Small real programs in the place of the servers."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bot.launcher.parts import Part

SERVER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(sys.argv[2])); self.end_headers()
    def log_message(self, *_): pass
print("up", flush=True)
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""

DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
"""What makes a program ignore the polite request to end."""

WITH_CHILD = (
    "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
)


def program(folder: Path, name: str, code: str, *arguments: str, health: str = "") -> Part:
    """A part that runs some Python code."""
    return Part(
        name=name,
        title=f"部件{name}",
        argv=(sys.executable, "-c", code, *arguments),
        log=folder / "log" / f"{name}.log",
        environment=dict(os.environ),
        health=health,
        shown=health,
    )


def server(folder: Path, name: str, port: int, status: int = 200, before: str = "") -> Part:
    """A part that answers every GET with one status."""
    return program(
        folder, name, before + SERVER, str(port), str(status), health=f"http://127.0.0.1:{port}/health"
    )

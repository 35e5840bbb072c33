"""Rasa's endpoints file with the ports and folders of this start."""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

from ruamel.yaml import YAML

from bot.launcher.settings import HOST, ROOT, Settings


def write_endpoints(settings: Settings) -> None:
    """Copy `endpoints.yml` to the start's folder, with its action server and its SQLite conversation store.

    Everything else in the file (another kind of store, an event broker …) stays as it is.
    """
    yaml = YAML(typ="rt")
    content = yaml.load((ROOT / "endpoints.yml").read_text(encoding="utf-8")) or {}
    action = content.setdefault("action_endpoint", {})
    path = urlsplit(action.get("url") or "/webhook").path or "/webhook"
    action["url"] = urlunsplit(("http", f"{HOST}:{settings.actions.number}", path, "", ""))
    store = content.get("tracker_store") or {}
    if store.get("dialect") == "sqlite":
        settings.tracker_db.parent.mkdir(parents=True, exist_ok=True)
        store["db"] = str(settings.tracker_db)
    part = settings.endpoints.with_suffix(f".{os.getpid()}.tmp")
    with part.open("w", encoding="utf-8") as stream:
        yaml.dump(content, stream)
    part.replace(settings.endpoints)

"""Step 1, in the project's environment: the training texts as the models read them, with all their labels.

Writes `var/encoder/examples.json`. The second step (`learn.py`) needs torch and knows nothing of the project.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.compliance.rules import VIOLATIONS  # noqa: E402
from bot.nlu.reading import readable  # noqa: E402
from bot.nlu.teaching import CONFIRMED, examples, inputs_hash  # noqa: E402
from bot.playbook.schema import REASONS, TECHNIQUES  # noqa: E402

OUT = ROOT / "var" / "encoder" / "examples.json"


def main() -> None:
    """Write the file."""
    taught = [one for one in examples() if f"{one.file}.yml" != CONFIRMED]
    data = {
        "inputs": inputs_hash(),
        "heads": {
            "intent": sorted({one.intent for one in taught}),
            "reasons": list(REASONS),
            "techniques": list(TECHNIQUES),
            "violations": list(VIOLATIONS),
        },
        "rows": [
            {
                "text": readable(one.text).text,
                "intent": one.intent,
                "reasons": sorted(one.reasons),
                "techniques": sorted(one.techniques),
                "violations": sorted(one.violations),
                "advisor": one.intent == "advisor_speech",
            }
            for one in taught
        ],
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    print(f"{len(taught)} texts → {OUT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

"""Step 1, in the project's environment: the training texts as the models read them, with all their labels.

Writes `var/encoder/examples.json`, and the development texts for `frozen.py`. The second step (`learn.py`) needs torch and knows nothing of the project.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.compliance.rules import VIOLATIONS  # noqa: E402
from bot.nlu.reading import readable  # noqa: E402
from bot.nlu.sounds import sound_of  # noqa: E402
from bot.nlu.teaching import encoded_examples, inputs_hash  # noqa: E402
from bot.playbook.schema import REASONS, TECHNIQUES  # noqa: E402
from tests.nlu.sets import reasons  # noqa: E402

OUT = ROOT / "var" / "encoder" / "examples.json"
#: A recogniser mishears about one character in twelve of what people say on the telephone.
MISHEARD = 0.08
#: Recognisers write common characters.
COMMON_FROM = 30


def sounded(texts: list[str]) -> list[str]:
    """The texts as a speech recogniser might have written them: no punctuation, some characters misheard."""
    counts = Counter(character for text in texts for character in text)
    alike: dict[str, list[str]] = defaultdict(list)
    for character, count in sorted(counts.items()):
        if count >= COMMON_FROM and "一" <= character <= "鿿":
            alike[sound_of(character)].append(character)
    chance = random.Random(42)

    def misheard(character: str) -> str:
        others = alike.get(sound_of(character), []) if chance.random() < MISHEARD else []
        return chance.choices(others, [counts[one] for one in others])[0] if others else character

    return ["".join(map(misheard, re.sub(r"[^\w%.‰]", "", text))) or text for text in texts]


def main() -> None:
    """Write the file."""
    taught = encoded_examples()
    texts = [readable(one.text).text for one in taught]
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
                "text": text,
                "sounded": heard,
                "intent": one.intent,
                "reasons": sorted(one.reasons),
                "techniques": sorted(one.techniques),
                "violations": sorted(one.violations),
                "advisor": one.intent == "advisor_speech",
            }
            for one, text, heard in zip(taught, texts, sounded(texts), strict=True)
        ],
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    asked = [readable(row.text).text for row in reasons()]
    OUT.with_name("development.json").write_text(json.dumps(asked, ensure_ascii=False), encoding="utf-8")
    print(f"{len(taught)} texts → {OUT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

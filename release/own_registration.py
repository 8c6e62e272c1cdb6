"""Writes docs/OWN_REGISTRATION.md: the steps of each guide, between texts written by hand.

    python release/own_registration.py [--check]

The texts are in release/templates/own_registration.md. With `--check` nothing is written, and the
exit code is 1 if the page is not current.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from project import ROOT  # it puts the root on the path

# isort: split
from core.registering.guide import Guide
from core.registering.guides import GUIDES

COMMAND = "python release/own_registration.py"
PAGE = ROOT / "docs" / "OWN_REGISTRATION.md"
TEMPLATE = Path(__file__).parent / "templates" / "own_registration.md"
_PLACE = "<!-- guides -->\n"


def page() -> str:
    """The text of the page."""
    lines = [line for guide in GUIDES.values() for line in _lines_of(guide)]
    return TEMPLATE.read_text("utf-8").replace(_PLACE, "\n".join(lines))


def _lines_of(guide: Guide) -> Iterator[str]:
    yield from (f"## {guide.title}", "", guide.who, "")
    for number, step in enumerate(guide.steps, start=1):
        yield f"{number}. **{step.title}.** {step.text}"
    yield from ("", f"The provider's own page: <{guide.page}>", "", "")


def main(arguments: Sequence[str]) -> int:
    """Write the page, or check it; the exit code."""
    text = page()
    if "--check" not in arguments:
        PAGE.write_text(text, "utf-8", newline="\n")
        return 0
    if PAGE.read_text("utf-8") == text:
        return 0
    print(f"{PAGE.name} is not current. Run: {COMMAND}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

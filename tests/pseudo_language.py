"""A language for tests, in which each translated text stands between ⟦ and ⟧.

What is left outside of them was not translated. The program has no such language: its catalogue
takes the place of the German one.

    python pseudo_language.py FOLDER ARGUMENT...

runs the command line with the catalogue in this folder.
"""

import re
import sys
from pathlib import Path

from core.cli import main
from core.i18n import translation

CODE = "de"
_BEGIN, _END = "⟦", "⟧"
_TRANSLATED = re.compile(f"{_BEGIN}[^{_BEGIN}{_END}]*{_END}")


def write_catalogue(folder: Path) -> None:
    """Write the catalogue of all texts that the program marks."""
    from babel.messages.mofile import write_mo

    import catalogs  # only the test needs it, and not the program that it runs

    texts = catalogs.marked_texts()
    texts.locale = CODE
    for text in texts:
        if text.id:
            forms = [text.id] if isinstance(text.id, str) else text.id
            marked = tuple(f"{_BEGIN}{form}{_END}" for form in forms)
            text.string = marked[0] if isinstance(text.id, str) else marked
    file = folder / CODE / "LC_MESSAGES" / f"{translation.DOMAIN}.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as opened:
        write_mo(opened, texts)


def untranslated(text: str) -> str:
    """What is outside of the marks; a translated text may stand in another one."""
    while (shorter := _TRANSLATED.sub("", text)) != text:
        text = shorter
    return text


if __name__ == "__main__":
    translation.LOCALE = sys.argv[1]
    translation.use_language(CODE)
    sys.exit(main(sys.argv[2:]))

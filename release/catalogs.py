"""Keeps the catalogues of the translations current with the texts that the program marks.

    python release/catalogs.py           collect the texts, and compile what is translated
    python release/catalogs.py --check   write nothing; exit code 1 if a catalogue is not current

Babel collects the texts into resources/locale/LANGUAGE/LC_MESSAGES/oauth2_imap.po. A new text
arrives there without a translation. A text that is gone from the program is taken out.
docs/GLOSSARY.md says which word stands for which.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from project import ROOT  # it puts the root on the path

# isort: split
from core.i18n.translation import DOMAIN, ENGLISH, LANGUAGES, LOCALE
from core.providers.catalog import load_catalog

COMMAND = "python release/catalogs.py"
PACKAGES = ("core", "gui", "release")
# Which arguments of a call are texts. In the tables of the command line, it is the help.
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "Option": (4,), "Command": (3,)}
_PLURALS = {"de": "n != 1", "fr": "n > 1"}
_COMMENT = "Translators:"  # a comment in the source that begins so is for them
_HEADER = "# The texts of oauth2_imap in the language below. Made by release/catalogs.py.\n#"


def main(arguments: list[str]) -> int:
    """Write or check all catalogues, and return the exit code."""
    texts, stale = marked_texts(), list[Path]()
    for code in LANGUAGES:
        if code != ENGLISH:
            for path, content in current(code, texts).items():
                if "--check" not in arguments:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
                elif not path.is_file() or path.read_bytes() != content:
                    stale.append(path)
    if stale:
        names = ", ".join(str(path.relative_to(ROOT)) for path in stale)
        print(f"Not current: {names}. Run: {COMMAND}")
    return bool(stale)


def marked_texts() -> Catalog:
    """Return all texts that the program marks, each with the files where it stands."""
    texts = Catalog(project=DOMAIN, charset="utf-8")
    for package in PACKAGES:
        found = extract_from_dir(
            ROOT / package,
            method_map=[("**.py", "python")],
            keywords=KEYWORDS,
            comment_tags=[_COMMENT],
            strip_comment_tags=True,
        )
        for file, _line, text, comments, context in sorted(found, key=lambda one: one[:2]):
            # The line is left out: it would change with every edit above it.
            place = (f"{package}/{Path(file).as_posix()}", 0)
            texts.add(text, None, [place], auto_comments=comments, context=context)
    for text in _texts_on_applications():
        texts.add(text, None, [("resources/providers.toml", 0)])
    return texts


def _texts_on_applications() -> Iterator[str]:
    """What the catalog of the providers tells the user about an application."""
    for provider in load_catalog().providers.values():
        for application in provider.applications.values():
            yield from filter(None, (application.consent, application.note))


class _Catalog(Catalog):
    """A catalogue whose header says the same each time: no dates, and no names of tools."""

    num_plurals = 2  # French has a third form for whole millions, which nobody counts here

    @property
    def plural_expr(self) -> str:
        """Which form goes with the number n, in C's syntax."""
        return _PLURALS[str(self.locale_identifier)]

    @property  # type: ignore[misc]  # nobody sets them
    def mime_headers(self) -> list[tuple[str, str]]:
        """What gettext needs of a header."""
        return [
            ("Language", str(self.locale_identifier)),
            ("MIME-Version", "1.0"),
            ("Content-Type", f"text/plain; charset={self.charset}"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]


def current(code: str, texts: Catalog) -> dict[Path, bytes]:
    """Return the content of a language's two files: what people edit, and what gettext reads."""
    path = catalog_file(code)
    known = read(code) if path.is_file() else Catalog()
    catalog = _Catalog(locale=code, header_comment=_HEADER, charset="utf-8", fuzzy=False)
    for text in texts:
        if text.id:  # the header has none
            translated = known.get(text.id)
            catalog[text.id] = text
            catalog[text.id].string = translated.string if translated else text.string
    source, compiled = io.BytesIO(), io.BytesIO()
    write_po(source, catalog, width=100, sort_by_file=True, include_lineno=False)
    write_mo(compiled, catalog)
    return {path: source.getvalue(), path.with_suffix(".mo"): compiled.getvalue()}


def read(code: str) -> Catalog:
    """Return the catalogue of a language as it is now."""
    with catalog_file(code).open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN)


def catalog_file(code: str) -> Path:
    """The file that people edit."""
    return Path(LOCALE).resolve() / code / "LC_MESSAGES" / f"{DOMAIN}.po"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The language of the user: marks the texts of the program, and translates them with gettext.

`_` and `ngettext` translate a text where it is made. `N_` only marks a text: a table holds it in
English, and what shows it calls `_` with it. The English text is the key in the catalogues below
resources/locale, which release/catalogs.py makes with Babel.

A translated text still knows its English one (`english`), since logs and `--json` are English.
A text is marked whole: with named placeholders, and with both plural forms. English needs no
catalogue, so gettext is not even imported for it.

The user's choice comes first (`--language`, the settings), then the system's.
"""

import os
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from .system_languages import system_languages

if TYPE_CHECKING:
    from gettext import GNUTranslations

DOMAIN = "oauth2_imap"
# Here and not in paths.py: even the texts of its errors are marked. `--help` needs no pathlib.
LOCALE = os.path.join(os.path.dirname(__file__), "..", "..", "resources", "locale")
ENGLISH = "en"
# Each in its own words, as a user looks for it.
LANGUAGES: Mapping[str, str] = MappingProxyType(
    {ENGLISH: "English", "de": "Deutsch", "fr": "Français"}
)
# Between groups of three digits, and before the decimals (Unicode's CLDR).
_SEPARATORS = MappingProxyType({ENGLISH: (",", "."), "de": (".", ","), "fr": ("\u202f", ",")})


class Translated(str):
    """A text in the user's language, which knows its English form."""

    __slots__ = ("english",)

    english: str

    def __new__(cls, text: str, english: str) -> "Translated":
        """`text` is what the user reads."""
        made = super().__new__(cls, text)
        made.english = english
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]  # str has one
        """What a copy is made of: `copy` and `dataclasses.asdict` ask for it."""
        return str(self), self.english


def N_(text: str) -> str:
    """Mark a text for translation; `_` translates it where it is shown."""
    return text


def _(text: str, /, **values: object) -> str:
    """Return the text in the user's language, with its placeholders filled by `values`."""
    catalog = _catalog()
    shown = text if catalog is None or not text else catalog.gettext(text)
    return _filled(shown, text, values)


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the form of the text that goes with `count`, which also fills `{count}`."""
    catalog = _catalog()
    plain = one if count == 1 else many
    shown = plain if catalog is None else catalog.ngettext(one, many, count)
    return _filled(shown, plain, {"count": number(count), **values})


def number(value: float, decimals: int = 0) -> str:
    """Return a number as the user's language writes it: 1,234.5 or 1.234,5."""
    text = f"{value:,.{decimals}f}"
    if _catalog() is None:
        return text
    thousands, point = _SEPARATORS[language()]
    return Translated(text.translate({ord(","): thousands, ord("."): point}), text)


def joined(texts: Iterable[str], separator: str = " ") -> str:
    """Return whole sentences, or the items of a list, in a row; empty ones are left out."""
    parts = [text for text in texts if text]
    in_english = english(separator).join(map(english, parts))
    return _with_english(separator.join(parts), in_english)


def english(text: str) -> str:
    """Return the English form of a text, for the log, a report and `--json`."""
    return text.english if isinstance(text, Translated) else text


def language() -> str:
    """Return the language of the texts: a key of `LANGUAGES`."""
    return _chosen or _choose(system_languages())


def use_language(*wanted: str) -> None:
    """Choose the first of these that the program has: names like de, de_AT.UTF-8 or fr-CA.

    None of them is English. Texts that were made before stay as they are.
    """
    _choose(wanted)


_chosen = ""  # no language yet: the first text chooses the system's


def _choose(wanted: Iterable[str]) -> str:
    global _chosen
    codes = (name.replace("-", "_").partition("_")[0].partition(".")[0].lower() for name in wanted)
    _chosen = next((code for code in codes if code in LANGUAGES), ENGLISH)
    return _chosen


def _catalog() -> "GNUTranslations | None":
    code = language()
    return None if code == ENGLISH else _catalog_of(code)


@cache
def _catalog_of(code: str) -> "GNUTranslations | None":
    """The catalogue of a language; None, and so English, if it is damaged or not there."""
    from gettext import GNUTranslations

    try:
        with open(os.path.join(LOCALE, code, "LC_MESSAGES", f"{DOMAIN}.mo"), "rb") as file:
            return GNUTranslations(file)
    except (OSError, ValueError):
        return None


def _filled(shown: str, plain: str, values: Mapping[str, object]) -> str:
    if not values:
        return _with_english(shown, plain)
    in_english = {
        name: english(value) if isinstance(value, str) else value for name, value in values.items()
    }
    return _with_english(shown.format_map(values), plain.format_map(in_english))


def _with_english(shown: str, plain: str) -> str:
    return plain if shown == plain else Translated(shown, plain)

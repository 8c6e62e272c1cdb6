"""Finds texts of the window by their English form, in whichever language it speaks."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

import catalogs
from core.i18n.translation import ENGLISH, LANGUAGES, _, language


def shown_as(text: str) -> set[str]:
    """How a text without letters to press (&) may read in the window: several may be alike."""
    if language() == ENGLISH:
        return {text}
    return {_(marked).replace("&", "") for marked in _marked().get(text, {text})}


@cache
def _marked() -> Mapping[str, set[str]]:
    """The texts in a catalogue, by what is shown of them in English."""
    code = next(code for code in LANGUAGES if code != ENGLISH)
    found: dict[str, set[str]] = defaultdict(set)
    for message in catalogs.read(code):
        if isinstance(message.id, str):
            found[message.id.replace("&", "")].add(message.id)
    return found

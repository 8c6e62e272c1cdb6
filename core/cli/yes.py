"""What counts as a yes to a question that ends with [y/N]."""

from ..i18n.translation import _


def is_yes(answer: str) -> bool:
    """Whether the user says yes: in English, or in the language of the question."""
    # Translators: answers that mean yes, in small letters. The first is the one in [y/N].
    in_this_language = _("y yes")
    return answer.strip().casefold() in ("y", "yes", *in_this_language.split())

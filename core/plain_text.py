"""Text from outside as plain text: it can neither control a terminal nor hide in a line.

Text from outside is what servers, token files, file names, settings and other programs say.
"""

import re

# Where French and numbers have a no-break space: « so » and : so ; so ? so ! and 1 234.
_NO_BREAK = re.compile("(?<=«)\u00a0|\u00a0(?=[:;?!»])|(?<=[0-9])\u202f(?=[0-9])")


def visible(text: str) -> str:
    r"""The text on one line: each character that can't be seen becomes its escape, like `\x1b`.

    These are control characters, line ends, marks that change the direction of writing, unusual
    spaces, and characters that Unicode doesn't define.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escape(c) for c in text)


def readable(text: str) -> str:
    """A sentence of ours on one line, for the user: `visible`, with the no-break spaces kept."""
    if text.isprintable():
        return text
    words, spaces = _NO_BREAK.split(text), _NO_BREAK.findall(text)
    return "".join(map(str.__add__, map(visible, words), [*spaces, ""]))


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")

"""Text from outside as plain text: it can neither control a terminal nor hide in a line.

Text from outside is what servers, token files, file names, settings and other programs say.
"""


def visible(text: str) -> str:
    r"""The text on one line: each character that can't be seen becomes its escape, like `\x1b`.

    These are control characters, line ends, marks that change the direction of writing, unusual
    spaces, and characters that Unicode doesn't define.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escape(c) for c in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")

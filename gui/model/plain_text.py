"""Text from outside in the window: it is never HTML, and no character hides or reverses it.

Such text is in token files, file names, settings, answers of servers and other programs' command
lines. Table cells, buttons and lists show no HTML, so `plain` is enough for them. For labels and
message boxes there is gui/widgets/plain_label.py.
"""

from core.plain_text import readable

_NO_TAG = "\u2039"  # a single quotation mark that looks like <


def plain(text: str) -> str:
    """Return the text with its line ends; what can't be seen in a line becomes an escape."""
    return "\n".join(readable(line) for line in text.split("\n"))


def button_text(text: str) -> str:
    """Return the text for a button or a menu, where a single & marks a letter to press."""
    return plain(text).replace("&", "&&")


def tool_tip(text: str) -> str:
    """Return the text for a tool tip; Qt takes a text with a tag for HTML, so that is escaped."""
    shown = plain(text)
    if "<" not in shown:
        return shown
    from html import escape  # seldom needed

    return f"<qt>{escape(shown)}</qt>".replace("\n", "<br>")


def notification(text: str) -> str:
    """Return the text for the tray: desktops may take it for HTML, escaped or not, so no < stays.

    https://specifications.freedesktop.org/notification-spec/latest/markup.html
    """
    return plain(text).replace("<", _NO_TAG)

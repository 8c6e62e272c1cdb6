"""The text with which a user asks the owner of a mailbox to sign in, ready to send."""

from ..i18n.translation import N_
from ..times import time_for_others
from ..verdicts.verdict import filled
from .open_request import OpenRequest

_LETTER = N_(
    """\
Subject: Please sign in to the mailbox {address}

Hello,

I have to copy the mailbox {address} and need your permission for that. You don't have to send me \
a password.

1. Open this link in your browser. It is the sign-in page of {provider}:

{link}

2. Sign in as {sign_in_as}. The page asks you to allow "{application}": please allow it.

3. At the end, the browser shows an error page or an empty page. That is expected. The address of \
this page begins with {redirect_uri}

4. Copy the whole address of this last page from the address bar, and send it to me at once: it is \
valid for a few minutes only. Send it to nobody else.

You can use the link until {end}. If you do not know me, do not sign in.

Thank you!
"""
)


def letter(request: OpenRequest, link: str) -> str:
    """The text; it has many lines, and holds the link but no secret."""
    return filled(
        _LETTER,
        {
            "address": request.address,
            "provider": request.provider_label,
            "link": link,
            "sign_in_as": request.sign_in_as,
            "application": request.application_label,
            "redirect_uri": request.redirect_uri,
            "end": time_for_others(request.ends_at),
        },
    )

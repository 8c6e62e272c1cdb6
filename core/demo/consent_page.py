"""The pages that the demo's authorization server shows in the browser."""

import html
from string import Template

from ..i18n.translation import N_, _, language

APPLICATION = N_("Pretend application")  # which asks for access

PAGE = Template("""<!DOCTYPE html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
:root { color-scheme: light dark; }
body { font: 1.1rem/1.5 system-ui, sans-serif; }
main { max-width: 34rem; margin: 12vh auto; padding: 0 1rem; }
button { font: inherit; padding: .5rem 1.5rem; margin: .5rem 1rem 0 0; cursor: pointer; }
.pretend { border-left: .3rem solid #d98a00; padding-left: .8rem; }
</style>
</head>
<body>
<main>
<h1>$title</h1>
$content
</main>
</body>
</html>
""")

QUESTION = Template("""<p class="pretend">$pretend</p>
<p>$question</p>
$hint<form method="post">
<button id="allow" name="decision" value="allow">$allow</button>
<button id="deny" name="decision" value="deny">$deny</button>
</form>""")

# The form names no address, so the browser sends it to the page's own. There is no form-action
# here, since browsers apply it to the redirect to the application too.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}


def consent_page(account: str, login_hint: str) -> bytes:
    """Ask whether the application may have access; `login_hint` may be empty."""
    is_other = login_hint not in ("", account)
    expected = _("The application expects you to sign in as {address}.", address=_bold(login_hint))
    content = QUESTION.substitute(
        pretend=_(
            "This sign-in is only pretend. This page, the account and the mailbox exist only on "
            "this computer, and only while the program runs. You need no password."
        ),
        question=_(
            "The application {application} asks for access to the mailbox of {address}.",
            application=_bold(_(APPLICATION)),
            address=_bold(account),
        ),
        hint=f"<p>{expected}</p>\n" if is_other else "",
        allow=_("Allow"),
        deny=_("Deny"),
    )
    return _page(_("Allow access to a mailbox?"), content)


def refusal_page(reason: str) -> bytes:
    """Refuse a request whose answer must not go to the address that it names."""
    refused = _("The server refuses the request: {reason}.", reason=_bold(reason.rstrip(".")))
    again = _("Start the sign-in again from the program.")
    return _page(_("Sign-in isn't possible"), f"<p>{refused}</p>\n<p>{again}</p>")


def _page(title: str, content: str) -> bytes:
    return PAGE.substitute(language=language(), title=title, content=content).encode()


def _bold(text: str) -> str:
    return f"<strong>{html.escape(text)}</strong>"

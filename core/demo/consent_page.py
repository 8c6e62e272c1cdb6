"""What the rehearsal's authorization server shows in the browser, in plain words."""

import html
from string import Template

PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
:root { color-scheme: light dark; }
body { font: 1.1rem/1.5 system-ui, sans-serif; }
main { max-width: 34rem; margin: 12vh auto; padding: 0 1rem; }
button { font: inherit; padding: .5rem 1.5rem; margin: .5rem 1rem 0 0; cursor: pointer; }
.rehearsal { border-left: .3rem solid #d98a00; padding-left: .8rem; }
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

QUESTION = Template("""<p class="rehearsal">This is a rehearsal. This page, the account and the
mailbox exist on this computer only, and end with the program. No password is asked for.</p>
<p>The application <strong>Demo</strong> asks for access to the mailbox of
<strong>$account</strong>.</p>
$hint<form method="post">
<button id="allow" name="decision" value="allow">Allow</button>
<button id="deny" name="decision" value="deny">Deny</button>
</form>""")

HINT = Template("<p>The application expects you to be <strong>$login_hint</strong>.</p>\n")

REFUSAL = Template("""<p>The request can't be followed: <strong>$reason</strong>.</p>
<p>Start the sign-in again from the program.</p>""")

# The form has no address, so it is sent to the one of the page. No form-action here: browsers
# hold it against the redirect to the application too.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}


def consent_page(account: str, login_hint: str) -> bytes:
    """The question whether the application may; `login_hint` is empty where none came."""
    hint = HINT.substitute(login_hint=html.escape(login_hint)) if login_hint else ""
    content = QUESTION.substitute(account=html.escape(account), hint=hint)
    return PAGE.substitute(title="Allow access to a mailbox?", content=content).encode()


def refusal_page(reason: str) -> bytes:
    """For requests whose answer must not go to the address they name."""
    content = REFUSAL.substitute(reason=html.escape(reason.rstrip(".")))
    return PAGE.substitute(title="No sign-in is possible", content=content).encode()

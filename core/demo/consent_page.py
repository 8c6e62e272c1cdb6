"""The pages that the demo's authorization server shows in the browser."""

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
.demo { border-left: .3rem solid #d98a00; padding-left: .8rem; }
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

QUESTION = Template("""<p class="demo">This is a demo. This page, the account and the
mailbox exist only on this computer, and only while the program runs. You need no password.</p>
<p>The application <strong>Demo</strong> asks for access to the mailbox of
<strong>$account</strong>.</p>
$hint<form method="post">
<button id="allow" name="decision" value="allow">Allow</button>
<button id="deny" name="decision" value="deny">Deny</button>
</form>""")

HINT = Template("<p>The application expects you to sign in as <strong>$login_hint</strong>.</p>\n")

REFUSAL = Template("""<p>The server refuses the request: <strong>$reason</strong>.</p>
<p>Start the sign-in again from the program.</p>""")

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
    hint = HINT.substitute(login_hint=html.escape(login_hint)) if is_other else ""
    content = QUESTION.substitute(account=html.escape(account), hint=hint)
    return PAGE.substitute(title="Allow access to a mailbox?", content=content).encode()


def refusal_page(reason: str) -> bytes:
    """Refuse a request whose answer must not go to the address that it names."""
    content = REFUSAL.substitute(reason=html.escape(reason.rstrip(".")))
    return PAGE.substitute(title="Sign-in isn't possible", content=content).encode()

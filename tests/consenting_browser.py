"""A browser of a few lines for BROWSER: fetches an address and follows where it leads.

    consenting_browser.py CA_FILE URL

It returns at once, as a desktop's opener does, and goes on in the background.
"""

import ssl
import subprocess
import sys
import urllib.request


def visit(ca_file: str, url: str) -> None:
    """Fetch the address; the authorization server of the quick tests consents by itself."""
    context = ssl.create_default_context(cafile=ca_file)
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=context), urllib.request.ProxyHandler({})
    )
    with opener.open(url, timeout=20) as page:
        page.read()


if __name__ == "__main__":
    if sys.argv[1] == "--stay":
        visit(*sys.argv[2:])
    else:
        subprocess.Popen([sys.executable, __file__, "--stay", *sys.argv[1:]])

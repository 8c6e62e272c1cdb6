"""The browsers that can be chosen for sign-ins, as the window names them."""

from core.browser_choice import SYSTEM_BROWSER, BrowserChoice

_SYSTEMS = "The system's browser"
_PRIVATE = "{label}, private window"


def browser_labels() -> dict[BrowserChoice, str]:
    """Return a label for each choice, the system's browser first."""
    from core.oauth.sign_in.installed_browsers import installed_browsers

    labels = {SYSTEM_BROWSER: _SYSTEMS}
    for browser in installed_browsers():
        labels[BrowserChoice(browser.name)] = browser.label
        if browser.private_command:
            private = BrowserChoice(browser.name, private=True)
            labels[private] = _PRIVATE.format(label=browser.label)
    return labels

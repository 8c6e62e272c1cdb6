"""The browsers that can be chosen for sign-ins, as the window names them."""

from core.browser_choice import SYSTEM_BROWSER, BrowserChoice
from core.i18n.translation import N_, _

_SYSTEMS = N_("The system's browser")
_PRIVATE = N_("{label}, private window")


def browser_labels() -> dict[BrowserChoice, str]:
    """Return a label for each choice, the system's browser first."""
    from core.oauth.sign_in.installed_browsers import installed_browsers

    labels = {SYSTEM_BROWSER: _(_SYSTEMS)}
    for browser in installed_browsers():
        labels[BrowserChoice(browser.name)] = browser.label
        if browser.private_command:
            private = BrowserChoice(browser.name, private=True)
            labels[private] = _(_PRIVATE, label=browser.label)
    return labels

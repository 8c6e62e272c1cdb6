"""What a sign-in page will show, as sentences, so that nothing there alarms the user."""

from .i18n.translation import N_, _

_ALLOW = N_(
    'The page asks you to allow "{application}". That is expected: oauth2_imap uses the '
    "registration of this application."
)
_ALLOW_UNNAMED = N_(
    'The page asks you to allow your application "{application}", which has the client ID '
    "{client_id}."
)
_NOT_ALLOWED = N_(
    "If the page says that the access is blocked, your organisation does not allow sign-ins with a "
    "code. Then sign in without one."
)
_CERTIFICATE = N_(
    "At the end, the browser will warn about the certificate of https://localhost. That is "
    "expected: oauth2_imap has created this certificate for this sign-in only. Continue to the "
    "page."
)
_ERROR_PAGE = N_(
    "At the end, the browser can't open {address} and shows an error page. That is expected: the "
    "provider accepts only this address, and nothing answers there. Copy the whole address of that "
    "page from the address bar, and paste it into oauth2_imap."
)


def of_application(label: str, application: str, client_id: str) -> str:
    """What the page says about the application; `label` is empty if it is unknown."""
    allow = _ALLOW if label else _ALLOW_UNNAMED
    return _(allow, application=label or application, client_id=client_id)


def of_browser(allow: str, *, certificate_warning: bool, error_page: str) -> tuple[str, ...]:
    """What a browser shows; `error_page` is the address that it can't open at the end, or empty."""
    sentences = [allow]
    if certificate_warning:
        sentences.append(_(_CERTIFICATE))
    if error_page:
        sentences.append(_(_ERROR_PAGE, address=error_page))
    return tuple(sentences)


def of_device_code(allow: str) -> tuple[str, ...]:
    """What the page for a device code shows."""
    return allow, _(_NOT_ALLOWED)

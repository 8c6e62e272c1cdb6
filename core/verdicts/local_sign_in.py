"""What goes wrong in a sign-in on this computer: the listener, the browser, and what is pasted.

A paste that is refused ends nothing: the wait goes on. The texts of errors that the sign-in page
itself sent are in the providers' tables.
"""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Verdict

_SOURCE = "oauth2_imap"
_NATIVE_APPS = "https://www.rfc-editor.org/rfc/rfc8252#section-7.3"
_PASTE = N_(
    "Paste the whole address that the browser shows at the end of the sign-in, or the code in it."
)

# The response belongs to another sign-in, or is none.
ANSWER_OF_ANOTHER_SIGN_IN = Verdict(
    "answer_of_another_sign_in",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("This answer belongs to another sign-in"),
    N_("Each sign-in has its own page. Probably an older page was used."),
    N_("Use the page that was opened last, or start the sign-in again."),
    source="https://www.rfc-editor.org/rfc/rfc6749#section-10.12",
)
ANSWER_OF_ANOTHER_SERVER = Verdict(
    "answer_of_another_server",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.SIGN_IN_AGAIN,
    N_("The answer of the sign-in page does not come from {issuer}"),
    N_(
        "Its sign-in server has to name itself in the answer. Another server may try to get your "
        "sign-in. The answer was not used."
    ),
    N_("Sign in again. If it fails again, tell the provider, and do not type your password there."),
    source="https://www.rfc-editor.org/rfc/rfc9207#section-2.4",
)
ANSWER_WITHOUT_CODE = Verdict(
    "answer_without_code",
    Kind.MISCONFIGURED,
    Actor.PROVIDER,
    Action.SIGN_IN_AGAIN,
    N_("The sign-in page of {provider} sent an answer without a code and without an error"),
    "",
    N_("Start the sign-in again."),
    source="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2",
)
ANSWER_WITHOUT_STATE = Verdict(
    "answer_without_state",
    Kind.MISCONFIGURED,
    Actor.PROVIDER,
    Action.SIGN_IN_AGAIN,
    N_("The answer of the sign-in page of {provider} does not say which sign-in it belongs to"),
    "",
    N_("Start the sign-in again."),
    source="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2",
)

# What was pasted in place of the answer.
PASTE_EMPTY = Verdict(
    "paste_empty",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("Nothing was pasted"),
    "",
    _PASTE,
    source=_SOURCE,
)
PASTE_TOO_LONG = Verdict(
    "paste_too_long",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("The pasted text is too long for an answer of the sign-in page"),
    "",
    _PASTE,
    source=_SOURCE,
)
PASTE_CONTRADICTORY = Verdict(
    "paste_contradictory",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("The pasted text contains two different answers"),
    N_("Perhaps two addresses were pasted one after the other."),
    _PASTE,
    source="https://www.rfc-editor.org/rfc/rfc6749#section-3.1",
)
PASTE_OF_SIGN_IN_PAGE = Verdict(
    "paste_of_sign_in_page",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("The pasted address is the sign-in page, not its answer"),
    N_("The answer comes at the end of the sign-in. Its address begins with {redirect_uri}."),
    N_(
        "Finish the sign-in on that page. Then paste the address that the browser shows. If the "
        "page shows an error, paste the text of the page."
    ),
    source=_SOURCE,
)
PASTE_WITHOUT_CODE = Verdict(
    "paste_without_code",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("The pasted address contains no code"),
    N_("Perhaps only a part of the address was copied, or the sign-in is not finished."),
    _PASTE,
    source=_SOURCE,
)
PASTE_OF_CODE_ALONE = Verdict(
    "paste_of_code_alone",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("The code alone does not show whether it belongs to this sign-in"),
    N_("{provider} does not bind a code to a sign-in (PKCE), so the whole address is needed."),
    N_("Paste the whole address of the last page. It begins with {redirect_uri}."),
    source="https://www.rfc-editor.org/rfc/rfc9700#section-2.1.1",
)
PASTE_OF_FOREIGN_ADDRESS = Verdict(
    "paste_of_foreign_address",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("The pasted address is not the answer to this sign-in"),
    N_("The address of the answer begins with {redirect_uri}. Nothing was sent to {provider}."),
    N_(
        "Finish the sign-in. Then paste the address that the browser shows. If the page shows an "
        "error, paste the text of the page."
    ),
    source="https://github.com/Azure/azure-cli/issues/26196",
)
PASTE_OF_ERROR_PAGE = Verdict(
    "paste_of_error_page",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("The pasted address is an error page, but the address does not show which error it is"),
    N_("The text of the page explains the error better than its address."),
    N_("Paste the text of the page. The program then explains the error."),
    source="https://github.com/AlistGo/alist/issues/3259",
)
PASTE_OF_BROWSER_PAGE = Verdict(
    "paste_of_browser_page",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("The pasted address is an internal page of the browser, not an answer"),
    N_("A browser shows such a page if it is empty or can't load another page."),
    N_(
        "At the end of the sign-in, copy the address from the address bar of the browser. If the "
        "address is gone, open the sign-in link again."
    ),
    source=_SOURCE,
)
PASTE_OF_WRONGPLACE = Verdict(
    "paste_of_wrongplace",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_('The answer is gone: Microsoft has already changed to its page "wrongplace"'),
    N_(
        "The right page (nativeclient) has the answer in its address. Since 2026, Microsoft "
        'replaces it with the page "wrongplace" after some seconds.'
    ),
    N_(
        "Sign in again and copy the address before the page changes. Or choose an application with "
        "the redirect URI http://localhost."
    ),
    source="https://github.com/mguessan/davmail/issues/434",
)
PASTE_OF_EMAIL_ADDRESS = Verdict(
    "paste_of_email_address",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("An e-mail address was pasted, not the answer of the sign-in page"),
    "",
    _PASTE,
    source=_SOURCE,
)
PASTE_OF_NUMBER = Verdict(
    "paste_of_number",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("The pasted number is not an answer of {provider} and not a known error number"),
    N_("A number from an SMS or from a phone app must be entered on the sign-in page, not here."),
    _PASTE,
    source=_SOURCE,
)
PASTE_TOO_SHORT = Verdict(
    "paste_too_short",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("The pasted text is too short for a code"),
    "",
    _PASTE,
    source=_SOURCE,
)
PASTE_OF_UNKNOWN_TEXT = Verdict(
    "paste_of_unknown_text",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("The pasted text is not an answer of the sign-in page and not a known error"),
    "",
    N_(
        "Paste the whole address that the browser shows at the end of the sign-in. If the page "
        "shows an error, paste the whole text of the page, with the name or number of the error."
    ),
    source=_SOURCE,
)

# No response.
NO_ANSWER_IN_TIME = Verdict(
    "sign_in_not_finished",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.PASTE_ANSWER,
    N_("No answer came from the browser within {minutes} minutes"),
    N_(
        "The sign-in was not finished, or its page shows an error. Most error pages send no answer "
        "to this program."
    ),
    N_(
        "Start the sign-in again and finish it in the browser. If the page shows an error, paste "
        "the text of the page here while the program waits. The program then explains the error."
    ),
    source="https://github.com/Azure/azure-cli/issues/26196",
)
NO_ANSWER_IN_TIME_NO_PASTE = Verdict(
    "sign_in_not_finished_no_paste",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.SIGN_IN_AGAIN,
    N_("No answer came from the browser within {minutes} minutes"),
    N_(
        "The sign-in was not finished, or its page shows an error. Most error pages send no answer "
        "to this program."
    ),
    N_(
        "Start the sign-in again and finish it in the browser. If the page shows an error, sign in "
        "from a terminal or from the window, and paste the text of the page there. The program "
        "then explains the error."
    ),
    source="https://github.com/Azure/azure-cli/issues/26196",
)
INPUT_ENDED = Verdict(
    "input_ended",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.PASTE_ANSWER,
    N_("Standard input ended before an answer was pasted"),
    "",
    N_(
        "Sign in from a terminal. At the end of the sign-in, copy the address from the browser and "
        "paste it there."
    ),
    source=_SOURCE,
)
NO_BROWSER_NO_TERMINAL = Verdict(
    "no_browser_no_terminal",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.PASTE_ANSWER,
    N_("{address} must sign in, but there is no browser and no terminal here"),
    "",
    N_(
        "Sign in once from a terminal. If this computer has no browser, open the link on another "
        "computer. After the sign-in, copy the address from the browser and paste it into the "
        "terminal."
    ),
    source=_SOURCE,
)
NO_BROWSER_BUT_DEVICE_CODE = Verdict(
    "no_browser_but_device_code",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.USE_DEVICE_CODE,
    N_("{address} must sign in with a code: there is no browser and no terminal here"),
    "",
    N_("Sign in once with a code, which you type in a browser on any other device."),
    source=_SOURCE,
)
NO_DEVICE_CODES = Verdict(
    "no_device_codes",
    Kind.USAGE,
    Actor.YOU,
    Action.USE_BROWSER,
    N_("{provider} has no sign-in with a code on another device"),
    N_(
        "Some providers have none. Others, for example Google, have one that does not allow the "
        "access to mail."
    ),
    N_("Sign in with a browser."),
    source="https://developers.google.com/identity/protocols/oauth2/limited-input-device"
    "#allowedscopes",
)
DEVICE_CODE_NOT_USED = Verdict(
    "device_code_not_used",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.USE_BROWSER,
    N_("The sign-in on the other device was not finished in time"),
    N_("Perhaps the page shows an error: many organisations do not allow codes for other devices."),
    N_("Start the sign-in again. If the page showed an error, sign in with a browser."),
    source="https://www.rfc-editor.org/rfc/rfc8628#section-3.5",
)

# The listener and the browser.
PORT_TAKEN = Verdict(
    "port_taken",
    Kind.LOCAL,
    Actor.YOU,
    Action.PASTE_ANSWER,
    N_("The program can't receive the browser's answer: port {port} is in use or not allowed"),
    N_(
        "The redirect URI of the application contains this port, so the program can't use another "
        "port."
    ),
    N_(
        "Close the program that uses the port, or finish the other sign-in that is still waiting. "
        "Then try again. Or paste the address from the browser."
    ),
    source=_NATIVE_APPS,
)
CANT_LISTEN = Verdict(
    "cant_listen",
    Kind.LOCAL,
    Actor.YOU,
    Action.PASTE_ANSWER,
    N_("This computer does not allow the program to receive the browser's answer"),
    "",
    N_(
        "Check whether a firewall or a security program blocks oauth2_imap. Or paste the address "
        "that the browser shows at the end of the sign-in."
    ),
    source=_NATIVE_APPS,
)
REDIRECT_NOT_LOCAL = Verdict(
    "redirect_not_local",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("The program can't receive the answer: the redirect URI is not an address of this computer"),
    "",
    N_(
        "Correct the redirect URI of the application. Or paste the address that the browser shows "
        "at the end of the sign-in."
    ),
    source=_NATIVE_APPS,
)
SIGN_IN_PAGE_NOT_HTTPS = Verdict(
    "sign_in_page_not_https",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("The sign-in page can't be opened: its address is not a valid https address"),
    N_("An address of another type could start a program on this computer."),
    N_("Correct the authorization endpoint of the provider."),
    source=_SOURCE,
)
BROWSER_NOT_FOUND = Verdict(
    "browser_not_found",
    Kind.USAGE,
    Actor.YOU,
    Action.CORRECT_INPUT,
    N_('The browser "{name}" was not found on this computer'),
    N_("Found: {found}."),
    N_("Choose one of these, or none: then the system's browser is used."),
    source=_SOURCE,
)
NO_PRIVATE_WINDOW = Verdict(
    "no_private_window",
    Kind.USAGE,
    Actor.YOU,
    Action.CORRECT_INPUT,
    N_("No private window can be opened: no option of the browser does that"),
    N_("Browsers on this computer: {found}."),
    N_("Open a private window yourself, and copy the link of the sign-in into it."),
    source=_SOURCE,
)

VERDICTS = (
    ANSWER_OF_ANOTHER_SERVER,
    ANSWER_OF_ANOTHER_SIGN_IN,
    ANSWER_WITHOUT_CODE,
    ANSWER_WITHOUT_STATE,
    PASTE_EMPTY,
    PASTE_TOO_LONG,
    PASTE_CONTRADICTORY,
    PASTE_OF_SIGN_IN_PAGE,
    PASTE_WITHOUT_CODE,
    PASTE_OF_CODE_ALONE,
    PASTE_OF_FOREIGN_ADDRESS,
    PASTE_OF_ERROR_PAGE,
    PASTE_OF_BROWSER_PAGE,
    PASTE_OF_WRONGPLACE,
    PASTE_OF_EMAIL_ADDRESS,
    PASTE_OF_NUMBER,
    PASTE_TOO_SHORT,
    PASTE_OF_UNKNOWN_TEXT,
    NO_ANSWER_IN_TIME,
    NO_ANSWER_IN_TIME_NO_PASTE,
    INPUT_ENDED,
    NO_BROWSER_NO_TERMINAL,
    NO_BROWSER_BUT_DEVICE_CODE,
    NO_DEVICE_CODES,
    DEVICE_CODE_NOT_USED,
    PORT_TAKEN,
    CANT_LISTEN,
    REDIRECT_NOT_LOCAL,
    SIGN_IN_PAGE_NOT_HTTPS,
    BROWSER_NOT_FOUND,
    NO_PRIVATE_WINDOW,
)

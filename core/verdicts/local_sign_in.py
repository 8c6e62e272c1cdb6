"""What goes wrong in a sign-in on this computer: the listener, the browser, and what is pasted.

A paste that is refused ends nothing: the wait goes on. The texts of errors that the sign-in page
itself sent are in the providers' tables.
"""

from .verdict import N_, Action, Actor, Kind, Verdict

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
    N_("Each sign-in has a page of its own, and an older page was used."),
    N_("Use the page that was opened last, or start the sign-in again."),
    source="https://www.rfc-editor.org/rfc/rfc6749#section-10.12",
)
ANSWER_WITHOUT_CODE = Verdict(
    "answer_without_code",
    Kind.MISCONFIGURED,
    Actor.PROVIDER,
    Action.SIGN_IN_AGAIN,
    N_("The answer of the sign-in page of {provider} holds neither a code nor an error"),
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
    N_("The pasted text is far too long for an answer of the sign-in page"),
    "",
    _PASTE,
    source=_SOURCE,
)
PASTE_CONTRADICTORY = Verdict(
    "paste_contradictory",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("The pasted text holds two different answers"),
    N_("Perhaps two addresses were pasted one after the other."),
    _PASTE,
    source="https://www.rfc-editor.org/rfc/rfc6749#section-3.1",
)
PASTE_OF_SIGN_IN_PAGE = Verdict(
    "paste_of_sign_in_page",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("That is the address of the sign-in page, not its answer"),
    N_("The answer comes when the sign-in is finished. Its address begins with {redirect_uri}."),
    N_(
        "Finish the sign-in on that page, then paste the address that the browser shows. If the "
        "page shows an error, paste the text of the page."
    ),
    source=_SOURCE,
)
PASTE_WITHOUT_CODE = Verdict(
    "paste_without_code",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("The pasted address holds no code"),
    N_("Perhaps only a part of it was copied, or the sign-in is not finished."),
    _PASTE,
    source=_SOURCE,
)
PASTE_OF_FOREIGN_ADDRESS = Verdict(
    "paste_of_foreign_address",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("The pasted address is not the answer to this sign-in"),
    N_("The address of the answer begins with {redirect_uri}. Nothing was sent to {provider}."),
    N_(
        "Finish the sign-in, then paste the address that the browser shows. If the page shows an "
        "error, paste the text of the page."
    ),
    source="https://github.com/Azure/azure-cli/issues/26196",
)
PASTE_OF_ERROR_PAGE = Verdict(
    "paste_of_error_page",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("That is the address of an error page, and it does not say which error it is"),
    N_("The text of the page says more than its address."),
    N_("Paste the text of the page: it is explained here."),
    source="https://github.com/AlistGo/alist/issues/3259",
)
PASTE_OF_BROWSER_PAGE = Verdict(
    "paste_of_browser_page",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("That is the address of a page of the browser itself, which holds no answer"),
    N_("A browser shows such a page when it is empty or could not load another one."),
    N_(
        "Copy the address from the address bar where the sign-in ended. If it is gone, open the "
        "link of the sign-in again."
    ),
    source=_SOURCE,
)
PASTE_OF_WRONGPLACE = Verdict(
    "paste_of_wrongplace",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_('Microsoft\'s page "wrongplace" holds no answer: the browser went on from the right one'),
    N_(
        "Since 2026 Microsoft leads the browser from its address for desktop programs "
        "(nativeclient) to this page after some seconds."
    ),
    N_(
        "Sign in again and copy the address before the page changes, or choose an application "
        "whose redirect URI is http://localhost."
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
    N_("A number alone is neither an answer of {provider} nor an error number that is known here"),
    N_("The numbers that are confirmed on a phone or come by SMS belong on the sign-in page."),
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
    N_("The pasted text is neither an answer of the sign-in page nor an error that is known here"),
    "",
    N_(
        "Paste the whole address that the browser shows at the end of the sign-in. If the page "
        "shows an error, paste its whole text, with the error's name or number."
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
        "The sign-in was not finished, or its page shows an error: most error pages never lead "
        "back to this program."
    ),
    N_(
        "Start the sign-in again when you are in front of the browser. Does the page show an "
        "error? Then paste the text of the page while the sign-in waits: it is explained here."
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
        "The sign-in was not finished, or its page shows an error: most error pages never lead "
        "back to this program."
    ),
    N_(
        "Start the sign-in again when you are in front of the browser. Does the page show an "
        "error? Then sign in from a terminal or the window and paste the text of the page there: "
        "it is explained."
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
    N_("Sign in from a terminal and paste the address that the browser ends on."),
    source=_SOURCE,
)
NO_BROWSER_NO_TERMINAL = Verdict(
    "no_browser_no_terminal",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.PASTE_ANSWER,
    N_("{address} has to sign in, and here is neither a browser nor a terminal"),
    "",
    N_(
        "Sign in once from a terminal. If this computer has no browser, open the link on another "
        "one and paste the address that the browser ends on."
    ),
    source=_SOURCE,
)

# The listener and the browser.
PORT_TAKEN = Verdict(
    "port_taken",
    Kind.LOCAL,
    Actor.YOU,
    Action.PASTE_ANSWER,
    N_(
        "Port {port} of this computer, where the browser's answer must arrive, is in use or not "
        "allowed"
    ),
    N_("The redirect URI of the application names this port, so no other one can be used."),
    N_(
        "Close the program that uses it, or another sign-in that still waits, and try again. Or "
        "paste the browser's answer."
    ),
    source=_NATIVE_APPS,
)
CANT_LISTEN = Verdict(
    "cant_listen",
    Kind.LOCAL,
    Actor.YOU,
    Action.PASTE_ANSWER,
    N_("This computer does not let the program listen for the browser's answer"),
    "",
    N_(
        "Find out whether a firewall or a security program forbids it. Or paste the browser's "
        "answer."
    ),
    source=_NATIVE_APPS,
)
REDIRECT_NOT_LOCAL = Verdict(
    "redirect_not_local",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("The redirect URI is not an address of this computer, so no answer can arrive there"),
    "",
    N_("Correct the redirect URI of the application, or paste the browser's answer."),
    source=_NATIVE_APPS,
)
SIGN_IN_PAGE_NOT_HTTPS = Verdict(
    "sign_in_page_not_https",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.MEND_SETTINGS,
    N_("The address of the sign-in page is not a valid https address, so it is not opened"),
    N_("Other addresses could start programs on this computer."),
    N_("Correct the endpoints of the provider."),
    source=_SOURCE,
)

VERDICTS = (
    ANSWER_OF_ANOTHER_SIGN_IN,
    ANSWER_WITHOUT_CODE,
    ANSWER_WITHOUT_STATE,
    PASTE_EMPTY,
    PASTE_TOO_LONG,
    PASTE_CONTRADICTORY,
    PASTE_OF_SIGN_IN_PAGE,
    PASTE_WITHOUT_CODE,
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
    PORT_TAKEN,
    CANT_LISTEN,
    REDIRECT_NOT_LOCAL,
    SIGN_IN_PAGE_NOT_HTTPS,
)

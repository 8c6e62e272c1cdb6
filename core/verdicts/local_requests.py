"""What goes wrong with a request to the owner of a mailbox, on this computer."""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Verdict

_OURS = "oauth2_imap"

NO_OPEN_REQUEST = Verdict(
    "no_open_request",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("There is no open sign-in request for {address}"),
    N_("A request is gone after its sign-in, after its end, and after it was cancelled."),
    N_("Make a new request and send its link to the owner of the mailbox."),
    source=_OURS,
)
SEVERAL_OPEN_REQUESTS = Verdict(
    "several_open_requests",
    Kind.USAGE,
    Actor.YOU,
    Action.CHOOSE_FILE,
    N_("There are several open sign-in requests for {address}"),
    N_("Their token files are: {files}."),
    N_("Say which token file you mean."),
    source=_OURS,
)
REQUEST_ENDED = Verdict(
    "request_ended",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.NONE,
    N_("The sign-in request for {address} has ended"),
    N_("A request can be answered for 24 hours."),
    N_("Make a new request and send its link to the owner of the mailbox."),
    source=_OURS,
)
REQUEST_NOT_ANSWERED = Verdict(
    "request_not_answered",
    Kind.DEAD_GRANT,
    Actor.YOU,
    Action.NONE,
    N_("No answer to the sign-in request for {address} was pasted"),
    "",
    N_("Paste the whole address that the owner of the mailbox has sent to you."),
    source=_OURS,
)
REQUEST_OF_OTHER_REGISTRATION = Verdict(
    "request_of_other_registration",
    Kind.MISCONFIGURED,
    Actor.YOU,
    Action.NONE,
    N_("The sign-in request for {address} was made with other settings of {provider}"),
    N_("The client ID or an endpoint has changed since. Nothing was sent to {provider}."),
    N_("Cancel this request and make a new one."),
    source="https://www.rfc-editor.org/rfc/rfc9700#section-2.1",
)
REQUEST_NOT_NEEDED = Verdict(
    "request_not_needed",
    Kind.USAGE,
    Actor.YOU,
    Action.NONE,
    N_("Nobody has to sign in to {address}"),
    N_("The application {application} gets its tokens without a user."),
    N_("Get a token in the usual way."),
    source=_OURS,
)
REQUEST_NOT_SAVED = Verdict(
    "request_not_saved",
    Kind.LOCAL,
    Actor.YOU,
    Action.MEND_FOLDER,
    N_("The sign-in request can't be saved in {folder}"),
    "",
    N_("Make sure that you can write to this folder and that the disk is not full."),
    source=_OURS,
)
VERDICTS = (
    NO_OPEN_REQUEST,
    SEVERAL_OPEN_REQUESTS,
    REQUEST_ENDED,
    REQUEST_NOT_ANSWERED,
    REQUEST_OF_OTHER_REGISTRATION,
    REQUEST_NOT_NEEDED,
    REQUEST_NOT_SAVED,
)

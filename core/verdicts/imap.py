"""What IMAP servers answer to a login by XOAUTH2 and to LIST.

The mapper gives the response code of RFC 5530 as `error`, or one of its own names (`no_xoauth2`,
`bye` ...), and the server's text as `words`. A refusal that does not speak of the token or the
account is never told as one: limits and throttling come first.
"""

from ..i18n.translation import N_
from .verdict import Action, Actor, Kind, Origin, Pattern, Verdict

_LOGIN, _LIST = (Origin.LOGIN,), (Origin.LIST,)
_BOTH = (Origin.LOGIN, Origin.LIST)
_RFC5530 = "https://www.rfc-editor.org/rfc/rfc5530#section-3"
_EXCHANGE = (
    "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/"
    "how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth"
)
_MAILKIT = "https://github.com/jstedfast/MailKit/issues/377"
_APP_ONLY = "client_credentials"  # the grant
_SERVICE_PRINCIPAL = N_(
    "In Exchange Online PowerShell, an administrator runs: New-ServicePrincipal -AppId "
    "{client_id} -ObjectId OBJECT_ID and then Add-MailboxPermission -Identity {address} -User "
    "OBJECT_ID -AccessRights FullAccess. OBJECT_ID must be the object ID in Enterprise "
    "applications. The object ID in App registrations is another one and does not work. A change "
    "can take an hour."
)

VERDICTS: tuple[Verdict, ...] = (
    Verdict(
        "imap_too_many_connections",
        Kind.PASSING,
        Actor.NOBODY,
        Action.WAIT,
        N_("{address} has too many open connections to {host}"),
        N_(
            "Several programs use this mailbox at the same time. imapsync can be one of them. "
            "Gmail allows 15 connections at once, other providers often fewer."
        ),
        N_("Wait some minutes, or close other mail programs that use this mailbox."),
        source=_MAILKIT,
        patterns=(
            Pattern(
                origins=_BOTH,
                words=r"(too many|maximum number of|max\w*) (\w+ )*(connections?|sessions?)|"
                r"(connection|session)s? (limit|quota)|(connections?|sessions) exceeded|"
                r"mail_max_userip_connections",
            ),
        ),
    ),
    Verdict(
        "imap_throttled",
        Kind.PASSING,
        Actor.NOBODY,
        Action.WAIT,
        N_("{host} has reached a limit for {address}"),
        N_(
            "Providers limit how much mail a mailbox can send or receive over IMAP in a certain "
            "time."
        ),
        N_("Wait, then try again. The limit ends by itself, at Gmail after at most one day."),
        source="https://github.com/imapsync/imapsync/issues/272",
        patterns=(
            Pattern(origins=_BOTH, errors=("limit", "throttled", "overquota")),
            Pattern(
                origins=_BOTH,
                words=r"throttl|back.?off|slow down|bandwidth limit|rate.?limit|"
                r"limits? (has been |was )?(exceeded|reached|hit)|exceeded .{0,40}limits?|"
                r"over .{0,20}(limit|quota)|quota exceeded|"
                r"too many (\w+ )*(requests|commands|failures|attempts|logins)",
            ),
            Pattern(origins=_LOGIN, statuses=range(429, 430)),  # in the JSON of XOAUTH2
        ),
    ),
    # RFC 5530 calls these codes temporary, whatever the words beside them say.
    Verdict(
        "imap_unavailable",
        Kind.PASSING,
        Actor.NOBODY,
        Action.WAIT,
        N_("{host} can't open the mailbox of {address} at the moment"),
        N_("The server has a technical problem, or another program uses the mailbox."),
        N_("Wait some minutes, then try again."),
        source=_RFC5530,
        patterns=(Pattern(origins=_BOTH, errors=("unavailable", "inuse", "serverbug")),),
    ),
    Verdict(
        "imap_switched_off_by_administrator",
        Kind.REFUSED_ACCOUNT,
        Actor.ADMINISTRATOR,
        Action.SWITCH_IMAP_ON,
        N_("IMAP is switched off for the organisation of {address}"),
        "",
        N_("Ask the administrator to switch IMAP on for this mailbox."),
        source="https://support.google.com/a/answer/105694",
        patterns=(Pattern(origins=_BOTH, words=r"imap (access )?is disabled for your domain"),),
    ),
    Verdict(
        "imap_switched_off",
        Kind.REFUSED_ACCOUNT,
        Actor.MAILBOX_OWNER,
        Action.SWITCH_IMAP_ON,
        N_("IMAP is switched off for the mailbox of {address}"),
        N_(
            "For a personal mailbox, IMAP is in the settings of the web mail (Outlook.com: Mail, "
            "Forwarding and IMAP. Yandex: Email clients). In Exchange Online, an administrator "
            "switches it on: Set-CASMailbox -Identity {address} -ImapEnabled $true"
        ),
        N_("Switch IMAP on. Wait some minutes, then try again."),
        source="https://learn.microsoft.com/powershell/module/exchangepowershell/set-casmailbox",
        patterns=(
            Pattern(
                origins=_BOTH,
                words=r"not enabled for imap|imap (use|access|protocol|service)?\s*(is )?"
                r"(disabled|not enabled|switched off|turned off|not allowed)|enable imap|"
                r"does not have access rights to this service|protocol .{0,20}disabled",
            ),
        ),
    ),
    Verdict(
        "imap_web_login_required",
        Kind.REFUSED_ACCOUNT,
        Actor.MAILBOX_OWNER,
        Action.NONE,
        N_("{host} requires {address} to sign in on its web page first"),
        N_(
            "After a sign-in from a new place, the provider asks for a confirmation on its web "
            "page."
        ),
        N_("Open the provider's web page in a browser. Sign in there and confirm. Then try again."),
        source="https://support.google.com/mail/answer/78754",
        link="https://accounts.google.com/DisplayUnlockCaptcha",
        patterns=(
            Pattern(origins=_BOTH, errors=("webalert",)),
            Pattern(
                origins=_BOTH,
                words=r"log ?in (via|with|through) (your |a )?web ?browser|web login",
            ),
        ),
    ),
    Verdict(
        "imap_account_closed",
        Kind.REFUSED_ACCOUNT,
        Actor.ADMINISTRATOR,
        Action.ASK_ADMINISTRATOR,
        N_("{host} says that {address} is locked or disabled"),
        "",
        N_("Ask the administrator or the provider to unlock the account."),
        source="public threads of Yahoo, Yandex and Dovecot users; not verified",
        patterns=(
            Pattern(
                origins=_BOTH,
                words=r"(account|user) (has been |is |was )?(?!temporar)"
                r"(\w+ )?(disabled|locked|suspended|blocked|deactivated)|"
                r"mailbox (has been |is |was )?(disabled|suspended|deactivated)",
            ),
        ),
    ),
    Verdict(
        "imap_contact_administrator",
        Kind.REFUSED_ACCOUNT,
        Actor.ADMINISTRATOR,
        Action.ASK_ADMINISTRATOR,
        N_("{host} refuses {address} and says that an administrator must act"),
        "",
        N_("Show the server's answer to the administrator of the mail server."),
        source=_RFC5530,
        patterns=(
            Pattern(origins=_BOTH, errors=("contactadmin",)),
            Pattern(origins=_BOTH, words=r"contact your (system )?administrator"),
        ),
    ),
    Verdict(
        "imap_token_expired",
        Kind.REFUSED_ACCOUNT,
        Actor.YOU,
        Action.SIGN_IN_AGAIN,
        N_("{host} says that the login of {address} has expired"),
        "",
        N_(
            "Sign in again. If the error stays, the password of the mailbox may have expired: "
            "change it on the provider's page."
        ),
        source=_RFC5530,
        patterns=(
            Pattern(origins=_BOTH, errors=("expired",)),
            Pattern(origins=_BOTH, words=r"token ?(has |is )?expired|expired (access )?token"),
        ),
    ),
    # The way to log in.
    Verdict(
        "imap_no_oauth2",
        Kind.REFUSED_WAY,
        Actor.PROVIDER,
        Action.CHECK_SERVER,
        N_("imapsync can't log in to {host} with a token: the server does not offer XOAUTH2"),
        N_(
            "The server accepts passwords or another method. Or the name of the IMAP server is "
            "wrong."
        ),
        N_(
            "Check the name of the IMAP server. If it is right, use a password for this mailbox in "
            "imapsync."
        ),
        source="https://developers.google.com/gmail/imap/xoauth2-protocol",
        patterns=(
            Pattern(origins=_LOGIN, errors=("no_xoauth2", "preauth", "privacyrequired")),
            Pattern(
                origins=_LOGIN,
                words=r"(unsupported|unknown|invalid|unavailable|not supported).{0,30}"
                r"(mechanism|authentication method|auth type)|mechanism .{0,30}"
                r"(not|un)\s?(supported|available|known)|logindisabled|"
                r"plaintext authentication disallowed",
            ),
        ),
    ),
    Verdict(
        "imap_no_starttls",
        Kind.REFUSED_WAY,
        Actor.PROVIDER,
        Action.CHECK_SERVER,
        N_("{host} does not offer an encrypted connection (STARTTLS) on this port"),
        N_("oauth2_imap never sends a token without encryption."),
        N_("Use port 993, or check the name of the IMAP server."),
        source="https://www.rfc-editor.org/rfc/rfc8314",
        patterns=(Pattern(origins=_LOGIN, errors=("no_starttls",)),),
    ),
    Verdict(
        "imap_busy",
        Kind.PASSING,
        Actor.NOBODY,
        Action.WAIT,
        N_("{host} is temporarily not available for {address}"),
        N_(
            "Perhaps the server is overloaded or in maintenance, or the provider is moving the "
            "mailbox."
        ),
        N_("Wait some minutes, then try again."),
        source="https://github.com/imapsync/imapsync/issues/272 and other public threads",
        patterns=(
            Pattern(origins=_BOTH, errors=("bye",)),
            Pattern(
                origins=_BOTH,
                words=r"unavailable|not available|\bbusy\b|try (again )?(later|in|after|soon)\b|"
                r"temporar|transient|being (moved|migrated)|maintenance|in progress|"
                r"internal (server )?error|(server|system|database) (error|problem|failure)|"
                r"lookup failed|connection (is )?closed|(can ?not|could not|unable to|failed to) "
                r"connect|timed? ?out|out of memory|overload|(high|excessive) load|"
                r"load (is )?too high|shutting down|going down|restarting|"
                r"mailbox .{0,20}(in use|locked)",
            ),
            Pattern(origins=_LOGIN, statuses=range(500, 600)),  # in the JSON of XOAUTH2
        ),
    ),
    # The account and its permissions.
    Verdict(
        "imap_other_account",
        Kind.REFUSED_ACCOUNT,
        Actor.YOU,
        Action.SIGN_IN_AS_ANOTHER,
        N_("{host} does not let {account} open the mailbox of {address}"),
        N_(
            "An account can open its own mailbox. To open a shared mailbox, it needs the "
            'permission "Full Access".'
        ),
        N_("Sign in as {address}. For a shared mailbox, ask the administrator for the permission."),
        source="https://learn.microsoft.com/exchange/client-developer/legacy-protocols/"
        "how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth",
        patterns=(
            Pattern(
                origins=_BOTH,
                errors=("authenticationfailed", "authorizationfailed", "noperm"),
                same_account=False,
            ),
            Pattern(
                origins=_BOTH,
                words=r"authenticat\w+ fail|invalid credentials|login failed",
                same_account=False,
            ),
        ),
    ),
    Verdict(
        "imap_app_only_not_connected",
        Kind.REFUSED,
        Actor.ADMINISTRATOR,
        Action.ASK_ADMINISTRATOR,
        N_("{host} does not let the application open the mailbox of {address}"),
        N_(
            "The application has no permission for this mailbox in Exchange. Or its service "
            "principal there has the wrong object ID. Exchange sends the same answer for some time "
            "if a mailbox has too many connections."
        ),
        _SERVICE_PRINCIPAL,
        source=_EXCHANGE,
        link=_EXCHANGE,
        patterns=(
            Pattern(origins=_BOTH, grant=_APP_ONLY, words=r"authenticated but not connected"),
            Pattern(origins=_LIST, grant=_APP_ONLY, errors=("no_folders",)),
        ),
    ),
    Verdict(
        "imap_other_account_not_connected",
        Kind.REFUSED,
        Actor.YOU,
        Action.SIGN_IN_AS_ANOTHER,
        N_("{host} does not let {account} open a folder in the mailbox of {address}"),
        N_(
            "An account can open its own mailbox. To open a shared mailbox, it needs the "
            'permission "Full Access". Exchange sends the same answer for some time if a mailbox '
            "has too many connections."
        ),
        N_(
            "Sign in as {address}. For a shared mailbox, ask the administrator for the permission. "
            "If the account has the permission, wait some minutes and try again."
        ),
        source="https://github.com/simonrob/email-oauth2-proxy/issues/191",
        patterns=(
            Pattern(origins=_BOTH, words=r"authenticated but not connected", same_account=False),
            Pattern(origins=_LIST, errors=("no_folders",), same_account=False),
        ),
    ),
    Verdict(
        "imap_not_connected",
        Kind.REFUSED,
        Actor.YOU,
        Action.SIGN_IN_AS_ANOTHER,
        N_("{host} accepts the token but does not open the mailbox of {address}"),
        N_(
            "Probably the account that signed in has no permission for this mailbox. Or IMAP is "
            "switched off for the mailbox (an administrator can switch it on: Set-CASMailbox "
            "-Identity {address} -ImapEnabled $true). Exchange sends the same answer for some time "
            "if a mailbox has too many connections."
        ),
        N_(
            "Sign in with an account that can open the mailbox. If you did, ask the administrator "
            "whether IMAP is switched on for this mailbox. If it is on, wait some minutes and try "
            "again."
        ),
        source="https://github.com/simonrob/email-oauth2-proxy/issues/191",
        patterns=(
            Pattern(origins=_BOTH, words=r"authenticated but not connected"),
            Pattern(origins=_LIST, errors=("no_folders",)),
        ),
    ),
    Verdict(
        "imap_no_permission",
        Kind.REFUSED_ACCOUNT,
        Actor.ADMINISTRATOR,
        Action.SIGN_IN_AS_ANOTHER,
        N_("The account that signed in has no permission for the mailbox of {address}"),
        "",
        N_('Sign in as {address}, or ask the administrator for the permission "Full Access".'),
        source=_RFC5530,
        patterns=(Pattern(origins=_BOTH, errors=("authorizationfailed", "noperm")),),
    ),
    Verdict(
        "imap_app_only_refused",
        Kind.REFUSED_ACCOUNT,
        Actor.ADMINISTRATOR,
        Action.ASK_ADMINISTRATOR,
        N_("{host} does not accept the token of the application for the mailbox of {address}"),
        N_(
            "Exchange does not know the application: its service principal is missing there or has "
            "the wrong object ID. Or the mailbox does not exist, or IMAP is switched off for it."
        ),
        _SERVICE_PRINCIPAL,
        source=_EXCHANGE,
        link=_EXCHANGE,
        patterns=(
            Pattern(origins=_LOGIN, grant=_APP_ONLY, errors=("authenticationfailed",)),
            Pattern(origins=_LOGIN, grant=_APP_ONLY, words=r"authenticat\w+ fail"),
        ),
    ),
    Verdict(
        "imap_token_refused",
        Kind.REFUSED_ACCOUNT,
        Actor.YOU,
        Action.SIGN_IN_AS_ANOTHER,
        N_("{host} does not accept the token for the mailbox of {address}"),
        N_(
            "Another account signed in, the account has no permission for this mailbox, or IMAP is "
            "switched off for the mailbox."
        ),
        N_(
            "Sign in as {address}. If you did, check in the settings of the mailbox whether IMAP "
            "is switched on, or ask the administrator."
        ),
        source=_RFC5530,
        patterns=(
            Pattern(origins=_LOGIN, errors=("authenticationfailed",)),
            Pattern(
                origins=_LOGIN,
                words=r"authenticat\w+ fail|invalid credentials|login fail|bad token|"
                r"invalid (access )?token|not authenticated|authentication error|"
                r"incorrect username or password|sasl .*fail",
            ),
        ),
    ),
    # What is no answer of an IMAP server.
    Verdict(
        "imap_answer_unusable",
        Kind.PASSING,
        Actor.PROVIDER,
        Action.CHECK_SERVER,
        N_("{host} sent an answer that is not IMAP"),
        N_(
            "Perhaps another service uses this port, or a proxy or a firewall changes the "
            "connection."
        ),
        N_("Try again later. If the error stays, check the name and the port of the IMAP server."),
        source="https://www.rfc-editor.org/rfc/rfc9051",
        patterns=(Pattern(origins=_BOTH, errors=("not_imap",)),),
    ),
    Verdict(
        "imap_refused_unknown",
        Kind.REFUSED,
        Actor.PROVIDER,
        Action.REPORT,
        N_("{host} refuses {address}, but oauth2_imap does not know the reason"),
        N_("The server's answer above may explain the error."),
        N_(
            "Try again later. If the error stays, show the server's answer to the administrator. "
            "Please also report it to oauth2_imap."
        ),
        source="the last resort of this table",
        patterns=(Pattern(origins=_BOTH),),
    ),
)

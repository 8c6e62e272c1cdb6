"""All that an administrator of Microsoft 365 does for a migration, ready to copy.

There are two ways. Each user signs in (delegated access), or the application opens the mailboxes
itself (app-only access). The commands were not tried in a real organisation.
https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..i18n.translation import _
from .admin_consent import THUNDERBIRD, consent_command, consent_link, in_powershell

_APP_ONLY_SCOPE = "https://outlook.office365.com/.default"
_ANYONE = ("you@example.com",)
_DISPLAY_NAME = "oauth2_imap"


@dataclass(frozen=True, slots=True)
class Kit:
    """What is known of the organisation: `known` are a registration's fields, as for a consent.

    `object_id` is that of the *enterprise application*; the registration in "App registrations" has
    another one, which Exchange does not know. `group` replaces the addresses.
    """

    known: Mapping[str, object]
    addresses: tuple[str, ...] = ()
    group: str = ""
    object_id: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One step: what it is for, and what to open or run."""

    title: str
    text: str


def sections(kit: Kit) -> Iterator[Section]:
    """The steps. Thunderbird's registration has no secret, so it can't open a mailbox itself."""
    yield Section(
        _("Users sign in: allow the application for the whole organisation. Open this link"),
        consent_link(kit.known),
    )
    if len(kit.addresses) == 1:
        yield Section(
            _("Or allow it for one user alone, in PowerShell"),
            consent_command({**kit.known, "address": kit.addresses[0]}),
        )
    yield Section(_("Switch IMAP on, in PowerShell"), "\n".join(_switch_on(kit)))
    if str(kit.known["client_id"]).casefold() == THUNDERBIRD:
        return
    yield Section(
        _(
            "Nobody signs in: add the application permission IMAP.AccessAsApp of Office 365 "
            "Exchange Online to the registration. Then open this link"
        ),
        consent_link({**kit.known, "scopes": _APP_ONLY_SCOPE}),
    )
    yield Section(
        _("Then let the application open the mailboxes, in PowerShell"), "\n".join(_let_in(kit))
    )


def _switch_on(kit: Kit) -> Iterator[str]:
    yield from _connected(kit)
    yield "foreach ($mailbox in $mailboxes) {"
    yield "  Set-CASMailbox -Identity $mailbox -ImapEnabled $true"
    yield "}"


def _let_in(kit: Kit) -> Iterator[str]:
    """Exchange gets to know the application, and each mailbox lets it in."""
    yield f"$clientId = {in_powershell(kit.known['client_id'])}"
    if kit.object_id:
        yield f"$objectId = {in_powershell(kit.object_id)}"
    else:
        yield "Install-Module Microsoft.Graph -Scope CurrentUser"
        yield "Connect-MgGraph -Scopes Application.Read.All"
        yield "$objectId = (Get-MgServicePrincipal -Filter \"appId eq '$clientId'\").Id"
    yield from _connected(kit)
    yield "if (-not (Get-ServicePrincipal | Where-Object AppId -eq $clientId)) {"
    yield (
        "  New-ServicePrincipal -AppId $clientId -ObjectId $objectId "
        f"-DisplayName {in_powershell(_DISPLAY_NAME)}"
    )
    yield "}"
    yield "foreach ($mailbox in $mailboxes) {"
    yield (
        "  Add-MailboxPermission -Identity $mailbox -User $objectId -AccessRights FullAccess "
        "-AutoMapping $false"
    )
    yield "  Set-CASMailbox -Identity $mailbox -ImapEnabled $true"
    yield "}"


def _connected(kit: Kit) -> Iterator[str]:
    yield "Install-Module ExchangeOnlineManagement -Scope CurrentUser"
    yield "Connect-ExchangeOnline"
    if kit.group:
        group = in_powershell(kit.group)
        yield (
            f"$mailboxes = (Get-DistributionGroupMember -Identity {group} -ResultSize Unlimited)"
            ".PrimarySmtpAddress"
        )
    else:
        yield f"$mailboxes = @({', '.join(map(in_powershell, kit.addresses or _ANYONE))})"

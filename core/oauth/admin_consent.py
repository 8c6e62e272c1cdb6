"""What a user sends to the administrator, so that Microsoft lets an application open the mailbox.

Microsoft's default policy lets users allow Thunderbird and a few other mail programs by themselves
(https://learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies). For any
other application, and in stricter organisations, an administrator allows it: for everybody by a
link, or for one user by Microsoft Graph. Both commands were not tried in a real organisation.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from ..errors import AppError
from ..i18n.translation import N_, _
from ..verdicts.verdict import filled

THUNDERBIRD = "9e5f94bc-e8a4-4e73-b8be-63364c29d753"
# The verdicts that an administrator's consent settles.
_SETTLED_BY_CONSENT = ("ms_admin_consent_needed", "ms_consent_missing")
_MICROSOFT = "https://login.microsoftonline.com"
_PERMISSION = "/IMAP.AccessAsUser.All"
# With the last one, the application gets the permissions that its registration lists.
_OF_MAIL = (_PERMISSION, "/.default")
_SCOPE = f"https://outlook.office.com{_PERMISSION}"
_REDIRECT = "http://localhost"
# These tenants name no organisation; https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
_NO_ORGANISATION = ("", "common", "consumers", "organizations")
# PowerShell takes typographic apostrophes for plain ones.
_APOSTROPHES = re.compile("['\u2018\u2019\u201a\u201b]")

_REQUEST = N_(
    """\
Subject: Please allow an application to open my mailbox by IMAP

Hello,

I have to copy my mailbox with imapsync. Microsoft says that an administrator has to allow the \
application that signs in for it:

Application: {application}
Client ID: {client_id}
Mailbox: {address}
Permission: IMAP.AccessAsUser.All of Office 365 Exchange Online (delegated)

With this permission the application can read and change the mail of a user who signs in to it, \
and of nobody else.
{advice}
Please do one of these two:

1. Allow it for the whole organisation: open this link, sign in as a Cloud Application \
Administrator and accept.

{link}

At the end the browser may show an error for {redirect_uri}. That is expected: the permission is \
given if the address there holds admin_consent=True.

2. Allow it for me alone: run these lines in PowerShell.

{command}

Thank you!
"""
)
_ADVICE_THUNDERBIRD = N_(
    """
By Microsoft's default policy users may allow this application by themselves. Our organisation is \
stricter (Microsoft Entra, Enterprise applications, Consent and permissions).
"""
)
_ADVICE_OTHER = N_(
    """
By Microsoft's default policy users may allow no other applications by themselves than a few mail \
programs, Thunderbird among them.
"""
)
# https://learn.microsoft.com/entra/identity/enterprise-apps/grant-consent-single-user
# Beside the permission for IMAP there are those that every sign-in asks for.
_COMMAND = """\
Install-Module Microsoft.Graph -Scope CurrentUser
$clientId = {client_id}
Connect-MgGraph{tenant} -Scopes User.ReadBasic.All, Application.ReadWrite.All, \
DelegatedPermissionGrant.ReadWrite.All
$user = Get-MgUser -UserId {address}
$client = Get-MgServicePrincipal -Filter "appId eq '$clientId'"
if (-not $client) {{ $client = New-MgServicePrincipal -AppId $clientId }}
$exchange = Get-MgServicePrincipal -Filter "appId eq '00000002-0000-0ff1-ce00-000000000000'"
$graph = Get-MgServicePrincipal -Filter "appId eq '00000003-0000-0000-c000-000000000000'"
New-MgOauth2PermissionGrant -ConsentType Principal -PrincipalId $user.Id -ClientId $client.Id \
-ResourceId $exchange.Id -Scope 'IMAP.AccessAsUser.All'
New-MgOauth2PermissionGrant -ConsentType Principal -PrincipalId $user.Id -ClientId $client.Id \
-ResourceId $graph.Id -Scope 'openid profile offline_access'"""


def request_for_consent(error: AppError) -> str:
    """A letter to the administrator, ready to send; "" if consent doesn't settle this error.

    Both faces show it below the error: it belongs to `Action.ASK_FOR_CONSENT`, and to a permission
    that is missing, since the sign-in page may ask for an administrator then. It has many lines and
    holds no secret.
    """
    if error.verdict.id not in _SETTLED_BY_CONSENT or "client_id" not in error.parameters:
        return ""
    known = error.parameters
    is_thunderbird = str(known["client_id"]).casefold() == THUNDERBIRD
    words = {
        **known,
        "redirect_uri": known.get("redirect_uri", _REDIRECT),
        "advice": _(_ADVICE_THUNDERBIRD if is_thunderbird else _ADVICE_OTHER),
        "link": consent_link(known),
        "command": consent_command(known),
    }
    return filled(_REQUEST, words)


def consent_link(parameters: Mapping[str, object]) -> str:
    """The page on which an administrator allows the application for the whole organisation.

    Of the parameters of an error these count: client_id, tenant, redirect_uri, scopes, and
    authorize_uri, which names the cloud. Only client_id must be there.
    """
    parts = urlsplit(str(parameters.get("authorize_uri", "")))
    cloud = f"https://{parts.netloc}" if parts.scheme == "https" and parts.netloc else _MICROSOFT
    scopes = str(parameters.get("scopes", "")).split()
    query = {
        "client_id": parameters["client_id"],
        "scope": next((scope for scope in scopes if scope.endswith(_OF_MAIL)), _SCOPE),
        "redirect_uri": parameters.get("redirect_uri", _REDIRECT),
    }
    values = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in query.items())
    tenant = quote(_organisation(parameters) or "organizations", safe="")
    return f"{cloud}/{tenant}/v2.0/adminconsent?{values}"


def consent_command(parameters: Mapping[str, object]) -> str:
    """The lines for PowerShell that allow the application for one user alone.

    Of the parameters of an error these count: client_id, which must be there, tenant and address.
    """
    tenant = _organisation(parameters)
    return _COMMAND.format(
        client_id=in_powershell(parameters["client_id"]),
        address=in_powershell(parameters.get("address", "you@example.com")),
        tenant=f" -TenantId {in_powershell(tenant)}" if tenant else "",
    )


def _organisation(parameters: Mapping[str, object]) -> str:
    tenant = str(parameters.get("tenant", ""))
    return "" if tenant.casefold() in _NO_ORGANISATION else tenant


def in_powershell(value: object) -> str:
    """One literal argument: between apostrophes PowerShell reads nothing but apostrophes."""
    return "'" + _APOSTROPHES.sub(r"\g<0>\g<0>", str(value)) + "'"

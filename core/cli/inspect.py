"""`inspect [ADDRESS or FILE]...`: print what tokens say of themselves, without the tokens.

Nothing is verified, and no server is asked. Only a login shows whether the mail server agrees.
"""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..address import same_address
from ..errors import AppError, ExitCode, as_error
from ..i18n.translation import N_, _
from ..mailbox.inventory import MailboxInfo, mailbox_at
from ..oauth.claims import Claims, read_claims
from ..paths import own_providers_file
from ..providers.catalog import load_catalog
from ..times import local_time
from ..tokenfile.format import TokenFile
from ..tokenfile.read import read_token_file
from ..verdicts import local_commands, local_files
from .arguments import is_token_file
from .json_lines import Format, json_line
from .named_mailboxes import named_mailboxes
from .options import Options
from .output import Console, lines_of, print_lines, utc

Facts = Mapping[str, str | tuple[str, ...] | float | None]

_JWT = N_("The token says (oauth2_imap has not verified it):")
_NO_JWT = N_("The token is not a JWT, so only the mail server can read it.")
_FILE = N_("The token file says:")
_OTHER = N_(
    "{account} signed in, not {address}. This is right for a shared mailbox or another name."
)


def run(words: Sequence[str], options: Options) -> int:
    """Print what each token and its file say. Returns exit code 1 if a file can't be read."""
    codes = [_one(info, options) for info in _mailboxes(words, options)]
    return max(codes, default=ExitCode.DONE)


def _mailboxes(words: Sequence[str], options: Options) -> list[MailboxInfo]:
    """The mailboxes of these files and addresses, or all in the folder."""
    files = [Path(word) for word in words if is_token_file(word)]
    missing = next((file for file in files if not os.path.isfile(file)), None)
    if missing:
        raise as_error(local_commands.NO_SUCH_TOKEN_FILE, path=missing)
    catalog = load_catalog(own_providers_file())
    found = [mailbox_at(file.absolute(), catalog) for file in files]
    addresses = [word for word in words if not is_token_file(word)]
    if addresses or not files:
        found += named_mailboxes(addresses, options)
    return found


def _one(info: MailboxInfo, options: Options) -> ExitCode:
    try:
        file = read_token_file(info.path)
        if file is None:
            raise as_error(local_files.TOKEN_FILE_EMPTY, path=info.path)
    except AppError as exc:
        Console().say(*lines_of(exc, info.address), always=True)
        return ExitCode.FAILED
    claims = read_claims(file.access)
    if options.json:
        print_lines(json_line(Format.INSPECT, _object(info, claims, file)))
    else:
        print_lines(*_lines(info, claims, file))
    return ExitCode.DONE


def _of_token(claims: Claims) -> Facts:
    return {
        N_("signed in as"): claims.accounts,
        N_("tenant"): claims.tenant,
        N_("application"): claims.application,
        N_("client ID"): claims.client_id,
        N_("scopes"): claims.scopes,
        N_("roles"): claims.roles,
        N_("audience"): claims.audience,
        N_("issuer"): claims.issuer,
        N_("issued"): claims.issued_at,
        N_("expires"): claims.expires_at,
    }


def _of_file(file: TokenFile) -> Facts:
    return {
        N_("mailbox"): file.account,
        N_("signs in as"): file.login_hint,
        N_("provider"): file.provider,
        N_("application"): file.application,
        N_("tenant"): file.tenant,
        N_("grant"): file.grant,
        N_("signed in"): file.signed_in_at,
        N_("issued"): file.issued_at,
        N_("expires"): file.expires_at,
    }


def _lines(info: MailboxInfo, claims: Claims | None, file: TokenFile) -> Iterator[str]:
    provider = info.label or _("unknown provider")
    yield f"{info.address or '?'}  {provider}"
    if claims is None:
        yield f"  {_(_NO_JWT)}"
    else:
        yield f"  {_(_JWT)}"
        yield from _told(_of_token(claims))
    yield f"  {_(_FILE)}"
    yield from _told(_of_file(file))
    accounts = claims.accounts if claims else ()
    if accounts and not any(same_address(name, info.address) for name in accounts):
        yield f"  {_(_OTHER, account=accounts[0], address=info.address)}"
    yield f"  {info.path}"


def _told(facts: Facts) -> Iterator[str]:
    """A line for each fact that is known; times are local."""
    now = time.time()
    for name, value in facts.items():
        match value:
            case float():
                told = local_time(value, now)
            case tuple():
                told = " ".join(value)
            case _:
                told = value or ""
        if told:
            yield "    " + _("{name}: {text}", name=_(name), text=told)


def _object(info: MailboxInfo, claims: Claims | None, file: TokenFile) -> dict[str, object]:
    """The object of `--json`; times are in UTC, and what is unknown is null."""
    return {
        "address": info.address or None,
        "file": str(info.path),
        "is_jwt": claims is not None,
        "verified": False,
        "token": _named(_of_token(claims)) if claims else None,
        "token_file": _named(_of_file(file)),
    }


def _named(facts: Facts) -> dict[str, object]:
    """The facts under names for programs."""
    return {
        name.replace(" ", "_").lower(): utc(value) if isinstance(value, float) else value or None
        for name, value in facts.items()
    }

"""`register`: says how to make a registration of one's own, and tests it by a real sign-in.

At a terminal it asks for what the options don't say. The client secret is typed without an echo.
"""

import os
import sys
from collections.abc import Sequence
from copy import copy
from getpass import getpass
from typing import Any

from ..cancel import Cancellation
from ..client_secret import has_client_secret
from ..errors import AppError, Cancelled, ExitCode, as_error
from ..i18n.translation import N_, _
from ..mailbox.job import Dependencies, new_dependencies
from ..mailbox.own_registration import guide_for, try_registration
from ..providers.by_hand import provider_of_issuer
from ..providers.catalog import Catalog
from ..providers.overrides import Overrides
from ..providers.registration import refuse_unknown
from ..registering.guide import Guide, numbered_steps
from ..registering.guides import GUIDES
from ..verdicts import local_registering
from .options import Options
from .output import Console, ask, print_lines
from .runner import Runner
from .signals import cancel_on_signals
from .yes import is_yes

_NEXT = N_("Then run: oauth2_imap register {provider} ADDRESS")
_OTHERS = N_("Another provider: oauth2_imap register --issuer URL ADDRESS")
_ERROR_PAGE = N_(
    "If the sign-in ends on an error page, copy the text of that page and paste it here. You are "
    "then told which step is wrong."
)
_WORKS = N_("The registration works. Its name is {application}.")
_USE = N_(
    "For other mailboxes: oauth2_imap --provider {provider} --application {application} ADDRESS"
)
_SHARE = N_("For colleagues: oauth2_imap register --export {application} FILE")
_AGAIN = N_("Correct that step. Test again? [y/N]")


def run(words: Sequence[str], options: Options) -> int:
    """Print the steps, and test the registration if its client ID is known. The exit code."""
    exports, imports = options.export, getattr(options, "import")  # a keyword
    if exports or imports:
        from .share_registration import export_to, import_from  # needed for sharing only

        if exports:
            return export_to(words, exports, options)
        return import_from(words, imports, options)
    provider, address = _read(words, options.provider)
    dependencies = new_dependencies()
    dependencies.providers.check()
    provider = provider or provider_of_issuer(options.issuer, dependencies.catalog)
    if not (provider or options.issuer):
        print_lines(*_list(dependencies.catalog))
        return ExitCode.DONE
    if not (options.issuer or options.authorize_uri):
        refuse_unknown(dependencies.catalog, provider, Overrides())
    guide = guide_for(provider, dependencies.catalog)
    print_lines(*lines_of(guide))
    if not (_is_terminal() or options.client_id or address):
        named = provider or f"--issuer {options.issuer}"
        print_lines("", _(_NEXT, provider=named))
        return ExitCode.DONE
    return _test(guide, address, _with(options, provider=provider, startover=True), dependencies)


def lines_of(guide: Guide) -> list[str]:
    """The guide as lines of text."""
    more = _("More: {address}", address=guide.page)
    return [_(guide.title), _(guide.who), *numbered_steps(guide), more]


def _list(catalog: Catalog) -> list[str]:
    """The providers that a guide is for, and the command that shows it."""
    providers = catalog.providers.values()
    names = {flow: ", ".join(p.name for p in providers if p.flow is flow) for flow in GUIDES}
    lines = [
        _("{name}: {text}", name=_(guide.title), text=names[flow]) for flow, guide in GUIDES.items()
    ]
    return [*lines, _(_NEXT, provider="PROVIDER"), _(_OTHERS)]


def _read(words: Sequence[str], provider: str) -> tuple[str, str]:
    """The provider and the address in the words; empty if there is none."""
    providers = [word for word in words if "@" not in word] or [provider]
    addresses = [word for word in words if "@" in word] or [""]
    if len(providers) + len(addresses) > 2 or (provider and providers != [provider]):
        raise as_error(local_registering.REGISTER_TAKES)
    return providers[0], addresses[0]


def _test(guide: Guide, address: str, options: Options, dependencies: Dependencies) -> int:
    """Sign in until it works, or the user gives up. Returns the exit code."""
    address, options = _completed(guide, address, options)
    cancelled = Cancellation()
    cancel_on_signals(cancelled)
    runner = Runner(options, dependencies, cancelled)
    job = runner.job(address)
    if _is_terminal() or options.remotebrowser:
        Console().say("", _(_ERROR_PAGE))
    while True:
        try:
            tested = try_registration(job, runner.sign_in_methods())
        except Cancelled:
            raise
        except AppError as exc:
            runner.tell(job, exc)
            if not _is_terminal() or not is_yes(runner.answer(_(_AGAIN))):
                return exc.exit_code
            continue
        names = {"provider": tested.outcome.provider, "application": tested.application}
        Console().say(*(_(line, **names) for line in (_WORKS, _USE, _SHARE)))
        return runner.show(job, tested.outcome)


def _completed(guide: Guide, address: str, options: Options) -> tuple[str, Options]:
    """The address and the options, with what the user is asked for at a terminal."""
    answers: dict[str, Any] = {}
    if _is_terminal():
        answers = _asked(guide, options)
        address = address or _line(_("Address of a mailbox for the test:"))
    options = _with(options, **answers)
    if not (options.client_id or options.issuer):
        raise as_error(local_registering.REGISTER_NEEDS_CLIENT_ID)
    if not address:
        raise as_error(local_registering.REGISTER_NEEDS_ADDRESS)
    return address, options


def _asked(guide: Guide, options: Options) -> dict[str, Any]:
    """The answers to the questions that the options leave open."""
    answers: dict[str, Any] = {}
    if not options.client_id:
        answers["client_id"] = _line(_("Client ID:"))
    if guide.has_tenant and not options.tenant:
        answers["tenant"] = _line(
            _("Tenant, or Enter if the registration is for all organizations:")
        )
    knows_secret = options.client_secret is not None or has_client_secret(os.environ)
    if guide.has_secret and not knows_secret:
        question = _("Client secret, which is not shown, or Enter if there is none:")
        secret = getpass(f"{question} ", sys.stderr)
        answers["client_secret"] = secret.strip() or None
    if not options.application:
        answers["application"] = _line(_("Name for this registration, or Enter for a made name:"))
    return answers


def _line(question: str) -> str:
    ask(question)
    return sys.stdin.readline().strip()


def _with(options: Options, **changes: object) -> Options:
    changed = copy(options)
    vars(changed).update(changes)
    return changed


def _is_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()

"""`register --export` and `register --import`: a registration in a file for colleagues."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import Cancelled, ExitCode, as_error
from ..i18n.translation import N_, _
from ..paths import own_providers_file
from ..providers.catalog import load_catalog
from ..registering.sharing import (
    Shared,
    export,
    has_secret,
    own_registration,
    read_shared,
    save_shared,
)
from ..verdicts import local_registering
from .options import Options
from .output import Console, ask, print_lines
from .yes import is_yes

_EXPORTED = N_("The registration {name} is in {file}, without a client secret.")
_TELL_IT = N_("It needs its client secret: tell your colleagues the secret in another way.")
_FOUND = N_("{file} has a registration for {label}, with the client ID {client_id}. Its servers:")
_QUESTION = N_(
    "Add it as the application {name}? Passwords and mail go through these servers. [y/N]"
)
_ADDED = N_("Added. To sign in: oauth2_imap --provider {provider} --application {name} ADDRESS")


def export_to(words: Sequence[str], name: str, options: Options) -> int:
    """Write the registration into the file that the one word names."""
    if len(words) != 1:
        raise as_error(local_registering.SHARING_TAKES_ONE_FILE)
    registration = own_registration(load_catalog(own_providers_file()), name, options.provider)
    file = Path(os.path.expanduser(words[0])).absolute()
    export(registration, file)
    Console().say(_(_EXPORTED, name=name, file=file))
    if has_secret(registration):
        Console().say(_(_TELL_IT))
    return ExitCode.DONE


def import_from(words: Sequence[str], file: str, options: Options) -> int:
    """Show the servers of the registration in a file, and add it if the user says yes."""
    if words:
        raise as_error(local_registering.SHARING_TAKES_ONE_FILE)
    own_file = own_providers_file()
    catalog = load_catalog(own_file)
    path = Path(os.path.expanduser(file)).absolute()
    shared = read_shared(path, catalog, options.application)
    registration = shared.registration
    print_lines(
        _(_FOUND, file=path, label=registration.label, client_id=registration.client_id),
        *(
            "  " + _("{name}: {text}", name=_(what), text=host)
            for what, host in shared.hosts.items()
        ),
    )
    _confirm(shared, options)
    save_shared(shared, catalog, own_file)
    names = {"provider": registration.provider, "name": registration.application}
    Console().say(_(_ADDED, **names))
    return ExitCode.DONE


def _confirm(shared: Shared, options: Options) -> None:
    """Raise `Cancelled` after a no, and `UsageProblem` if nobody can be asked."""
    if options.yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        raise as_error(local_registering.IMPORT_NOT_CONFIRMED)
    ask(_(_QUESTION, name=shared.registration.application))
    if not is_yes(sys.stdin.readline()):
        raise Cancelled

"""Under which conditions a window takes the address of a call, and what the call is told."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

from core.cli.output import lines_of
from core.client_secret import has_client_secret
from core.errors import AppError, ExitCode
from core.i18n.translation import _
from core.mailbox.job import Request
from core.model import Outcome
from core.net.network import Network
from gui.model.settings import Settings
from gui.model.start_arguments import StartArguments
from gui.startup.single_instance import Answer, SingleInstance
from gui.system.token_folder import token_folder


def conditions_of(request: Request) -> str:
    """Return a text that is the same for two requests if they differ by nothing but the address.

    It is empty for a request with options about its mailbox: no other process answers that.
    """
    plain = Request("", request.folder, protect=request.protect, network=request.network)
    if replace(request, address="") != plain:
        return ""
    network = request.network
    ca_file = os.path.realpath(network.ca_file) if network.ca_file else ""
    words = (_real(request.folder), ca_file, str(request.protect), str(network.timeout))
    return hashlib.sha256("\0".join(words).encode("utf-8", "replace")).hexdigest()[:32]


def answer_of(address: str, result: Outcome | AppError) -> Answer:
    """Return what a call is told of its mailbox's outcome."""
    if isinstance(result, AppError):
        return Answer(result.exit_code, lines_of(result, address))
    saved = _("The token of {address} is in {file}", address=address, file=result.file)
    if (error := result.login_error) is not None:
        return Answer(error.exit_code, [saved, *lines_of(error, address)])
    return Answer(ExitCode.DONE, [saved])


def ask_open_window(
    instance: SingleInstance, start: StartArguments, settings: Settings
) -> Answer | None:
    """Let an open window get the token of an address; None if it would do something else for it."""
    if replace(start, language="") != StartArguments(start.address):  # it keeps its language
        return None
    if has_client_secret(os.environ):  # the window has another one, or none
        return None
    folder, _moved = token_folder(settings.token_folder, beside_script=True)
    request = Request(
        start.address,
        folder,
        protect=settings.protect,
        network=Network(ca_file=Path(settings.ca_file) if settings.ca_file else None),
    )
    return instance.ask(start.address, conditions_of(request))


def _real(folder: object) -> str:
    return os.path.normcase(os.path.realpath(str(folder)))

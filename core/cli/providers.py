"""`providers`: list the known providers, including those in the user's own providers.toml."""

import json
from collections.abc import Sequence

from ..errors import ExitCode, as_error
from ..paths import own_providers_file
from ..providers.catalog import Provider, load_catalog
from ..providers.fields import Registration
from ..verdicts import local_commands
from .options import Options
from .output import print_lines

_ALLOW = 'The sign-in page asks you to allow "{application}".'
_ALLOW_UNNAMED = (
    'The sign-in page asks you to allow your application "{application}", which has the client '
    "ID {client_id}."
)


def run(words: Sequence[str], options: Options) -> int:
    """List the known providers with their IMAP servers, scopes and applications.

    With `--json`, each provider is one object.
    """
    if words:
        raise as_error(local_commands.COMMAND_TAKES_NOTHING, command="providers")
    for provider in load_catalog(own_providers_file()).providers.values():
        if options.json:
            print_lines(_as_json(provider))
            continue
        print_lines(f"{provider.name}: {provider.label}")
        print_lines(f"  IMAP server: {provider.imap_host}:{provider.imap_port}")
        print_lines(f"  Scopes: {' '.join(provider.scopes)}")
        for application in provider.applications.values():
            for line in _about(provider, application):
                print_lines(f"  {line}")
    if not options.json:
        print_lines(f"Add your own providers and applications to this file: {own_providers_file()}")
    return ExitCode.DONE


def _about(provider: Provider, application: Registration) -> list[str]:
    allow = _ALLOW if application.application_label else _ALLOW_UNNAMED
    name = application.application_label or application.application
    lines = [
        f"--application {application.application}",
        f"  {allow.format(application=name, client_id=application.client_id)}",
    ]
    if application.application == provider.default_application:
        lines.append("  This is the default.")
    if _needs_secret(application):
        lines.append("  It needs --client_secret, with the secret of the application's owner.")
    if application.note:
        lines.append(f"  {application.note}")
    return lines


def _needs_secret(application: Registration) -> bool:
    return application.confidential and not application.client_secret


def _as_json(provider: Provider) -> str:
    return json.dumps(
        {
            "provider": provider.name,
            "label": provider.label,
            "imap_server": provider.imap_host,
            "imap_port": provider.imap_port,
            "scopes": provider.scopes,
            "applications": [
                {
                    "application": application.application,
                    "label": application.application_label or None,
                    "default": application.application == provider.default_application,
                    "needs_secret": _needs_secret(application),
                    "note": application.note or None,
                }
                for application in provider.applications.values()
            ],
        }
    )

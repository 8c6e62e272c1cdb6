"""`providers`: what the data knows, the person's own included."""

from argparse import Namespace
from collections.abc import Sequence

from ..errors import ExitCode, UsageProblem
from ..providers.catalog import Application, Provider, load_catalog, own_file


def run(words: Sequence[str], options: Namespace) -> int:
    """List the known providers and applications, and what each asks for."""
    if words:
        raise UsageProblem("providers takes no words", hint="Write oauth2_imap providers")
    for provider in load_catalog(own_file()).providers.values():
        print(f"{provider.name}: {provider.label}")
        print(f"  IMAP {provider.imap_host}:{provider.imap_port}, scopes {_join(provider.scopes)}")
        for application in provider.applications.values():
            for line in _about(provider, application):
                print(f"  {line}")
    print(f"Your own go into {own_file()}")
    return ExitCode.DONE


def _about(provider: Provider, application: Application) -> list[str]:
    default = ", the default" if application.name == provider.default_application else ""
    lines = [f"--application {application.name}{default}: asks to allow {application.label}"]
    if application.confidential and not application.client_secret:
        lines.append("  needs the secret of its owner: --client_secret")
    if application.note:
        lines.append(f"  {application.note}")
    return lines


def _join(scopes: Sequence[str]) -> str:
    return " ".join(scopes)

"""`admin`: what an administrator of Microsoft 365 does for a migration.

With `--check` it looks at mailboxes, and names what is missing.
"""

import os
from collections.abc import Sequence

from ..address import parse_address
from ..errors import ExitCode, as_error
from ..i18n.translation import N_, _
from ..model import FlowKind
from ..oauth.admin_kit import Kit, sections
from ..paths import own_providers_file
from ..providers.catalog import load_catalog
from ..providers.registration import resolve
from ..verdicts import local_commands
from .arguments import overrides_of
from .options import Options
from .output import Console, print_lines

_MICROSOFT = "office365"
_ABOUT = N_(
    "These texts are for the administrator of the organisation. They hold no secret. After that, "
    "oauth2_imap admin --check ADDRESS... shows what is missing."
)


def run(words: Sequence[str], options: Options) -> int:
    """Print the texts, or check the mailboxes. Returns the exit code."""
    if options.check:
        from .admin_check import check  # needs the network, which the texts don't

        return check(words, options)
    registration = resolve(
        load_catalog(own_providers_file()),
        options.provider or _MICROSOFT,
        options.application,
        overrides_of(options, os.environ),
    )
    if registration.flow is not FlowKind.MICROSOFT:
        raise as_error(local_commands.ADMIN_ONLY_MICROSOFT, provider=registration.label)
    known = {
        "client_id": registration.client_id,
        "tenant": registration.tenant,
        "authorize_uri": registration.authorize_uri,
        "scopes": " ".join(registration.scopes),
    }
    addresses = tuple(parse_address(word) for word in words)
    for number, section in enumerate(
        sections(Kit(known, addresses, options.group, options.object_id)), start=1
    ):
        title = _("{title}:", title=section.title)
        print_lines(f"{number}. {title}", "", *section.text.splitlines(), "")
    Console().say(_(_ABOUT))
    return ExitCode.DONE

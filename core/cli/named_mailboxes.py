"""The mailboxes that a command line names, from their token files alone."""

import os
from collections.abc import Sequence

from ..address import parse_address, same_address
from ..errors import as_error
from ..mailbox.inventory import MailboxInfo, mailbox_at, mailboxes_in
from ..paths import current_folder, own_providers_file
from ..providers.catalog import load_catalog
from ..tokenfile.place import tokens_folder
from ..verdicts import local_commands
from .options import Options


def named_mailboxes(words: Sequence[str], options: Options) -> list[MailboxInfo]:
    """The mailboxes of these addresses, or all in the folder of the token files.

    With `--token_file`, the one of that file. Raises `AppError` that names the first missing one.
    """
    addresses = [parse_address(word) for word in words]
    catalog = load_catalog(own_providers_file())
    if options.token_file:
        path = current_folder() / os.path.expanduser(options.token_file)
        if not os.path.exists(path):
            raise as_error(local_commands.NO_SUCH_TOKEN_FILE, path=path)
        found = mailbox_at(path, catalog)
        for address in addresses:
            if not same_address(found.address, address):
                raise as_error(
                    local_commands.TOKEN_FILE_OF_OTHER_ADDRESS, path=path, address=address
                )
        return [found]
    folder = tokens_folder(current_folder())
    infos = mailboxes_in(folder, catalog)
    if not addresses and not infos:
        raise as_error(local_commands.NO_TOKEN_FILES, folder=folder)
    for address in addresses:
        if not any(same_address(info.address, address) for info in infos):
            raise as_error(local_commands.NO_TOKEN_FILE_OF, address=address, folder=folder)
    return [
        info
        for info in infos
        if not addresses or any(same_address(info.address, address) for address in addresses)
    ]

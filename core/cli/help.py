"""The text of `--help`, from the tables of options and commands.

It is asked for often, so little is loaded for it.
"""

from argparse import ArgumentParser, RawDescriptionHelpFormatter

from .commands import commands_help
from .option import Group
from .options import OPTIONS

_EXAMPLES = """\
Examples:
  oauth2_imap you@example.com
      The first time: sign in. Later: refresh the token without a browser.
  oauth2_imap --loop you@example.com
      Keep the token fresh until you press Ctrl-C.
  oauth2_imap run old@example.com new@example.org -- imapsync --automap
      Run imapsync and keep both tokens fresh until it ends.
  oauth2_imap --provider gmail you@example.com
      Choose the provider, if this address has a mailbox at two providers.
  oauth2_imap --remotebrowser you@example.com
      Sign in with a browser on another computer.
  oauth2_imap --demo --yes
      Try oauth2_imap without an account.
"""


def help_text() -> str:
    """The text, as wide as the terminal."""
    parser = ArgumentParser(
        prog="oauth2_imap",
        usage="oauth2_imap [OPTIONS] ADDRESS...\n       oauth2_imap COMMAND ...",
        description="Sign in once. oauth2_imap then keeps a valid token in a file for imapsync.",
        epilog=f"{commands_help()}\n{_EXAMPLES}",
        formatter_class=RawDescriptionHelpFormatter,
        add_help=False,
    )
    groups = {group: parser.add_argument_group(group.value) for group in Group}
    for option in OPTIONS:
        name, group = f"--{option.name}", groups[option.group]
        if option.metavar is None:
            group.add_argument(name, action="store_true", help=option.help)
        else:
            group.add_argument(name, metavar=option.metavar, help=option.help)
    return parser.format_help()

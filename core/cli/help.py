"""The text of `--help`, from the tables of options and commands.

It is asked for often, so little is loaded for it. Placeholders such as ADDRESS are the same in all
languages, since the pages of the documentation name them too.
"""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from ..i18n.translation import N_, _
from .commands import commands_help
from .option import Group
from .options import OPTIONS

_EXAMPLES = {
    "oauth2_imap you@example.com": N_(
        "The first time: sign in. Later: refresh the token without a browser."
    ),
    "oauth2_imap --loop you@example.com": N_("Keep the token fresh until you press Ctrl-C."),
    "oauth2_imap run old@example.com new@example.org -- imapsync --automap": N_(
        "Run imapsync and keep both tokens fresh until it ends."
    ),
    "oauth2_imap --provider gmail you@example.com": N_(
        "Choose the provider, if this address has a mailbox at two providers."
    ),
    "oauth2_imap --remotebrowser you@example.com": N_(
        "Sign in with a browser on another computer."
    ),
    "oauth2_imap --demo --yes": N_("Try oauth2_imap without an account."),
}


def help_text() -> str:
    """The text, as wide as the terminal."""
    before = _("usage: ")
    below = " " * len(before)
    parser = ArgumentParser(
        prog="oauth2_imap",
        usage=f"{before}oauth2_imap [OPTIONS] ADDRESS...\n{below}oauth2_imap COMMAND ...",
        description=_("Sign in once. oauth2_imap then keeps a valid token in a file for imapsync."),
        epilog=f"{commands_help()}\n{_examples()}",
        formatter_class=_Formatter,
        add_help=False,
    )
    groups = {group: parser.add_argument_group(_heading(group)) for group in Group}
    for option in OPTIONS:
        name, group = f"--{option.name}", groups[option.group]
        if option.metavar is None:
            group.add_argument(name, action="store_true", help=_(option.help))
        else:
            group.add_argument(name, metavar=option.metavar, help=_(option.help))
    return parser.format_help()


def _heading(group: Group) -> str:
    """The group's name, with the space that French has before the colon of argparse."""
    return _("{title}:", title=_(group)).removesuffix(":")


class _Formatter(RawDescriptionHelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: Any = "") -> None:
        """Add it as it is given: the word before it is ours, in the user's language."""
        super().add_usage(usage, actions, groups, prefix)


def _examples() -> str:
    lines = [f"  {command}\n      {_(meaning)}" for command, meaning in _EXAMPLES.items()]
    return "\n".join((_("Examples:"), *lines, ""))

"""The options that only single commands take, as data: a part of the table in options.py."""

from .option import Group, Option

COMMAND_OPTIONS: tuple[Option, ...] = (
    Option("finish", None, Group.COMMAND, "With request: take the answer of the mailbox's owner."),
    Option("list", None, Group.COMMAND, "With request: list the open requests."),
    Option("cancel", None, Group.COMMAND, "With request: cancel the open request."),
    Option(
        "side",
        "1|2",
        Group.COMMAND,
        "With run and one mailbox: 1 if imapsync copies from this mailbox, 2 if imapsync copies "
        "to it.",
        kind=int,
    ),
    Option(
        "check",
        None,
        Group.COMMAND,
        "With status: print one line and set the exit code for Nagios and similar systems. With "
        "providers: ask all endpoints whether they still answer as expected. With admin: show what "
        "is missing until each mailbox can be opened.",
    ),
    Option(
        "fix",
        None,
        Group.COMMAND,
        "With doctor: repair what can be repaired, and keep a copy of the old file.",
    ),
    Option(
        "yes",
        None,
        Group.COMMAND,
        "With forget and register --import: do not ask. With --demo: sign in without a browser.",
    ),
    Option(
        "export",
        "NAME",
        Group.COMMAND,
        "With register: write your registration with this name into a file for colleagues, without "
        "its client secret.",
    ),
    Option(
        "import",
        "FILE",
        Group.COMMAND,
        "With register: add the registration in this file, after you have confirmed its servers.",
    ),
    Option(
        "address",
        "ADDRESS",
        Group.COMMAND,
        "With import: the address of the mailbox, if the file does not name it.",
    ),
    Option("dry_run", None, Group.COMMAND, "With import: print the results, but write nothing."),
    Option("replace", None, Group.COMMAND, "With import: replace the tokens of a mailbox."),
    Option(
        "at_once",
        "NUMBER",
        Group.COMMAND,
        "With batch: how many mailboxes are worked on at the same time. Default: 8.",
        kind=int,
    ),
    Option(
        "script",
        "FILE",
        Group.COMMAND,
        "With batch: write a script that runs imapsync for all pairs of the list. The name ends "
        "with .sh, .bat or .ps1.",
    ),
    Option(
        "no_revoke",
        None,
        Group.COMMAND,
        "With forget: delete the tokens, but do not revoke them at the provider.",
    ),
    Option(
        "object_id",
        "ID",
        Group.COMMAND,
        "With admin: the object ID of the enterprise application, not of the registration.",
    ),
    Option(
        "group",
        "NAME",
        Group.COMMAND,
        "With admin: the commands are for the members of this group of Exchange.",
    ),
    Option(
        "for",
        "NAME",
        Group.COMMAND,
        "With schedule: what starts oauth2_imap: systemd, cron, task_scheduler, kubernetes, docker "
        "or compose.",
    ),
    Option(
        "to",
        "FOLDER",
        Group.COMMAND,
        "With schedule: write the files into this folder. Default: print them.",
    ),
)

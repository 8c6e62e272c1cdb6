"""A line for crontab(5)."""

import shlex

from ..i18n.translation import N_
from .plan import Plan, Written

STEPS = (
    N_("Add the line to your crontab: crontab -e"),
    N_("cron mails what the program prints. It prints nothing if all is well."),
)


def write(plan: Plan) -> list[Written]:
    """The line: it changes into the folder, since cron starts in the home folder."""
    command = shlex.join([*plan.program, *plan.here])
    variable = f"OAUTH2_IMAP_HOME={shlex.quote(plan.home)} " if plan.home else ""
    line = f"cd {shlex.quote(str(plan.folder))} && {variable}{command}"
    # cron itself reads a percent sign as the end of the line, also between quotes.
    return [Written("crontab", f"*/{plan.every} * * * * {line.replace('%', chr(92) + '%')}\n")]

"""A service and a timer of systemd, for the user's own service manager.

Quoting: https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines
"""

import re

from ..i18n.translation import N_
from .plan import DESCRIPTION, NAME, Plan, Written

STEPS = (
    N_("Copy both files into ~/.config/systemd/user"),
    f"systemctl --user enable --now {NAME}.timer",
    N_("loginctl enable-linger    (so that it also runs when you are not logged in)"),
    N_("systemctl --user list-timers oauth2_imap.timer    (shows the next run)"),
)
_SERVICE = """\
[Unit]
Description={description}

[Service]
Type=oneshot
WorkingDirectory={folder}
{environment}ExecStart={command}
UMask=0077
TimeoutStartSec=10min
"""
# Persistent: a run that the computer has slept through is made up for.
_TIMER = """\
[Unit]
Description={description}

[Timer]
OnCalendar=*:0/{every}
Persistent=true

[Install]
WantedBy=timers.target
"""
_ESCAPED = re.compile(r'["\\]')


def write(plan: Plan) -> list[Written]:
    """The service and the timer."""
    program, *arguments = plan.program
    # systemd replaces variables in the arguments, but not in the name of the program.
    words = [_quoted(program), *(_argument(word) for word in (*arguments, *plan.here))]
    home = f"OAUTH2_IMAP_HOME={plan.home}"
    service = _SERVICE.format(
        description=DESCRIPTION,
        folder=_plain(str(plan.folder)),
        environment=f"Environment={_quoted(home)}\n" if plan.home else "",
        command=" ".join(words),
    )
    timer = _TIMER.format(description=DESCRIPTION, every=plan.every)
    return [Written(f"{NAME}.service", service), Written(f"{NAME}.timer", timer)]


def _plain(text: str) -> str:
    """A text that nothing quotes; only the percent sign has a meaning."""
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(r"\\\g<0>", _plain(text)) + '"'


def _argument(word: str) -> str:
    return _quoted(word).replace("$", "$$")

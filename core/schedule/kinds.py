"""The table of kinds: what can start this program. Add a kind here."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from . import cron, docker, kubernetes, systemd, task_scheduler
from .plan import Plan, Written


class Kind(NamedTuple):
    """What writes the files of this kind, and what to do with them.

    `here` is set if this computer itself starts the program: then the program must be installed.
    `unwritable` are characters that no text may have, and `unwritable_program` those that the path
    of the program may not have, because nothing can quote them.
    """

    write: Callable[[Plan], list[Written]]
    steps: tuple[str, ...]
    here: bool = True
    unwritable: str = ""
    unwritable_program: str = ""


KINDS: Mapping[str, Kind] = {
    # "Executable name contains special characters", says systemd 252.
    "systemd": Kind(systemd.write, systemd.STEPS, unwritable_program="\"'\\"),
    "cron": Kind(cron.write, cron.STEPS),
    # The Task Scheduler replaces %NAME% and $(Arg0), and nothing switches that off.
    "task_scheduler": Kind(task_scheduler.write, task_scheduler.STEPS, unwritable="%$"),
    "kubernetes": Kind(kubernetes.write, kubernetes.STEPS, here=False),
    "docker": Kind(docker.write, docker.DOCKER_STEPS, here=False),
    "compose": Kind(docker.write_compose, docker.COMPOSE_STEPS, here=False),
}

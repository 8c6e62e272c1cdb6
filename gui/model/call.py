"""One call of a script: what it asks for, its refresh, and how its outcome is told."""

from dataclasses import dataclass

from core.cli.options import Options
from core.cli.output import Console
from core.cli.runner import Runner
from core.errors import AppError, Cancelled, SignInNeeded
from core.mailbox.get_token import get_token
from core.mailbox.job import Job
from gui.model.settings import Settings
from gui.system.caller import user_can_act


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked for, and how its outcome is told."""

    job: Job
    options: Options
    settings: Settings
    runner: Runner
    console: Console

    def without_user(self) -> int | None:
        """Return the exit code of a refresh; None if the user has to sign in."""
        try:
            return self.runner.show(self.job, get_token(self.job, None))
        except Cancelled:
            raise
        except SignInNeeded as error:
            return None if user_can_act() else self.fail(error)
        except AppError as error:
            return self.fail(error)

    def fail(self, error: AppError) -> int:
        """Tell an error, and return its exit code."""
        self.runner.tell(self.job, error)
        return error.exit_code

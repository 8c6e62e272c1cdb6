"""A refresh, as cron does it: from the start of the program until the new token is in the file."""

from collections.abc import Iterator

from .mutt import Mutt
from .servers import ACCOUNT, servers
from .surroundings import installed_command, work_folder
from .table import Row
from .timing import in_turns, milliseconds

YARDSTICK = "mutt_oauth2.py refreshes"


def rows(*, short: bool = False) -> Iterator[Row]:
    """Ours with and without a login, beside mutt's script."""
    with work_folder() as folder, servers(folder) as running:
        mutt, ours = Mutt(running), [*installed_command(folder), ACCOUNT]
        file = folder / "tokens" / "token.txt"
        environment = running.environment()

        def refresh(*options: str) -> float:
            running.write(file)
            command = [*ours, "--token_file", str(file), *options]
            took = milliseconds(command, environment, folder)
            assert running.signed_in.access not in file.read_text("utf-8")
            return took

        took = in_turns(
            1 if short else 25,
            {
                "mutt": lambda: milliseconds(mutt.command(), environment, folder),
                "refresh": lambda: refresh("--no_check"),
                "login": refresh,
            },
        )
    yield Row("refresh and save (`--no_check`)", took["refresh"], YARDSTICK, took["mutt"], 1.0)
    yield Row("refresh, save and log in", took["login"], YARDSTICK, took["mutt"], 1.35)

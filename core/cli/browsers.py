"""`browsers`: list the browsers that `--browser` can open."""

from collections.abc import Sequence

from ..errors import ExitCode, as_error
from ..i18n.translation import _
from ..oauth.sign_in.installed_browsers import Browser, installed_browsers
from ..verdicts import local_commands
from .json_lines import Format, json_line
from .options import Options
from .output import print_lines


def run(words: Sequence[str], options: Options) -> int:
    """List the installed browsers; with `--json`, each is one object."""
    if words:
        raise as_error(local_commands.COMMAND_TAKES_NOTHING, command="browsers")
    for browser in installed_browsers():
        print_lines(_as_json(browser) if options.json else _as_text(browser))
    return ExitCode.DONE


def _as_text(browser: Browser) -> str:
    if browser.private_command:
        return _("{name}: {text}", name=browser.name, text=browser.label)
    return _("{name}: {label} (not with --private)", name=browser.name, label=browser.label)


def _as_json(browser: Browser) -> str:
    private = bool(browser.private_command)
    return json_line(
        Format.BROWSER,
        {"browser": browser.name, "label": browser.label, "private": private},
    )

"""Reads the commands of `--hook` and `--on_trouble`."""

from collections.abc import Callable

from ..keeping.hook_words import words_of
from ..keeping.hooks import Hooks
from .options import Options


def hooks_of(options: Options, tell: Callable[[str], None]) -> Hooks:
    """The commands that the options give, checked. Raises `UsageProblem`."""
    changed = words_of("--hook", options.hook)
    trouble = words_of("--on_trouble", options.on_trouble)
    return Hooks(changed, trouble, tell)

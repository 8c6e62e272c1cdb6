"""Asks at the terminal what to do if another account has signed in than was asked for."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ..model import AccountAnswer, AccountQuestion
from .output import Console, what_happened

_ANSWERS: Mapping[str, AccountAnswer] = MappingProxyType(
    {
        "a": AccountAnswer.SIGN_IN_AGAIN,
        "again": AccountAnswer.SIGN_IN_AGAIN,
        "s": AccountAnswer.SHARED_MAILBOX,
        "shared": AccountAnswer.SHARED_MAILBOX,
    }
)
_CHOICES = (
    "a      Sign in again, as {question.expected}.",
    "s      {question.mailbox} is a shared mailbox that {question.account} may open. Save it.",
    "Enter  Stop. Nothing is saved or changed.",
)


def ask_account(
    question: AccountQuestion, console: Console, answer_to: Callable[[str], str]
) -> AccountAnswer:
    """Show what happened and what can be done; anything but the two answers stops."""
    console.say(
        *what_happened(question.error),
        *(f"  {line.format(question=question)}" for line in _CHOICES),
        always=True,
    )
    answer = answer_to("Your answer (a, s or Enter):")
    return _ANSWERS.get(answer.strip().casefold(), AccountAnswer.STOP)

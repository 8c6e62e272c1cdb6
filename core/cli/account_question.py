"""Asks at the terminal what to do if another account has signed in than was asked for."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ..events import AccountAnswer, AccountQuestion
from ..i18n.translation import N_, _
from .output import Console, what_happened

_ANSWERS: Mapping[str, AccountAnswer] = MappingProxyType(
    {
        "a": AccountAnswer.SIGN_IN_AGAIN,
        "again": AccountAnswer.SIGN_IN_AGAIN,
        "s": AccountAnswer.SHARED_MAILBOX,
        "shared": AccountAnswer.SHARED_MAILBOX,
    }
)
# What is typed, the same in all languages, and what it means.
_CHOICES = (
    ("a", N_("Sign in again, as {expected}.")),
    ("s", N_("{mailbox} is a shared mailbox that {account} may open. Save it.")),
    ("Enter", N_("Stop. Nothing is saved or changed.")),
)


def ask_account(
    question: AccountQuestion, console: Console, answer_to: Callable[[str], str]
) -> AccountAnswer:
    """Show what happened and what can be done; anything but the two answers stops."""
    names = {
        "expected": question.expected,
        "mailbox": question.mailbox,
        "account": question.account,
    }
    choices = (f"  {key:<7}{_(meaning, **names)}" for key, meaning in _CHOICES)
    console.say(*what_happened(question.error), *choices, always=True)
    answer = answer_to(_("Your answer (a, s or Enter):"))
    return _ANSWERS.get(answer.strip().casefold(), AccountAnswer.STOP)

"""Writes docs/TROUBLESHOOTING.md: questions, walk-throughs, and all messages of the verdict tables.

    python release/troubleshooting.py [--check]

The questions are in release/templates/troubleshooting.md, the walk-throughs in walk_throughs.toml
beside it. With `--check` nothing is written, and
the exit code is 1 if the page is not current.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import walk_throughs
from project import ROOT  # it puts the root on the path

# isort: split
from core import verdicts
from core.errors import EXIT_CODES
from core.verdicts.verdict import IN_GENERAL, Origin, Verdict

COMMAND = "python release/troubleshooting.py"
PAGE = ROOT / "docs" / "TROUBLESHOOTING.md"
QUESTIONS = Path(__file__).parent / "templates" / "troubleshooting.md"
SIGN_IN, OTHERS = "Messages about the sign-in page and the browser", "Other messages"
# In the order of the page: each group, and the tables that belong to it.
GROUPS: Mapping[str, tuple[str, ...]] = {
    SIGN_IN: ("local_sign_in", "local_requests"),
    "Answers of Microsoft": ("microsoft",),
    "Answers of Google": ("google",),
    "Answers of other providers": ("other_providers", "device_code", "oauth"),
    "Answers of IMAP servers": ("imap",),
    "Messages about finding a sign-in server": ("local_discovery", "client_registration"),
    "Messages about a mailbox and its token": ("local_mailbox", "local_renewal"),
    "Messages about tokens without a user": ("app_only", "local_app_only"),
    "Messages about the network": ("network", "http_answers", "local_network"),
    "Messages about files and settings": ("local_files", "local_settings"),
    "Messages about command lines": ("local_commands",),
    "Messages about an import": ("local_import",),
    "Messages about a registration of your own": ("local_registering",),
    "Messages about a list of mailboxes": ("local_batch",),
    OTHERS: (),
}
# A placeholder is shown as a word in italics. These say more than its name.
_WORDS = {
    "client_id": "*client ID*",
    "filter": "*mail filter*",
    "files": "*their names*",
    "host": "*server*",
    "known": "*their names*",
    "length": "*number*",
    "missing": "*fields*",
    "mx_host": "*mail server*",
    "new_file": "*new file*",
    "proxy_source": IN_GENERAL["proxy_source"],
    "rule": IN_GENERAL["rule"],
    "scopes": "*their names*",
    "table": IN_GENERAL["table"],
    "text": "*your text*",
    "variables": "*their names*",
}
_OAUTH, _IMAP = (Origin.AUTHORIZATION, Origin.TOKEN), (Origin.LOGIN, Origin.LIST)


def tables() -> dict[str, Sequence[Verdict]]:
    """The verdicts of every table, by the name of its module."""
    modules = (import_module(f"core.verdicts.{m.name}") for m in iter_modules(verdicts.__path__))
    return {m.__name__.rpartition(".")[2]: m.VERDICTS for m in modules if hasattr(m, "VERDICTS")}


def page(tables: Mapping[str, Sequence[Verdict]]) -> str:
    """The text of the page."""
    groups: dict[str, list[Verdict]] = {title: [] for title in GROUPS}
    for name, entries in tables.items():
        for verdict in entries:
            groups[_group(name, verdict)].append(verdict)
    shown = {title: sorted(found, key=_sort_key) for title, found in groups.items() if found}
    lines = ["## All messages", "", "Words in *italics* stand for your own values.", ""]
    lines += [f"- [{title}](#{title.lower().replace(' ', '-')})" for title in shown]
    for title, found in shown.items():
        lines += ["", f"## {title}"]
        for verdict in found:
            lines += ["", f"### {_in_words(verdict.message)}", "", *_facts(verdict)]
    return f"{QUESTIONS.read_text('utf-8')}\n{_walk_throughs()}\n\n" + "\n".join(lines) + "\n"


def _walk_throughs() -> str:
    """The walk-throughs, whose links lead to the messages below them."""
    verdicts = {verdict.id: verdict for entries in tables().values() for verdict in entries}
    return "\n".join(walk_throughs.lines_of(verdicts, _in_words, _codes))


def _group(table: str, verdict: Verdict) -> str:
    """The group of an entry; what only the sign-in page says belongs to the browser."""
    if {pattern.origins for pattern in verdict.patterns} == {(Origin.AUTHORIZATION,)}:
        return SIGN_IN
    return next((title for title, names in GROUPS.items() if table in names), OTHERS)


def _sort_key(verdict: Verdict) -> str:
    return _in_words(verdict.message).replace("*", "").casefold()


def _facts(verdict: Verdict) -> Iterator[str]:
    """The lines of an entry."""
    if codes := _codes(verdict):
        yield f"- Codes: {', '.join(codes)}"
    if verdict.explanation:
        yield f"- Why: {_in_words(verdict.explanation)}"
    if verdict.remedy:
        yield f"- What to do: {_in_words(verdict.remedy)}"
    yield f"- Who can do it: {verdict.actor}"
    if verdict.link:
        yield f"- More: <{verdict.link}>"
    code = EXIT_CODES[verdict.kind]
    yield f"- Exit code: {code} ({code.name.lower().replace('_', ' ')})"
    yield f"- Name for scripts: `{verdict.id}`"


def _codes(verdict: Verdict) -> list[str]:
    """The AADSTS codes, the names of OAuth2 errors and the response codes of IMAP."""
    return list(dict.fromkeys(_codes_in_patterns(verdict)))


def _codes_in_patterns(verdict: Verdict) -> Iterable[str]:
    for pattern in verdict.patterns:
        yield from (f"AADSTS{code}" for code in pattern.codes)
        origins = pattern.origins or _OAUTH  # Microsoft's patterns name none
        if set(origins).issubset(_OAUTH):
            yield from (f"`{name}`" for name in (*pattern.errors, *pattern.suberrors))
        elif set(origins).issubset(_IMAP):  # a name with _ is our own
            yield from (f"`{name.upper()}`" for name in pattern.errors if "_" not in name)


class _InWords(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return f"*{name.replace('_', ' ')}*"


def _in_words(text: str) -> str:
    """A text in Markdown, with words in place of its placeholders."""
    plain = text.replace("\\", "\\\\").replace("*", "\\*").replace("<", "\\<")
    return plain.format_map(_InWords(_WORDS))


def main(arguments: Sequence[str]) -> int:
    """Write the page, or check it; the exit code."""
    text = page(tables())
    if "--check" not in arguments:
        PAGE.write_text(text, "utf-8", newline="\n")
        return 0
    if PAGE.read_text("utf-8") == text:
        return 0
    print(f"{PAGE.name} is not current. Run: {COMMAND}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

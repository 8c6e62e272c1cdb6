"""Writes docs/TROUBLESHOOTING.md: questions, walk-throughs, and all messages of the verdict tables.

    python release/troubleshooting.py [--check]

The questions are in release/templates/troubleshooting.md, the walk-throughs in walk_throughs.toml
beside it. Each language has a page, and files with its code there (troubleshooting.de.md); the
messages come from its catalogue. With `--check` nothing is written, and the exit code is 1 if a
page is not current.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pkgutil import iter_modules

import walk_throughs
from project import ROOT  # it puts the root on the path

# isort: split
from core import verdicts
from core.errors import EXIT_CODES, ExitCode
from core.i18n.translation import LANGUAGES, N_, _, use_language
from core.verdicts.verdict import IN_GENERAL, Origin, Verdict

COMMAND = "python release/troubleshooting.py"
TEMPLATES = ROOT / "release" / "templates"
SIGN_IN, OTHERS = N_("Messages about the sign-in page and the browser"), N_("Other messages")
# In the order of the page: each group, and the tables that belong to it.
GROUPS: Mapping[str, tuple[str, ...]] = {
    SIGN_IN: ("local_sign_in", "local_requests"),
    N_("Answers of Microsoft"): ("microsoft",),
    N_("Answers of Google"): ("google",),
    N_("Answers of other providers"): ("other_providers", "device_code", "oauth"),
    N_("Answers of IMAP servers"): ("imap",),
    N_("Messages about finding a sign-in server"): ("local_discovery", "client_registration"),
    N_("Messages about a mailbox and its token"): ("local_mailbox", "local_renewal"),
    N_("Messages about tokens without a user"): ("app_only", "local_app_only"),
    N_("Messages about the network"): ("network", "http_answers", "local_network"),
    N_("Messages about files and settings"): ("local_files", "local_settings"),
    N_("Messages about command lines"): ("local_commands",),
    N_("Messages about an import"): ("local_import",),
    N_("Messages about a registration of your own"): ("local_registering",),
    N_("Messages about a list of mailboxes"): ("local_batch",),
    OTHERS: (),
}
# What stands for a placeholder, in italics.
_WORDS = {
    "account": N_("account"),
    "address": N_("address"),
    "application": N_("application"),
    "candidates": N_("candidates"),
    "client_id": N_("client ID"),
    "clues": N_("clues"),
    "column": N_("column"),
    "columns": N_("columns"),
    "command": N_("command"),
    "commands": N_("commands"),
    "count": N_("count"),
    "delegation_page": N_("delegation page"),
    "domain": N_("domain"),
    "example": N_("example"),
    "feature": N_("feature"),
    "field": N_("field"),
    "file": N_("file"),
    "files": N_("their names"),
    "filter": N_("mail filter"),
    "folder": N_("folder"),
    "found": N_("found"),
    "host": N_("server"),
    "issuer": N_("issuer"),
    "known": N_("their names"),
    "largest": N_("largest"),
    "length": N_("number"),
    "minutes": N_("minutes"),
    "missing": N_("fields"),
    "mx_host": N_("mail server"),
    "name": N_("name"),
    "names": N_("names"),
    "new_file": N_("new file"),
    "numbers": N_("numbers"),
    "option": N_("option"),
    "other": N_("other"),
    "page": N_("page"),
    "path": N_("path"),
    "pid": N_("pid"),
    "port": N_("port"),
    "program": N_("program"),
    "provider": N_("provider"),
    "proxy": N_("proxy"),
    "proxy_source": IN_GENERAL["proxy_source"],
    "redirect_uri": N_("redirect uri"),
    "rule": IN_GENERAL["rule"],
    "scopes": N_("their names"),
    "shell": N_("shell"),
    "suffixes": N_("suffixes"),
    "table": IN_GENERAL["table"],
    "tenant": N_("tenant"),
    "text": N_("your text"),
    "time": N_("time"),
    "value": N_("value"),
    "variables": N_("their names"),
}
_PLAIN = ("proxy_source", "rule", "table")  # whole phrases, without italics
_EXITS: Mapping[ExitCode, str] = {
    ExitCode.FAILED: N_("failed"),
    ExitCode.USAGE: N_("usage"),
    ExitCode.SIGN_IN_NEEDED: N_("sign in needed"),
    ExitCode.TRY_AGAIN: N_("try again"),
    ExitCode.REFUSED: N_("refused"),
    ExitCode.CANCELLED: N_("cancelled"),
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
    note = _("Words in *italics* stand for your own values.")
    lines = ["## " + _("All messages"), "", note, ""]
    lines += [f"- [{_(title)}](#{walk_throughs.anchor(_(title))})" for title in shown]
    for title, found in shown.items():
        lines += ["", f"## {_(title)}"]
        for verdict in found:
            lines += ["", f"### {_in_words(verdict.message)}", "", *_facts(verdict)]
    questions = walk_throughs.in_language(TEMPLATES / "troubleshooting.md").read_text("utf-8")
    return f"{questions}\n{_walk_throughs()}\n\n" + "\n".join(lines) + "\n"


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
        yield "- " + _("Codes: {codes}", codes=", ".join(codes))
    if verdict.explanation:
        yield "- " + _("Why: {explanation}", explanation=_in_words(verdict.explanation))
    if verdict.remedy:
        yield "- " + _("What to do: {remedy}", remedy=_in_words(verdict.remedy))
    yield "- " + _("Who can do it: {actor}", actor=_(verdict.actor))
    if verdict.link:
        yield "- " + _("More: <{link}>", link=verdict.link)
    code = EXIT_CODES[verdict.kind]
    yield "- " + _("Exit code: {number} ({name})", number=code.value, name=_(_EXITS[code]))
    yield "- " + _("Name for scripts: `{name}`", name=verdict.id)


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
    """The values of placeholders."""

    def __missing__(self, name: str) -> str:
        words = _(_WORDS.get(name, name.replace("_", " ")))
        return words if name in _PLAIN else f"*{words}*"


def _in_words(text: str) -> str:
    """A translated text in Markdown, with words in place of its placeholders."""
    plain = _(text).replace("\\", "\\\\").replace("*", "\\*").replace("<", "\\<")
    return plain.format_map(_InWords())


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or check them; the exit code."""
    stale = []
    for code in LANGUAGES:
        use_language(code)
        path = walk_throughs.in_language(ROOT / "docs" / "TROUBLESHOOTING.md")
        text = page(tables())
        if "--check" not in arguments:
            path.write_text(text, "utf-8", newline="\n")
        elif not path.is_file() or path.read_text("utf-8") != text:
            stale.append(path.name)
    if stale:
        print(f"Not current: {', '.join(stale)}. Run: {COMMAND}", file=sys.stderr)
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The walk-throughs of docs/TROUBLESHOOTING.md: from what people see to who can do what.

The questions and the steps are in release/templates/walk_throughs.toml, and in a file beside it for
each other language (walk_throughs.de.toml). The messages, their codes
and who can act come from the verdict tables, facts about providers from resources/providers.toml.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from project import ROOT  # it puts the root on the path

# isort: split
from core.i18n.translation import ENGLISH, N_, _, language
from core.providers.catalog import Catalog, load_catalog
from core.verdicts.verdict import Actor, Verdict

TITLE = N_("Step by step")
_DATA = ROOT / "release" / "templates" / "walk_throughs.toml"
_MOST_CODES = 6  # of one message; its own entry has all of them

InWords = Callable[[str], str]  # a text of a verdict in Markdown
Codes = Callable[[Verdict], list[str]]


def in_language(path: Path) -> Path:
    """The file beside this one that is in the chosen language; in English it is this one."""
    return path if language() == ENGLISH else path.with_suffix(f".{language()}{path.suffix}")


def walk_throughs() -> list[dict[str, Any]]:
    """The data of all walk-throughs."""
    data = tomllib.loads(in_language(_DATA).read_text("utf-8"))
    found: list[dict[str, Any]] = data["walk_through"]
    return found


def lines_of(verdicts: Mapping[str, Verdict], in_words: InWords, codes: Codes) -> Iterator[str]:
    """The lines of the section; `verdicts` are all of them by name."""
    facts = facts_of(load_catalog())
    yield f"## {_(TITLE)}"
    for one in walk_throughs():
        told = [verdicts[name] for name in one["messages"]]
        yield from ("", f"### {one['question']}", "")
        yield _("**What you see:** {see}", see=one["see"])
        if told:
            yield from ("", _("The program says one of these:"), "")
            yield from (_message(verdict, in_words, codes) for verdict in told)
        means = _("**What it means:** {means}", means=one["means"])
        yield from ("", means, "", _("**What to do:**"), "")
        for number, step in enumerate(one["steps"], 1):
            yield f"{number}. {step.format_map(facts)}"
        who = one.get("who") or _who(told)
        yield from ("", _("**Who can do it:** {actors}.", actors=who))


def _message(verdict: Verdict, in_words: InWords, codes: Codes) -> str:
    """A message with a link to all about it, and the first of its codes."""
    heading = in_words(verdict.message)
    shown = codes(verdict)[:_MOST_CODES]
    return f"- [{heading}](#{anchor(heading)})" + (f" ({', '.join(shown)})" if shown else "")


def anchor(heading: str) -> str:
    """The name by which GitHub links to a heading."""
    kept = (letter for letter in heading.lower() if letter.isalnum() or letter in " -_")
    return "".join(kept).replace(" ", "-")


def _who(told: list[Verdict]) -> str:
    """All who can act, without repetition."""
    actors = dict.fromkeys(verdict.actor for verdict in told)
    return "; ".join(_(actor) for actor in actors if actor is not Actor.NOBODY)


def facts_of(catalog: Catalog) -> Mapping[str, str]:
    """What the texts say of providers."""
    office = catalog.providers["office365"]
    clouds = [p for name, p in catalog.providers.items() if name.startswith("office365_")]
    devices = [p for p in catalog.providers.values() if p.device_authorization_uri]
    redirects = (
        _(
            "{provider} gets `{address}`",
            provider=p.label,
            address=p.applications[p.default_application].redirect_uri,
        )
        for p in (office, catalog.providers["gmail"])
    )
    return {
        "applications": ", ".join(f"`{name}`" for name in office.applications),
        "clouds": ", ".join(f"`{p.name}` ({p.label})" for p in clouds),
        "device_codes": ", ".join(p.label for p in devices),
        "redirects": f"{'; '.join(redirects)}.",
    }

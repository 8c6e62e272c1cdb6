"""The walk-throughs of docs/TROUBLESHOOTING.md: from what people see to who can do what.

The questions and the steps are in release/templates/walk_throughs.toml. The messages, their codes
and who can act come from the verdict tables, facts about providers from resources/providers.toml.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from project import ROOT  # it puts the root on the path

# isort: split
from core.providers.catalog import Catalog, load_catalog
from core.verdicts.verdict import Actor, Verdict

TITLE = "Step by step"
_DATA = ROOT / "release" / "templates" / "walk_throughs.toml"
_MOST_CODES = 6  # of one message; its own entry has all of them

InWords = Callable[[str], str]  # a text of a verdict in Markdown
Codes = Callable[[Verdict], list[str]]


def walk_throughs() -> list[dict[str, Any]]:
    """The data of all walk-throughs."""
    found: list[dict[str, Any]] = tomllib.loads(_DATA.read_text("utf-8"))["walk_through"]
    return found


def lines_of(verdicts: Mapping[str, Verdict], in_words: InWords, codes: Codes) -> Iterator[str]:
    """The lines of the section; `verdicts` are all of them by name."""
    facts = facts_of(load_catalog())
    yield f"## {TITLE}"
    for one in walk_throughs():
        told = [verdicts[name] for name in one["messages"]]
        yield from ("", f"### {one['question']}", "")
        yield f"**What you see:** {one['see']}"
        if told:
            yield from ("", "The program says one of these:", "")
            yield from (_message(verdict, in_words, codes) for verdict in told)
        yield from ("", f"**What it means:** {one['means']}", "", "**What to do:**", "")
        for number, step in enumerate(one["steps"], 1):
            yield f"{number}. {step.format_map(facts)}"
        yield from ("", f"**Who can do it:** {one.get('who') or _who(told)}.")


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
    return "; ".join(actor for actor in actors if actor is not Actor.NOBODY)


def facts_of(catalog: Catalog) -> Mapping[str, str]:
    """What the texts say of providers."""
    office = catalog.providers["office365"]
    clouds = [p for name, p in catalog.providers.items() if name.startswith("office365_")]
    devices = [p for p in catalog.providers.values() if p.device_authorization_uri]
    redirects = (
        f"{p.label} gets `{p.applications[p.default_application].redirect_uri}`"
        for p in (office, catalog.providers["gmail"])
    )
    return {
        "applications": " and ".join(f"`{name}`" for name in office.applications),
        "clouds": ", ".join(f"`{p.name}` ({p.label})" for p in clouds),
        "device_codes": ", ".join(p.label for p in devices),
        "redirects": f"{'; '.join(redirects)}.",
    }

"""Tests of core/mailbox/resolve.py: one provider's tokens are never sent to another."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from core.errors import AppError, SignInNeeded, UsageProblem
from core.mailbox.get_token import get_token, refresh_mailbox
from core.mailbox.job import Job
from core.mailbox.renewal import renew_locked
from core.mailbox.resolve import mailbox_of
from core.mailbox.saving import save_sign_in
from core.model import Outcome
from core.providers.by_hand import by_hand
from core.providers.catalog import Catalog, load_catalog
from core.providers.overrides import Overrides
from core.tokenfile.format import TokenFile, serialize
from core.tokenfile.place import file_name
from core.tokenfile.read import read_token_file
from servers import ADDRESS, MakeStage, Stage, fixed

PLAIN = b"an-old-access-token\nan-old-refresh-token\n"
RECORDED = PLAIN + b"# Provider is demo\n"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two providers with a mailbox of the address; `demo` is the one of its domain."""

    demo: Stage
    other: Stage

    @property
    def catalog(self) -> Catalog:
        """A catalog with both providers.

        Only the other provider's second application works, not its default one.
        """
        second = self.other.provider.applications["demo"]
        first = replace(second, client_id="nobody")
        applications = {
            "first": replace(first, provider="other", application="first"),
            "second": second,
        }
        other = replace(
            self.other.provider,
            name="other",
            domains=(),
            default_application="first",
            applications={
                **applications,
                "second": replace(second, provider="other", application="second"),
            },
        )
        return Catalog({"demo": self.demo.provider, "other": other}, {})

    @property
    def folder(self) -> Path:
        """The folder of the token files."""
        return self.demo.path.parent

    def job(self, catalog: Catalog | None = None, **changes: Any) -> Job:
        """A job whose catalog has both providers."""
        made = self.demo.job(**changes)
        dependencies = replace(
            made.dependencies, providers=fixed(catalog or self.catalog, made.dependencies.own_file)
        )
        return replace(made, dependencies=dependencies)

    def put(self, content: bytes, name: str = file_name(ADDRESS)) -> Path:
        """Write an existing, expired token file."""
        self.folder.mkdir(exist_ok=True)
        path = self.folder / name
        path.write_bytes(content)
        os.utime(path, (0, 0))
        return path

    def asked(self) -> tuple[int, int]:
        """The number of requests to each token endpoint."""
        return self.demo.server.token_requests, self.other.server.token_requests

    def sent(self) -> str:
        """The last refresh token that either provider received."""
        forms = (self.demo.server.last_token_form, self.other.server.last_token_form)
        return " ".join(form.get("refresh_token", "") for form in forms).strip()

    def at_other(self) -> Overrides:
        """The other provider's endpoints as options, as if it were unknown."""
        return by_hand(
            client_id="demo",
            authorize_uri=self.other.server.authorize_uri,
            token_uri=self.other.server.token_uri,
            scopes=("mail", "openid"),
            imap_host=self.other.mailbox.host,
            imap_port=self.other.mailbox.port,
        )

    def forget_other(self) -> Catalog:
        """A catalog without the other provider."""
        return Catalog({"demo": self.demo.provider}, {})


@pytest.fixture
def pair(make_stage: MakeStage) -> Pair:
    """Both providers, without a sign-in."""
    return Pair(make_stage(), make_stage())


def read(path: Path) -> TokenFile:
    """Read a token file."""
    file = read_token_file(path)
    assert file is not None
    return file


def signed_in_at_other(pair: Pair, **changes: Any) -> tuple[Path, bytes]:
    """The file of a sign-in at the other provider, and its first two lines."""
    chosen = {"provider": "other", "application": "second", **changes}
    outcome = get_token(pair.job(**chosen), pair.other.methods())
    path = Path(outcome.file)
    return path, b"".join(path.read_bytes().splitlines(keepends=True)[:2])


@pytest.mark.parametrize("names_given", [False, True])
def test_an_originals_file_name_says_whose_it_is(pair: Pair, names_given: bool) -> None:
    """`oauth2_tokens_<application>_<provider>_…` is renewed by that provider and application.

    The address's domain doesn't matter, and --token_file makes no difference.
    """
    path, lines = signed_in_at_other(pair)
    path.unlink()
    path = pair.put(lines, f"oauth2_tokens_second_other_{ADDRESS}.txt")
    job = pair.job(token_file=path) if names_given else pair.job()
    assert refresh_mailbox(job).renewed
    assert (0, 2) == pair.asked()
    file = read(path)
    assert ("other", "second") == (file.provider, file.application)
    assert ADDRESS == pair.other.server.account_of(file.access)
    assert lines != b"".join(path.read_bytes().splitlines(keepends=True)[:2])


def test_the_files_own_word_counts_beside_its_name(pair: Pair) -> None:
    """The provider comes from the file name, the application from a line in the file."""
    path, lines = signed_in_at_other(pair)
    path.unlink()
    pair.put(lines + b"# Application is second\n", f"oauth2_tokens_other_{ADDRESS}.txt")
    assert refresh_mailbox(pair.job()).renewed
    assert (0, 2) == pair.asked()


def _other_provider(pair: Pair, path: Path) -> Job:
    return pair.job(provider="other", application="second")


def _endpoints_by_hand(pair: Pair, path: Path) -> Job:
    return pair.job(pair.forget_other(), overrides=pair.at_other())


def _both_by_hand(pair: Pair, path: Path) -> Job:
    return pair.job(pair.forget_other(), overrides=pair.at_other(), provider="mine")


WAYS = [_other_provider, _endpoints_by_hand, _both_by_hand]


@pytest.mark.parametrize("content", [PLAIN, RECORDED], ids=["plain", "recorded"])
@pytest.mark.parametrize("way", WAYS)
def test_tokens_go_to_no_other_provider(
    pair: Pair, way: Callable[[Pair, Path], Job], content: bytes
) -> None:
    """A sign-in at another provider writes a second file, and the first one stays."""
    path = pair.put(content)
    job = way(pair, path)
    with pytest.raises(SignInNeeded, match="no token"):
        refresh_mailbox(job, min_left=float("inf"))
    assert (0, 0) == pair.asked()
    outcome = get_token(job, pair.other.methods())
    assert (0, 1) == pair.asked()
    assert "" == pair.sent()
    assert str(path) != outcome.file
    assert content == path.read_bytes()


def _named(pair: Pair, path: Path) -> Job:
    return pair.job(provider="other", application="second", token_file=path)


def _named_by_hand(pair: Pair, path: Path) -> Job:
    return pair.job(pair.forget_other(), overrides=pair.at_other(), token_file=path)


@pytest.mark.parametrize("start_over", [False, True])
@pytest.mark.parametrize("way", [_named, _named_by_hand])
@pytest.mark.parametrize(
    ("name", "content"),
    [("mine.txt", RECORDED), (f"oauth2_tokens_demo_{ADDRESS}.txt", PLAIN)],
    ids=["recorded", "by its name"],
)
def test_a_named_file_of_another_provider(
    pair: Pair, name: str, content: bytes, way: Callable[[Pair, Path], Job], start_over: bool
) -> None:
    """Exit code 2: its tokens are neither sent to the chosen provider nor replaced."""
    path = pair.put(content, name)
    job = way(pair, path)
    job = replace(job, request=replace(job.request, start_over=start_over))
    acts: list[Callable[[], Outcome]] = [
        lambda: refresh_mailbox(job),
        lambda: get_token(job, pair.other.methods()),
    ]
    for act in acts:
        with pytest.raises(UsageProblem) as raised:
            act()
        assert "token_file_of_other_provider" == raised.value.verdict.id
        assert "demo" == raised.value.parameters["other"]
    assert (0, 0) == pair.asked()
    assert [] == pair.other.browser.opened
    assert content == path.read_bytes()


def test_a_named_plain_file_is_whose_the_person_says(pair: Pair) -> None:
    """If neither the file nor its name tells the provider, the user's choice is used."""
    path, lines = signed_in_at_other(pair)
    path.unlink()
    path = pair.put(lines, "mine.txt")
    assert refresh_mailbox(_named(pair, path)).renewed
    assert (0, 2) == pair.asked()
    assert "other" == read(path).provider


def test_a_token_endpoint_alone_makes_no_provider(pair: Pair) -> None:
    """A token endpoint alone is refused, since the provider of the tokens is unknown."""
    path = pair.put(PLAIN)
    job = pair.job(overrides=by_hand(token_uri=pair.other.server.token_uri))
    with pytest.raises(UsageProblem) as raised:
        refresh_mailbox(job)
    assert "token_uri_alone" == raised.value.verdict.id
    assert (0, 0) == pair.asked()
    assert PLAIN == path.read_bytes()


def test_an_unknown_domain_needs_no_answer(pair: Pair) -> None:
    """If the provider can't be detected, the user's choice is used for a plain file."""
    demo = replace(pair.demo.provider, domains=())
    catalog = Catalog({**pair.catalog.providers, "demo": demo}, {})
    path, lines = signed_in_at_other(pair)
    path.unlink()
    path = pair.put(lines)
    assert refresh_mailbox(pair.job(catalog, provider="other", application="second")).renewed
    assert "other" == read(path).provider


def test_values_by_hand_are_kept_after_a_refresh(pair: Pair) -> None:
    """The user's values are saved after a refresh, so the next run needs only the address."""
    path, lines = signed_in_at_other(pair)
    path.unlink()
    path = pair.put(lines, f"oauth2_tokens_localhost_{ADDRESS}.txt")
    assert refresh_mailbox(_endpoints_by_hand(pair, path)).renewed
    assert f"in {pair.demo.own_file}" in pair.demo.said()

    later = pair.job(load_catalog(pair.demo.own_file))
    outcome = get_token(later, replace(pair.other.methods(), open_browser=None))
    assert (True, True, str(path)) == (outcome.renewed, outcome.checked, outcome.file)
    assert (0, 3) == pair.asked()


def test_values_by_hand_of_a_refresh_that_failed_are_not_kept(pair: Pair) -> None:
    """After a failed refresh no values are saved."""
    pair.put(PLAIN, f"oauth2_tokens_localhost_{ADDRESS}.txt")
    with pytest.raises(AppError):
        refresh_mailbox(pair.job(pair.forget_other(), overrides=pair.at_other()))
    assert not pair.demo.own_file.exists()


def test_a_file_that_changed_before_the_lock_is_left_alone(stage: Stage) -> None:
    """If the file holds another provider's tokens by then, nothing is sent or saved."""
    stage.sign_in()
    mailbox, asked = mailbox_of(stage.job()), stage.server.token_requests
    assert "demo" == mailbox.registration.provider
    before = stage.change(provider="other")
    new = TokenFile(access="a-new-access-token", refresh="a-new-one", provider="demo")
    with pytest.raises(UsageProblem):
        renew_locked(mailbox, is_fresh_enough=lambda _: False)
    with pytest.raises(UsageProblem):
        save_sign_in(mailbox_of(stage.job(token_file=stage.path)), new)
    assert asked == stage.server.token_requests
    assert before == stage.path.read_bytes()


def test_both_sides_of_one_address_at_the_same_time(stage: Stage) -> None:
    """The sign-in that ends later gets a file of its own, and replaces nothing."""
    mailbox = mailbox_of(stage.job())
    assert (stage.path, None) == (mailbox.path, mailbox.file)
    theirs = serialize(TokenFile("their-access-token", "their-refresh", ADDRESS, "other"), now=0)
    stage.path.parent.mkdir()
    stage.path.write_bytes(theirs)
    new = TokenFile("a-new-access-token", "a-new-one", account=ADDRESS, provider="demo")
    saved = save_sign_in(mailbox, new)
    assert stage.path.with_name(file_name(ADDRESS, "demo")) == saved.path
    assert new.access == read_token_file(saved.path).access  # type: ignore[union-attr]
    assert theirs == stage.path.read_bytes()

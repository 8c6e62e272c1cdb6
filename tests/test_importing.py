"""What an import saves, and what it leaves: token files and registrations, never the old file."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.cli.script_call import read_call
from core.importing.outcome import Result
from core.importing.take import Import, Imported, import_file
from core.mailbox.get_token import refresh_mailbox
from core.mailbox.job import Dependencies, Job
from core.providers.by_hand import by_hand
from core.providers.live_catalog import LiveCatalog
from core.tokenfile.format import TokenFile, serialize
from core.tokenfile.read import read_token_file
from foreign_files import CLIENT_ID, IMAP, google_json, msal_cache, recorded
from servers import ADDRESS, NO_DNS, Stage

YOU = "you@example.com"
OLD = "an-old-access-token-of-you\nan-old-refresh-token-of-you\n"


def job_of(stage: Stage, **changes: Any) -> Job:
    """A job without an address that knows the shipped providers and the user's own."""
    dependencies = Dependencies(LiveCatalog(stage.own_file), NO_DNS, stage.clock, stage.store)
    return replace(stage.job(**{"address": "", **changes}), dependencies=dependencies)


def run(stage: Stage, content: bytes | str, name: str = "old", **more: Any) -> list[Imported]:
    """Import a file with this content; `more` are fields of the request, or of `Import`."""
    source = stage.folder / name
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_bytes(content.encode() if isinstance(content, str) else content)
    before = source.read_bytes()
    replaces, dry_run = more.pop("replaces", False), more.pop("dry_run", False)
    job = more.pop("job", None) or job_of(stage, **more)
    done = import_file(source, Import(job, read_call, lambda _: replaces, dry_run))
    assert before == source.read_bytes()
    return done


def one(stage: Stage, content: bytes | str, name: str = "old", **more: Any) -> Imported:
    """The same for a file with one mailbox."""
    (done,) = run(stage, content, name, **more)
    return done


def reason(done: Imported) -> str:
    """Why there are no tokens."""
    return done.error.verdict.id if done.error else ""


def saved(done: Imported) -> TokenFile:
    """The token file that was written."""
    assert Result.SAVED is done.result, done.error
    assert done.path is not None
    file = read_token_file(done.path)
    assert file is not None
    return file


def applications(stage: Stage, provider: str) -> dict[str, Any]:
    """The user's own applications at a provider, as they are saved."""
    tables: dict[str, Any] = tomllib.loads(stage.own_file.read_text("utf-8"))
    found: dict[str, Any] = tables["providers"][provider]["applications"]
    return found


def test_the_tokens_of_another_program_can_be_refreshed(stage: Stage) -> None:
    """The imported file is one that the next refresh takes, with the client ID of the old file."""
    stage.sign_in(check=False)
    old = stage.file()
    stage.path.unlink()
    text = google_json(
        token=old.access,
        refresh_token=old.refresh,
        token_uri=stage.server.token_uri,
        client_id=stage.server.client_id,
        client_secret="",
        scopes=["mail"],
        account=ADDRESS,
    )
    done = one(stage, text, job=stage.job(address=""))
    assert (old.access, old.refresh) == (saved(done).access, saved(done).refresh)
    assert ("demo", "demo", stage.path) == (done.provider, done.application, done.path)
    assert 0o600 == stage.path.stat().st_mode & 0o777
    outcome = refresh_mailbox(stage.job(), check=True)
    assert outcome.renewed
    assert outcome.checked
    assert old.access != stage.file().access


def test_own_credentials_of_google(stage: Stage) -> None:
    """The client ID and its secret are saved as an application of Gmail."""
    done = one(stage, google_json(account=YOU))
    name = done.application
    assert ("gmail", YOU) == (done.provider, done.address)
    expected = {"client_id": CLIENT_ID, "client_secret": "made-up-client-secret"}
    assert {name: expected} == applications(stage, "gmail")
    assert (name, YOU) == (saved(done).application, saved(done).account)


def test_a_cache_of_msal(stage: Stage) -> None:
    """With the tenant of the account, and the same application for the next cache."""
    done = one(stage, msal_cache(IMAP))
    assert "office365" == done.provider
    assert "11111111-aaaa-bbbb-cccc-222222222222" == saved(done).tenant
    assert {done.application: {"client_id": CLIENT_ID}} == applications(stage, "office365")
    again = one(stage, msal_cache(IMAP), replaces=True)
    assert done.application == again.application


def test_a_cache_without_a_token_for_mail(stage: Stage) -> None:
    """The file is due for a refresh at once, so nothing takes it for a fresh one."""
    file = saved(one(stage, msal_cache("https://graph.microsoft.com/User.Read")))
    assert "" == file.access
    assert file.expires_at is not None
    assert stage.clock() >= file.expires_at


def test_mutts_script_needs_the_client_id(stage: Stage) -> None:
    """Of the user, who finds it in the script; or the name of an application."""
    assert "import_no_client_id" == reason(one(stage, recorded("mutt_oauth2.json")))
    given = one(stage, recorded("mutt_oauth2.json"), overrides=by_hand(client_id=CLIENT_ID))
    assert ("office365", CLIENT_ID[:8]) == (given.provider, given.application[10:18])
    named = one(stage, recorded("mutt_oauth2.json"), application="thunderbird", replaces=True)
    assert "thunderbird" == saved(named).application


def test_the_proxys_registration(stage: Stage) -> None:
    """It is saved, so that only the sign-in is left to do."""
    done = one(stage, recorded("emailproxy.config"))
    assert (Result.SIGN_IN, "import_encrypted_by_proxy") == (done.result, reason(done))
    expected = {"client_id": CLIENT_ID, "client_secret": "made-up-client-secret"}
    assert {done.application: expected} == applications(stage, "office365")
    assert not (done.path and done.path.exists())
    cache = one(stage, recorded("proxy_cache.config"))
    assert (Result.SIGN_IN, YOU, None) == (cache.result, cache.address, cache.path)


def test_a_provider_that_is_not_known(stage: Stage) -> None:
    """It is taken with its endpoints; what is missing is named."""
    section = f"[{YOU}]\nclient_id = an-id\noauth2_scope = mail\n"
    section += (
        "permission_url = https://auth.example.com/a\ntoken_url = https://auth.example.com/t\n"
    )
    assert "provider_incomplete" == reason(one(stage, section))
    done = one(stage, section, overrides=by_hand(imap_host="imap.example.com"))
    assert (Result.SIGN_IN, "auth.example.com") == (done.result, done.provider)
    assert "import_no_tokens" == reason(done)


@pytest.mark.parametrize("name", ["oauth2_tokens_{}.txt", "oauth2_tokens_thunderbird_gmail_{}.txt"])
def test_token_files_of_the_perl_script(stage: Stage, name: str) -> None:
    """Of both versions, from another folder; the second one has the provider in its name."""
    done = one(stage, OLD, f"elsewhere/{name.format('you@gmail.com')}")
    assert ("gmail", "thunderbird") == (done.provider, done.application)
    assert stage.path.with_name("oauth2_tokens_you@gmail.com.txt") == done.path
    file = saved(done)
    assert ("an-old-refresh-token-of-you", "you@gmail.com") == (file.refresh, file.account)
    assert file.expires_at is not None


def test_a_token_file_in_its_place(stage: Stage) -> None:
    """It is used as it is."""
    done = one(stage, OLD, "tokens/oauth2_tokens_imapsync_gmail_you@gmail.com.txt")
    assert Result.IN_PLACE is done.result
    assert ["oauth2_tokens_imapsync_gmail_you@gmail.com.txt"] == stage.names()


def test_without_an_address(stage: Stage) -> None:
    """The user has to give it, if neither the file nor its name says it."""
    text = google_json()
    assert "import_no_address" == reason(one(stage, text))
    assert YOU == one(stage, text, address=YOU).address


def test_the_files_address_counts(stage: Stage) -> None:
    """An address that the user gives is for the mailboxes that have none."""
    assert YOU == one(stage, msal_cache(IMAP), address="other@example.com").address


def test_the_client_id_of_a_script_in_the_same_folder(stage: Stage) -> None:
    """The token file there is told which application its refresh token belongs to."""
    stage.path.parent.mkdir()
    path = stage.path.with_name("oauth2_tokens_you@gmail.com.txt")
    path.write_text(OLD)
    call = f"@call oauth2_imap --client_id {CLIENT_ID} --client_secret made-up you@gmail.com"
    done = one(stage, call, "loop.bat")
    assert (path, done.application) == (done.path, saved(done).application)
    assert Result.IN_PLACE is one(stage, call, "loop.bat").result


def test_a_script_with_endpoints_of_others(stage: Stage) -> None:
    """It can't send the tokens of a file that names its provider there."""
    stage.path.parent.mkdir()
    path = stage.path.with_name("oauth2_tokens_you@gmail.com.txt")
    path.write_text(f"{OLD}# Provider is gmail\n")
    elsewhere = "--authorize_uri https://a.example/a --token_uri https://a.example/t --client_id x"
    elsewhere += " --scope_string mail --imap_server imap.a.example"
    for provider in ("", "--provider gmail "):
        done = one(stage, f"@call oauth2_imap {provider}{elsewhere} you@gmail.com", "loop.bat")
        assert "import_no_tokens" == reason(done)
        assert path.read_text() == f"{OLD}# Provider is gmail\n"


def test_a_file_whose_refresh_token_is_in_the_store(stage: Stage) -> None:
    """It is of use where it was written, and nowhere else."""
    file = TokenFile("an-access-token", "", account=YOU, provider="gmail", store_entry="0" * 32)
    content = serialize(file, now=0)
    assert Result.IN_PLACE is one(stage, content, f"tokens/oauth2_tokens_{YOU}.txt").result
    stage.path.with_name(f"oauth2_tokens_{YOU}.txt").unlink()
    assert "import_in_secret_store" == reason(one(stage, content))


def test_two_providers_with_the_same_servers(stage: Stage) -> None:
    """The domain of the address decides."""
    uri = "https://api.login.yahoo.com/oauth2/get_token"
    for address, provider in (("a@yahoo.com", "yahoo"), ("a@att.net", "att")):
        done = one(stage, google_json(token_uri=uri, account=address, scopes=None))
        assert (Result.SAVED, provider) == (done.result, done.provider)


def test_other_tokens_stay(stage: Stage) -> None:
    """Unless the user wants them replaced; the same ones are told as such."""
    assert Result.SAVED is one(stage, msal_cache(IMAP)).result
    other = msal_cache(IMAP).replace("made-up-refresh", "another-refresh")
    kept = one(stage, other)
    assert (Result.FAILED, "import_token_file_kept") == (kept.result, reason(kept))
    assert Result.IN_PLACE is one(stage, msal_cache(IMAP)).result
    assert "another-refresh-token-of-you" == saved(one(stage, other, replaces=True)).refresh


def test_tokens_that_nothing_renews_are_replaced(stage: Stage) -> None:
    """Nobody is asked for the sake of an expired token."""
    stage.path.parent.mkdir()
    dead = TokenFile("an-expired-access-token", "", account=YOU, provider="office365", expires_at=9)
    stage.path.with_name(f"oauth2_tokens_{YOU}.txt").write_bytes(serialize(dead, now=0))
    assert Result.SAVED is one(stage, msal_cache(IMAP)).result


def test_one_address_with_two_sides(stage: Stage) -> None:
    """The file of the other provider stays, and the new one has the provider in its name."""
    first = one(stage, google_json(account=YOU))
    second = one(stage, msal_cache(IMAP))
    assert first.path != second.path
    assert ["gmail", "office365"] == [saved(first).provider, saved(second).provider]


def test_a_dry_run_writes_nothing(stage: Stage) -> None:
    """It says what would be saved."""
    done = one(stage, google_json(account=YOU), dry_run=True)
    assert Result.SAVED is done.result
    assert not stage.path.parent.exists()
    assert not stage.own_file.exists()


def test_a_script_with_its_token_files(stage: Stage) -> None:
    """The tokens are beside the script; a mailbox without a file needs a sign-in."""
    folder = stage.folder / "perl"
    (folder / "tokens").mkdir(parents=True)
    (folder / "tokens" / "oauth2_tokens_a@gmail.com.txt").write_text(OLD.replace("old", "a"))
    (folder / "mine.txt").write_text(OLD.replace("old", "b"))
    mine = "--provider gmail --app imapsync --token_file .\\mine.txt b@gmail.com"
    calls = ("a@gmail.com", mine, "c@gmail.com")
    script = "".join(f"@call oauth2_imap {words}\n" for words in calls)
    first, second, third = run(stage, script, "perl/loop.bat")
    assert ["an-a-refresh-token-of-you", "an-b-refresh-token-of-you"] == [
        saved(first).refresh,
        saved(second).refresh,
    ]
    assert "imapsync" == saved(second).application
    assert (Result.SIGN_IN, "import_no_tokens") == (third.result, reason(third))


def test_a_script_beside_our_own_files(stage: Stage) -> None:
    """The Perl script and this program keep their tokens in the same place."""
    stage.path.parent.mkdir()
    stage.path.with_name("oauth2_tokens_you@gmail.com.txt").write_text(OLD)
    assert Result.IN_PLACE is one(stage, "@call oauth2_imap you@gmail.com", "loop.bat").result


@pytest.mark.parametrize(
    ("expected", "changes"),
    [
        ("import_tokens_for_other_use", {"scopes": ["https://www.googleapis.com/auth/drive"]}),
        ("import_tokens_expired", {"refresh_token": None}),
        ("import_no_tokens", {"token": "two words", "refresh_token": ""}),
        ("address_with_wrong_character", {"account": "a/b@example.com"}),
        ("value_invalid", {"token_uri": "http://example.com/token"}),
        ("token_uri_alone", {"token_uri": "https://example.com/token"}),
    ],
)
def test_tokens_that_are_of_no_use(stage: Stage, expected: str, changes: dict[str, Any]) -> None:
    """Each says why, and nothing is written."""
    table = {**json.loads(google_json(account=YOU)), **changes}
    done = one(stage, json.dumps(table))
    assert expected == reason(done)
    assert not (done.path and done.path.exists())


def test_a_file_that_cannot_be_read(stage: Stage) -> None:
    """A folder, or nothing at all."""
    how = Import(job_of(stage), read_call, lambda _: False)
    for path in (stage.folder, Path("/nowhere")):
        (done,) = import_file(path, how)
        assert "import_file_unreadable" == reason(done)


def test_protected(stage: Stage) -> None:
    """The refresh token goes into the secret store if the user wants that."""
    kept: dict[str, str] = {}

    class Kept:
        def get(self, entry: str) -> str | None:
            return kept.get(entry)

        def put(self, entry: str, secret: str) -> None:
            kept[entry] = secret

        def delete(self, entry: str) -> None:
            kept.pop(entry, None)

    stage.store = Kept()
    done = one(stage, msal_cache(IMAP), protect=True)
    file = saved(done)
    assert "" == file.refresh
    assert "made-up-refresh-token-of-you" in kept[file.store_entry]

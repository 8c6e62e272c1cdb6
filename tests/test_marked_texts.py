"""Each text that a user reads is marked for translation: a search through the source.

`DONE` are the folders and files that are marked. `NOT_FOR_USERS` are the places in them with texts
that stay as they are, each with the reason.
"""

from collections.abc import Mapping

import pytest

from program import ROOT
from prose import unmarked

DONE = (
    *("core/batch", "core/cli", "core/demo", "core/detection", "core/discovery", "core/doctor"),
    *("core/history", "core/imapsync", "core/importing", "core/keeping", "core/mailbox"),
    *("core/net", "core/oauth", "core/open_requests", "core/providers", "core/registering"),
    *("core/schedule", "core/secret_store", "core/tokenfile", "core/verdicts"),
    *("core/address.py", "core/errors.py", "core/error_lines.py", "core/expectations.py"),
    *("core/events.py", "core/model.py", "core/times.py", "gui"),
)
_A_COMMAND = "a command or an option, as it is typed"
_FOR_PROGRAMS = "names for programs, as --json has them"
_OF_SERVERS = "what servers say"
_A_FILE = "the content of a file: scripts and other programs read it"
_A_DETAIL = "a detail of an error, as servers and systems give it"
_A_NAME = "the name of a program or of a protocol's part"
_LOG = "the log"
NOT_FOR_USERS: Mapping[str, str] = {
    "core/batch/script.py:_LEFT_OUT": _A_FILE,
    "core/batch/script.py:_TITLE": _A_FILE,
    "core/cli/__init__.py:main": _A_COMMAND,
    "core/cli/actions.py:_ENDPOINTS": _A_COMMAND,
    "core/cli/commands.py:COMMANDS": _A_COMMAND,
    "core/cli/entry.py:_run": _A_COMMAND,
    "core/cli/help.py:_EXAMPLES": _A_COMMAND,
    "core/cli/help.py:help_text": _A_COMMAND,
    "core/cli/monitoring.py": "Nagios and similar systems read it",
    "core/cli/providers.py:_about": _A_COMMAND,
    "core/cli/register.py:run": _A_COMMAND,
    "core/cli/schedule.py:_shown": "a comment in a file",
    "core/demo/authorization_server.py": _OF_SERVERS,
    "core/demo/consent_page.py:PAGE": "the frame of the page",
    "core/demo/consent_page.py:QUESTION": "the frame of the page",
    "core/demo/imap_server.py": _OF_SERVERS,
    "core/demo/rehearsal.py:run_demo": _A_NAME,
    "core/discovery/client.py:_read": _A_DETAIL,
    "core/discovery/sign_in_server.py:_in_words": _A_DETAIL,
    "core/discovery/sign_in_server.py:_read": _A_DETAIL,
    "core/doctor/reading.py:TakenAs": _FOR_PROGRAMS,
    "core/imapsync/command.py:CALL_NOTE": _A_FILE,
    "core/imapsync/command.py:REREAD_NOTE": _A_FILE,
    "core/imapsync/command.py:_ARGUMENTS_NOTE": _A_FILE,
    "core/imapsync/command.py:_BATCH": _A_FILE,
    "core/imapsync/command.py:_SH": _A_FILE,
    "core/imapsync/command.py:script": _A_FILE,
    "core/imapsync/pair_script.py": _A_FILE,
    "core/imapsync/run/reading.py:Reading": "nobody is shown it",
    "core/importing/kinds.py:_PGP_TEXT": _A_FILE,
    "core/keeping/awake.py:inhibitor": _A_COMMAND,
    "core/mailbox/imap_login.py:_log_in": _A_DETAIL,
    "core/mailbox/imap_login.py:check_mailbox": _A_NAME,
    "core/mailbox/recording.py": "the values of Happened, which is marked",
    "core/net/connecting.py:_addresses": _A_DETAIL,
    "core/net/faults.py:_TUNNEL_REFUSED": _A_DETAIL,
    "core/net/imap_session.py:_Session.open": _A_DETAIL,
    "core/net/loopback.py": _LOG,
    "core/oauth/admin_consent.py:_COMMAND": _A_COMMAND,
    "core/oauth/admin_consent.py:consent_command": _A_COMMAND,
    "core/oauth/admin_kit.py:_connected": _A_COMMAND,
    "core/oauth/admin_kit.py:_let_in": _A_COMMAND,
    "core/oauth/admin_kit.py:_switch_on": _A_COMMAND,
    "core/oauth/client_parameters.py:credentials_of": _A_NAME,
    "core/oauth/endpoint_check.py:_of_page": _A_DETAIL,
    "core/oauth/endpoint_check.py:_of_token_endpoint": _A_DETAIL,
    "core/oauth/permissions.py:_fault": _A_DETAIL,
    "core/oauth/sign_in/authorization_response.py:_refuse_other_server": _A_DETAIL,
    "core/oauth/sign_in/certificate.py:self_signed": "the certificate",
    "core/oauth/sign_in/installed_browsers.py:_KNOWN": _A_NAME,
    "core/oauth/sign_in/loopback.py:Loopback.__exit__": _A_NAME,
    "core/oauth/sign_in/loopback_server.py": _LOG,
    "core/oauth/sign_in/sign_in.py:DEVICE_CODE": _FOR_PROGRAMS,
    "core/oauth/token_response.py:error_in": _A_DETAIL,
    "core/providers/own_file.py:_HEADER": _A_FILE,
    "core/providers/tables.py:read_tables": _A_DETAIL,
    "core/registering/sharing.py:_HEADER": _A_FILE,
    "core/schedule/cron.py:write": _A_FILE,
    "core/schedule/docker.py": _A_FILE,
    "core/schedule/kubernetes.py": _A_FILE,
    "core/schedule/plan.py:DESCRIPTION": _A_FILE,
    "core/schedule/systemd.py:STEPS": _A_COMMAND,
    "core/schedule/task_scheduler.py": _A_FILE,
    "core/schedule/yaml_lines.py:Data": "types",
    "core/secret_store/macos_keychain.py:_explained": _A_DETAIL,
    "core/secret_store/windows_dpapi.py:_explained": _A_DETAIL,
    "core/tokenfile/folder_warnings.py:_SYNCHRONISERS": _A_NAME,
    "core/tokenfile/format.py": _A_FILE,
    "core/verdicts/google.py:_REVOKED_WORDS": _OF_SERVERS,
    "core/verdicts/other_providers.py:_TOKEN_REFUSED": _OF_SERVERS,
    "core/verdicts/verdict.py:Action": _FOR_PROGRAMS,
    "core/verdicts/verdict.py:Kind": _FOR_PROGRAMS,
    "core/verdicts/verdict.py:Origin": _FOR_PROGRAMS,
    "gui/controllers/import_files.py:_PROGRAMS": _A_NAME,
    "gui/model/bar_message.py:_with_details": "for developers, who get it with a question",
    "gui/startup/smoke_test.py:smoke_test": "for those who build the program",
    "gui/system/autostart_entries.py:_SECTION": "the name of a section in a file",
}


def _files() -> list[str]:
    """The Python files of what is done."""
    found = [file for one in DONE for file in (ROOT / one).rglob("*.py")]
    found += [ROOT / one for one in DONE if one.endswith(".py")]
    return sorted(file.relative_to(ROOT).as_posix() for file in found)


def _places(file: str) -> Mapping[str, str]:
    """Where unmarked texts stand in a file, each with the first of them."""
    texts = unmarked((ROOT / file).read_text("utf-8"))
    return {f"{file}:{text.place}": f"line {text.line}: {text.text}" for text in reversed(texts)}


def _is_exempt(place: str) -> bool:
    file, _colon, names = place.partition(":")
    return not {file, place, f"{file}:{names.partition('.')[0]}"}.isdisjoint(NOT_FOR_USERS)


@pytest.mark.parametrize("file", _files())
def test_each_text_for_users_is_marked(file: str) -> None:
    """Mark it with `_` or `N_`, or say above why it stays."""
    assert {} == {place: text for place, text in _places(file).items() if not _is_exempt(place)}


def test_each_exemption_is_needed() -> None:
    """It goes when its text goes."""
    places = [place for file in _files() for place in _places(file)]
    unused = [one for one in NOT_FOR_USERS if not any(_within(place, one) for place in places)]
    assert [] == unused


def _within(place: str, exempt: str) -> bool:
    return place == exempt or place.startswith((f"{exempt}:", f"{exempt}."))


@pytest.mark.parametrize(
    "line",
    [
        'say("Nothing is saved.")',
        'say(f"{address} is signed in")',
        'say(f"Written: {path}")',
        'say("{count} mailboxes".format(count=3))',
        '_("{reason}", reason="nothing was saved")',
        'state = "not known"',
        'table = {"name": ("one", "two words")}',
        'Option("name", "A B", "help")',
        "say(f\"{shown('two words')}\")",
        "say(f\"  {_('Marked where Babel does not look')}\")",
    ],
)
def test_an_unmarked_text_is_found(line: str) -> None:
    """The search is not blind."""
    assert unmarked(line)


@pytest.mark.parametrize(
    "line",
    [
        '"""What it does."""',
        '_("Nothing is saved.")',
        'say(_("{name} is saved", name=name))',
        'TABLE = {1: N_("Nothing is saved.")}',
        'ngettext("one fly", "{count} flies", n)',
        'Option("name", None, GROUP, "Print this help.")',
        'log.info("token file %s is empty", path)',
        're.compile("is not a token")',
        'raise ValueError("no such thing")',
        'Verdict("a", source="seen by somebody")',
        'path = f"{folder}/{name}"',
        'name = "client_id"',
    ],
)
def test_what_no_user_reads_is_not_found(line: str) -> None:
    """And it does not ask for marks where none belong."""
    assert [] == unmarked(line)

"""Tokens without a user in the window: nobody is asked, and the mailbox is kept fresh."""

from dataclasses import replace
from pathlib import Path

import trustme
from PySide6.QtWidgets import QLineEdit

from gui.model.start_arguments import read_start_arguments
from servers import ADDRESS, MakeStage, changed
from window import MakeWindow


def test_with_a_secret(make_stage: MakeStage, make_stage_window: MakeWindow) -> None:
    """An application of the catalog: the first token and a refresh open no browser."""
    secret = "the-secret-of-the-organisation"
    stage = make_stage(server={"client_secret": secret}, grant="client_credentials")
    application = replace(stage.provider.applications["demo"], client_secret=secret)
    stage.provider = changed(stage.provider, applications={"demo": application})
    driven = make_stage_window(stage)
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: stage.path.exists() and not driven.busy())
    before = stage.file().access
    driven.wait(lambda: [ADDRESS] == driven.addresses())
    driven.click_row(0)
    driven.act("Refresh now")
    driven.wait(lambda: before != stage.file().access)
    assert ([], []) == (stage.browser.opened, driven.failed)
    assert {"client_credentials"} == {stage.file().grant}


def test_with_a_certificate(
    make_stage: MakeStage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """Its path is an option, and says by itself that nobody signs in."""
    stage = make_stage()
    file = tmp_path / "application.pem"
    leaf = trustme.CA().issue_cert(common_name="a", key_type=trustme.KeyType.RSA)
    leaf.private_key_and_cert_chain_pem.write_to_path(file)
    driven = make_stage_window(stage)
    driven.click("Options…")
    driven.type_into(driven.named(QLineEdit, "Client ID"), stage.server.client_id)
    driven.type_into(driven.named(QLineEdit, "Certificate file"), str(file))
    driven.click("Close")
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: stage.path.exists() and not driven.busy())
    assert [] == stage.browser.opened
    assert "client_assertion" in stage.server.last_token_form
    assert str(file) in stage.own_file.read_text()


def test_a_key_file_that_is_not_there(
    make_stage: MakeStage, make_stage_window: MakeWindow, tmp_path: Path
) -> None:
    """It would name the client ID; the error names the file."""
    driven = make_stage_window(make_stage())
    driven.click("Options…")
    driven.type_into(driven.named(QLineEdit, "Key file"), str(tmp_path / "key.json"))
    driven.click("Close")
    driven.type_address(ADDRESS)
    driven.click("Get token")
    driven.wait(lambda: "key.json can't be read" in driven.error())


def test_the_options_of_a_command_line() -> None:
    """The window's fields hold full paths."""
    fields = read_start_arguments(["--certificate", "a.pem", "--key_file", "b.json"]).fields
    assert str(Path("a.pem").absolute()) == fields["certificate"]
    assert str(Path("b.json").absolute()) == fields["key_file"]

"""What a list will take, said before anything is done and without the network."""

from dataclasses import replace
from pathlib import Path

from core.batch.batch import open_batch
from core.batch.forecast import Forecast, forecast_of
from servers import ADDRESS, MakeStage, Stage, changed


def forecast(stage: Stage, text: str) -> Forecast:
    """The forecast for a list with this text."""
    path = stage.folder / "list.csv"
    path.write_text(text, "utf-8")
    return forecast_of(open_batch(path, stage.job()), stage.catalog)


def test_a_file_that_is_there(stage: Stage) -> None:
    """Its token is refreshed, wherever it lies; a new mailbox needs a sign-in."""
    stage.sign_in()
    elsewhere: Path = stage.path.rename(stage.folder / "elsewhere.txt")
    text = f"address,token_file\n{ADDRESS},{elsewhere}\nnew@demo.example,\n"
    assert Forecast(existing=1, unattended=0, sign_ins=1) == forecast(stage, text)


def test_an_application_that_opens_all_mailboxes(make_stage: MakeStage) -> None:
    """It is the provider's default, the default of a domain, or named in the line."""
    stage = make_stage(domains=("demo.example", "company.example"))
    user = stage.provider.applications["demo"]
    company = replace(
        user, application="company", grant="client_credentials", default_for=("company.example",)
    )
    stage.provider = changed(stage.provider, applications={"demo": user, "company": company})
    text = (
        "address,provider,application\n"
        "one@company.example,,\n"
        "two@demo.example,demo,company\n"
        "three@demo.example,demo,\n"
        "four@unknown.example,,\n"
    )
    assert Forecast(existing=0, unattended=2, sign_ins=2) == forecast(stage, text)

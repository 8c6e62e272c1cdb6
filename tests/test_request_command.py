"""Tests of `oauth2_imap request`: the text for the owner, the list, the answer, the end."""

import json
import re

import pytest

from program import Finished, Program, program_of
from servers import ADDRESS, MakeStage, Stage, consented

OTHER = "other@demo.example"


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    """A provider whose last page nobody here receives."""
    return make_stage(redirect_uri="http://localhost")


@pytest.fixture
def program(stage: Stage) -> Program:
    """The program in the mailbox's folder."""
    return program_of(stage)


def request(program: Program, stage: Stage, *words: str, answer: str = "") -> Finished:
    """Run the command; `answer` is what is pasted."""
    return program.run("request", "--ca_file", str(stage.ca_file), *words, stdin=answer)


def link_in(text: str) -> str:
    """The one link in a text."""
    (link,) = re.findall(r"^https://\S+$", text, re.M)
    return str(link)


def answer_to(stage: Stage, text: str) -> str:
    """The last address in the owner's browser, after a sign-in by the link in this text."""
    given = consented(stage, link_in(text))
    return f"http://localhost/?code={given.code}&state={given.state}\n"


def test_the_whole_way(stage: Stage, program: Program) -> None:
    """The text goes to standard output, the owner's answer comes by standard input."""
    made = request(program, stage, ADDRESS)
    assert 0 == made.code, made.err
    assert made.out.startswith(f"Subject: Please sign in to the mailbox {ADDRESS}\n")
    assert "--finish" in made.err
    done = request(program, stage, "--finish", ADDRESS, answer=answer_to(stage, made.out))
    assert 0 == done.code, done.err
    assert f"--oauthaccesstoken1 {stage.path}" in done.out
    assert f"Paste the address that {ADDRESS} has sent to you" in done.err
    assert ADDRESS == stage.server.account_of(stage.file().access)
    again = request(program, stage, "--finish", ADDRESS)
    assert 2 == again.code
    assert f"There is no open sign-in request for {ADDRESS}." in again.err


def test_the_list(stage: Stage, program: Program) -> None:
    """One line a request, without its link; a second run shows the same request."""
    texts = [request(program, stage, address).out for address in (ADDRESS, OTHER, ADDRESS)]
    assert link_in(texts[0]) == link_in(texts[2])
    listed = request(program, stage, "--list")
    assert [ADDRESS, OTHER] == [line.partition(":")[0] for line in listed.out.splitlines()]
    assert "https://" not in listed.out
    assert 0 == request(program, stage, "--cancel", ADDRESS).code
    (left,) = request(program, stage, "--list", "--json").out.splitlines()
    assert OTHER == json.loads(left)["address"]


def test_no_request_is_open(stage: Stage, program: Program) -> None:
    """The list says so, and the other two fail."""
    listed = request(program, stage, "--list")
    assert (0, "") == (listed.code, listed.out)
    assert "There is no open sign-in request" in listed.err
    for option in ("--finish", "--cancel"):
        assert 2 == request(program, stage, option, ADDRESS).code


def test_as_json(stage: Stage, program: Program) -> None:
    """The link is a field of its own."""
    made = json.loads(request(program, stage, "--json", ADDRESS).out)
    promised = {"format", "format_version", "address", "file", "made_at", "ends_at"}
    assert promised | {"link", "text"} == made.keys()
    assert made["link"] == link_in(made["text"])


def test_a_wrong_answer(stage: Stage, program: Program) -> None:
    """What it is, what to do, and that the request stays; exit code 3."""
    other = answer_to(stage, request(program, stage, OTHER).out)
    text = request(program, stage, ADDRESS).out
    wrong = request(program, stage, "--finish", ADDRESS, answer=other)
    assert 3 == wrong.code
    assert "This answer belongs to another sign-in." in wrong.err
    assert f"No answer to the sign-in request for {ADDRESS} was pasted." in wrong.err
    assert "The request stays open until" in wrong.err
    right = request(program, stage, "--finish", ADDRESS, answer=answer_to(stage, text))
    assert 0 == right.code, right.err

"""Tests of `register --issuer`: a registration at a provider that describes itself."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.registering.guides import OPENID
from discoverable import AUTOCONFIG, Domain, domain_of
from program import Program, program_of
from servers import ADDRESS, MakeStage
from test_discover_command import discovery
from test_register_command import refusal, step


@pytest.fixture
def domain(make_stage: MakeStage) -> Iterator[Domain]:
    """A domain with servers of its own, which registers nobody by itself."""
    with domain_of(make_stage()) as running:
        running.describe()
        running.publish_autoconfig(f"<oAuth2><issuer>{running.issuer}</issuer></oAuth2>")
        yield running


@pytest.fixture
def program(domain: Domain) -> Program:
    """The program, which knows none of these servers."""
    program = program_of(domain.stage)
    program.configure(discovery(domain.issuer + AUTOCONFIG))
    return program


def words(domain: Domain, *more: str) -> tuple[str, ...]:
    """The command line for this server."""
    at = ("--issuer", domain.issuer, "--ca_file", str(domain.stage.ca_file), "--timeout", "20")
    return ("register", *at, "--application", "ours", ADDRESS, *more)


def applications(own_file: Path) -> dict[str, str]:
    """The client IDs that are saved, by the names of their applications."""
    providers = tomllib.loads(own_file.read_text()).get("providers", {}).values()
    known = (p.get("applications", {}).items() for p in providers)
    return {name: fields["client_id"] for found in known for name, fields in found}


def test_with_a_client_id(domain: Domain, program: Program) -> None:
    """A wrong one names the step; a right one is saved, and can be handed on."""
    domain.stage.server.faults.append(refusal("invalid_client", "unknown", 401))
    failed = program.run(*words(domain, "--client_id", "demo"))
    assert 1 == failed.code, failed.err
    assert step(OPENID, "Client ID") in failed.err
    assert {} == applications(program.own_file)
    done = program.run(*words(domain, "--client_id", "demo"))
    assert 0 == done.code, done.err
    assert "1. Client: " in done.out
    assert {"ours": "demo"} == applications(program.own_file)
    assert 0 == program.run("register", "--export", "ours", "file.toml").code
    program.own_file.unlink()
    taken = program.run("register", "--import", "file.toml", "--yes")
    assert 0 == taken.code, taken.err
    assert "sign-in page: localhost" in taken.out
    assert {"ours": "demo"} == applications(program.own_file)


def test_the_server_registers_the_program(domain: Domain, program: Program) -> None:
    """Then no client ID is needed."""
    domain.take_clients()
    done = program.run(*words(domain))
    assert 0 == done.code, done.err
    assert 1 == len(domain.registered)
    assert ["ours"] == list(applications(program.own_file))

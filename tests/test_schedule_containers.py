"""`schedule` for containers: the CronJob, its volume, the Dockerfile and the compose file."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.schedule import docker, kubernetes
from core.schedule.plan import Plan
from core.schedule.yaml_lines import yaml_text
from privileges import AS_NOBODY, need_root

ROOT = Path(__file__).resolve().parent.parent
# https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_ITEM, _FIELD = re.compile(r"( *)- (.*)"), re.compile(r"( *)([\w-]+):(?: (.*))?")
TEXTS = st.recursive(
    st.booleans()
    | st.integers()
    | st.text(st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b-c", "d"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """A plan with a price in the name of its folder, which compose would read as a variable."""
    return Plan(
        program=(),
        folder=tmp_path,
        tokens=tmp_path / "only $5" / "tokens",
        addresses=("you@gmail.com", "me$(id)@gmail.com"),
        every=20,
        owner=(1000, 100),
    )


def read_yaml(text: str) -> Any:
    """Read what the program writes of YAML: blocks, and values that are JSON."""
    lines = [line for line in text.split("\n") if line and not line.startswith("#")]
    return _block(lines, 0) if lines else {}


def _block(lines: list[str], depth: int) -> Any:
    """Take the lines of one block from the front."""
    found: Any = [] if lines[0].lstrip().startswith("- ") else {}
    while lines and len(lines[0]) - len(lines[0].lstrip()) == depth:
        item = _ITEM.fullmatch(lines[0])
        if item and isinstance(found, list):
            if _FIELD.fullmatch(item[2]) or item[2].startswith("- "):
                lines[0] = " " * (depth + 2) + item[2]
                found.append(_block(lines, depth + 2))
            else:
                found.append(json.loads(item[2]))
                lines.pop(0)
            continue
        field = _FIELD.fullmatch(lines.pop(0))
        assert field is not None
        found[field[2]] = json.loads(field[3]) if field[3] else _block(lines, depth + 2)
    return found


@given(st.dictionaries(st.sampled_from(["a", "b-c", "d"]), TEXTS, min_size=1, max_size=3))
def test_yaml_is_read_as_it_was_written(data: dict[str, Any]) -> None:
    """Any text, also one that looks like a number, a comment or a list."""
    assert data == read_yaml(yaml_text(data, comments=["by oauth2_imap"]))


def test_the_cron_job_keeps_the_rules(plan: Plan) -> None:
    """Required fields, names, and mounts that name a volume."""
    volume, job = (read_yaml(written.text) for written in kubernetes.write(plan))
    assert ("v1", "PersistentVolumeClaim") == (volume["apiVersion"], volume["kind"])
    assert ("batch/v1", "CronJob") == (job["apiVersion"], job["kind"])
    assert kubernetes.cron_job(plan) == job
    assert "*/20 * * * *" == job["spec"]["schedule"]
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["restartPolicy"] in ("Never", "OnFailure")
    names = [job["metadata"]["name"], volume["metadata"]["name"], *_values(pod, "name")]
    assert [] == [name for name in names if not NAME.fullmatch(name)]
    volumes = {one["name"]: one for one in pod["volumes"]}
    for container in (*pod["initContainers"], *pod["containers"]):
        assert {"name", "image", "command", "volumeMounts"} <= container.keys()
        assert {mount["name"] for mount in container["volumeMounts"]} <= volumes.keys()
    claim = volumes["tokens"]["persistentVolumeClaim"]["claimName"]
    assert volume["metadata"]["name"] == claim
    assert 65534 == pod["securityContext"]["runAsUser"] == pod["securityContext"]["runAsGroup"]


def test_kubernetes_replaces_nothing_in_the_command(plan: Plan) -> None:
    """$(id) is a part of the address, not a variable."""
    job: Any = kubernetes.cron_job(plan)
    [container] = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    options = ["oauth2_imap", "--refresh_only", "--min_left", "40"]
    assert [*options, "you@gmail.com", "me$$(id)@gmail.com"] == container["command"]


def _values(data: Any, key: str) -> Iterator[str]:
    if isinstance(data, dict):
        yield from (value for name, value in data.items() if name == key)
    children = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    for child in children:
        yield from _values(child, key)


def test_the_secret_fills_the_volume_once(plan: Plan, tmp_path: Path) -> None:
    """As nobody: a new token file is private, and the newer tokens of the volume stay."""
    need_root()
    tmp_path.chmod(0o755)
    secret, tokens = tmp_path / "secret", tmp_path / "tokens"
    for folder in (secret, tokens):
        folder.mkdir()
        os.chown(folder, kubernetes.NOBODY, kubernetes.NOBODY)
    for name in ("old.txt", "new.txt"):
        (secret / name).write_text(f"{name} of the secret", "ascii")
    (tokens / "old.txt").write_text("newer", "ascii")
    job: Any = kubernetes.cron_job(plan)
    [fill] = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["initContainers"]
    *shell, script = fill["command"]
    script = script.replace("/secret", str(secret)).replace("/work/tokens", str(tokens))
    subprocess.run([*AS_NOBODY, *shell, script], check=True)
    assert "newer" == (tokens / "old.txt").read_text("ascii")
    assert "new.txt of the secret" == (tokens / "new.txt").read_text("ascii")
    made = (tokens / "new.txt").stat()
    assert (0o600, 65534) == (made.st_mode & 0o777, made.st_uid)
    assert {"old.txt", "new.txt"} == {path.name for path in tokens.iterdir()}


def test_the_compose_file(plan: Plan) -> None:
    """Both run as the owner of the tokens and mount their folder; imapsync can't write there."""
    _, written = docker.write_compose(plan)
    services = read_yaml(written.text)["services"]
    assert {"oauth2_imap", "imapsync"} == services.keys()
    assert {"1000:100"} == {service["user"] for service in services.values()}
    mounts = [mount for service in services.values() for mount in service["volumes"]]
    assert [False, True] == [mount["read_only"] for mount in mounts]
    source = str(plan.tokens).replace("$", "$$")
    assert {(source, "/work/tokens")} == {(one["source"], one["target"]) for one in mounts}
    assert "/work/tokens/oauth2_tokens_you@gmail.com.txt" == services["imapsync"]["command"][-1]
    loop = services["oauth2_imap"]["command"]
    assert ["--loop", "--refresh_only", "--every", "20", "you@gmail.com"] == loop[:5]


def test_the_dockerfile_copies_what_is_there() -> None:
    """The locks by which the program is installed; it does not run as root."""
    [written] = docker.write(Plan((), Path(), Path(), (), 30))
    assert list(ROOT.glob("requirements*.lock"))
    assert "--require-hashes -r requirements.lock" in written.text
    assert written.text.splitlines()[-2:] == ["USER nobody:nogroup", 'ENTRYPOINT ["oauth2_imap"]']

"""A Dockerfile for this program, and a compose file with it beside imapsync's official image.

That image runs as nobody. Here both containers run as the owner of the token files instead, so that
the files stay private to one user.
"""

from collections.abc import Mapping

from ..i18n.translation import N_
from .plan import NAME, TOKENS, WORK, Plan, Written
from .yaml_lines import Data, yaml_text

DOCKER_STEPS = (
    N_("Copy the Dockerfile into the folder of the source code of oauth2_imap"),
    f"docker build -t {NAME} .",
)
COMPOSE_STEPS = (
    *DOCKER_STEPS,
    N_("Complete the command of imapsync in compose.yaml"),
    f"docker compose up -d {NAME} && docker compose run --rm imapsync",
)
IMAPSYNC = "gilleslamiral/imapsync"
# /work is open to any user, since the owner of the tokens is known only when the container starts.
_DOCKERFILE = f"""\
FROM python:3.13-slim
WORKDIR /opt/{NAME}
COPY requirements*.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN pip install --no-cache-dir setuptools && pip install --no-cache-dir --no-deps \\
    --no-build-isolation -e . && mkdir -p {TOKENS} && chmod 1777 {WORK} {TOKENS}
ENV OAUTH2_IMAP_HOME={WORK}/home
WORKDIR {WORK}
USER nobody:nogroup
ENTRYPOINT ["{NAME}"]
"""


def write(plan: Plan) -> list[Written]:
    """The Dockerfile, which is the same for everybody."""
    del plan
    return [Written("Dockerfile", _DOCKERFILE)]


def write_compose(plan: Plan) -> list[Written]:
    """The Dockerfile and the compose file."""
    return [Written("Dockerfile", _DOCKERFILE), Written("compose.yaml", yaml_text(compose(plan)))]


def compose(plan: Plan) -> dict[str, Data]:
    """Two services. The folder is mounted, since a mounted file can't be replaced."""
    user = f"{plan.owner[0]}:{plan.owner[1]}"
    loop = ("--loop", "--refresh_only", "--every", str(plan.every), *plan.named_in_container)
    files = [
        str(TOKENS / (plan.token_file.name if plan.token_file else f"oauth2_tokens_{address}.txt"))
        for address in plan.addresses[:1] or ("you@example.com",)
    ]
    imapsync: Mapping[str, Data] = {
        "image": IMAPSYNC,
        "user": user,
        "profiles": ["by hand"],
        "volumes": [_mounted(plan, read_only=True)],
        "command": ["imapsync", "--oauthaccesstoken1", *map(_literal, files)],
    }
    return {
        "services": {
            NAME: {
                "image": NAME,
                "user": user,
                "restart": "unless-stopped",
                "working_dir": str(WORK),
                "volumes": [_mounted(plan, read_only=False)],
                "command": [_literal(word) for word in loop],
            },
            "imapsync": imapsync,
        }
    }


def _mounted(plan: Plan, *, read_only: bool) -> dict[str, Data]:
    return {
        "type": "bind",
        "source": _literal(str(plan.tokens)),
        "target": str(TOKENS),
        "read_only": read_only,
    }


def _literal(word: str) -> str:
    """Compose replaces $NAME and ${NAME}."""
    return word.replace("$", "$$")

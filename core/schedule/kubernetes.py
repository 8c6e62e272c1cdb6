"""A CronJob of Kubernetes, with the tokens in a volume that a Secret fills once.

A Secret alone is not enough: it is mounted read-only, and a refresh must save new tokens.
https://kubernetes.io/docs/concepts/configuration/secret/
"""

from ..i18n.translation import N_
from .plan import NAME, TOKENS, WORK, Plan, Written
from .yaml_lines import Data, yaml_text

STEPS = (
    N_(
        "Build the image (oauth2_imap schedule --for docker writes the Dockerfile), push it to "
        "your registry, and write its name into oauth2_imap.cronjob.yaml"
    ),
    N_(
        "kubectl create secret generic oauth2_imap-tokens --from-file={tokens}    (once: the "
        "tokens of your sign-ins)"
    ),
    f"kubectl apply -f {NAME}.volume.yaml -f {NAME}.cronjob.yaml",
    N_("Mount the same volume in the job of imapsync, and let it run as the same user."),
)
NOBODY = 65534  # nobody:nogroup, as whom imapsync's official image runs
IMAGE = f"registry.example.com/{NAME}:latest"
_OBJECT = "oauth2-imap"  # a name of Kubernetes has no underscore
_CLAIM = f"{_OBJECT}-tokens"
_SECRET = "/secret"  # noqa: S105  # a folder
# Only files that are not there: the volume has newer tokens than the Secret. mv, since a copy that
# was interrupted must not stay as a token file.
_FILL = f"""\
umask 077
for file in {_SECRET}/*; do
  target="{TOKENS}/${{file##*/}}"
  [ -e "$target" ] || {{ cp "$file" "$target.part" && mv "$target.part" "$target"; }}
done"""


def write(plan: Plan) -> list[Written]:
    """The volume and the CronJob."""
    return [
        Written(f"{NAME}.volume.yaml", yaml_text(_volume())),
        Written(f"{NAME}.cronjob.yaml", yaml_text(cron_job(plan))),
    ]


def _volume() -> dict[str, Data]:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": _CLAIM},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "1Gi"}},
        },
    }


def cron_job(plan: Plan) -> dict[str, Data]:
    """The CronJob. Runs never overlap, and none runs for longer than ten minutes."""
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": _OBJECT},
        "spec": {
            "schedule": f"*/{plan.every} * * * *",
            "concurrencyPolicy": "Forbid",
            "jobTemplate": {
                "spec": {
                    "backoffLimit": 0,
                    "activeDeadlineSeconds": 600,
                    "template": {"spec": _pod(plan)},
                }
            },
        },
    }


def _pod(plan: Plan) -> dict[str, Data]:
    tokens: dict[str, Data] = {"name": "tokens", "mountPath": str(TOKENS)}
    secret: dict[str, Data] = {"name": "secret", "mountPath": _SECRET, "readOnly": True}
    return {
        "restartPolicy": "Never",
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": NOBODY,
            "runAsGroup": NOBODY,
            "fsGroup": NOBODY,
        },
        "initContainers": [
            {
                "name": "fill",
                "image": IMAGE,
                "command": ["sh", "-c", _FILL],
                "volumeMounts": [tokens, secret],
            }
        ],
        "containers": [
            {
                "name": _OBJECT,
                "image": IMAGE,
                "workingDir": str(WORK),
                "command": [_literal(word) for word in plan.in_container],
                "volumeMounts": [tokens],
            }
        ],
        "volumes": [
            {"name": "tokens", "persistentVolumeClaim": {"claimName": _CLAIM}},
            {"name": "secret", "secret": {"secretName": _CLAIM}},
        ],
    }


def _literal(word: str) -> str:
    """Kubernetes replaces $(NAME) in a command."""
    return word.replace("$(", "$$(")

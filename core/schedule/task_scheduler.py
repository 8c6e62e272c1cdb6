"""A task of the Task Scheduler of Windows.

https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema
"""

import subprocess
from pathlib import PureWindowsPath
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ..i18n.translation import N_
from .plan import DESCRIPTION, NAME, Plan, Written

STEPS = (
    f"schtasks /Create /TN {NAME} /XML {NAME}.xml",
    N_("schtasks /Run /TN oauth2_imap    (starts it once, to try it)"),
    N_("It runs while you are logged in. The secret store of Windows needs that."),
)
NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_HEAD = '<?xml version="1.0" encoding="UTF-16"?>\n'
_SINCE = "2026-01-01T00:00:00"  # any moment in the past: the repetition counts from there
_SETTINGS = {
    "MultipleInstancesPolicy": "IgnoreNew",
    "DisallowStartIfOnBatteries": "false",
    "StopIfGoingOnBatteries": "false",
    "StartWhenAvailable": "true",
    "ExecutionTimeLimit": "PT10M",
}


def write(plan: Plan) -> list[Written]:
    """The task as XML; schtasks reads it in UTF-16."""
    task = Element("Task", version="1.2", xmlns=NAMESPACE)
    _texts(SubElement(task, "RegistrationInfo"), {"Description": DESCRIPTION})
    trigger = SubElement(SubElement(task, "Triggers"), "TimeTrigger")
    _texts(SubElement(trigger, "Repetition"), {"Interval": f"PT{plan.every}M"})
    _texts(trigger, {"StartBoundary": _SINCE, "Enabled": "true"})
    principal = SubElement(SubElement(task, "Principals"), "Principal", id="Author")
    _texts(principal, {"LogonType": "InteractiveToken", "RunLevel": "LeastPrivilege"})
    _texts(SubElement(task, "Settings"), _SETTINGS)
    actions = SubElement(task, "Actions", Context="Author")
    program, *arguments = plan.program
    _texts(
        SubElement(actions, "Exec"),
        {
            "Command": _without_console(program),
            "Arguments": subprocess.list2cmdline([*arguments, *plan.here]),
            "WorkingDirectory": str(plan.folder),
        },
    )
    indent(task)
    text = _HEAD + tostring(task, "unicode") + "\n"
    return [Written(f"{NAME}.xml", text, encoding="utf-16")]


def _without_console(program: str) -> str:
    """The program of the window, which opens no console at each run; it lies beside the other."""
    path = PureWindowsPath(program)
    return str(path.with_name(f"{NAME}.exe")) if path.name == f"{NAME}_cli.exe" else program


def _texts(parent: Element, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        SubElement(parent, name).text = text

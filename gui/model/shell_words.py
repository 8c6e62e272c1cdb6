"""What the window says of the programs into which a command can be pasted."""

from core.i18n.translation import N_
from core.imapsync.shell_quoting import Shell

SHELLS = {
    Shell.SH: N_("Terminal (sh, bash, zsh)"),
    Shell.CMD: N_("Command Prompt (cmd)"),
    Shell.WSL: N_("WSL (Linux on Windows)"),
    Shell.DOCKER: N_("Docker, from the Command Prompt"),
}
PASTE = {
    Shell.SH: N_("Copied. Paste the command into a terminal and press Enter."),
    Shell.CMD: N_("Copied. Paste the command into a Command Prompt and press Enter."),
    Shell.WSL: N_("Copied. Paste the command into a WSL terminal and press Enter."),
    Shell.DOCKER: N_("Copied. Paste the command into a Command Prompt and press Enter."),
}

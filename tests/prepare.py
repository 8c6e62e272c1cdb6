"""Installs what the thorough tests need beyond Python, before they run in parallel.

    python tests/prepare.py

What can't be installed here is printed with the reason. The tests that need it are then skipped, or
fail in CI.
"""

from bed import install
from benchmarks.mutt import mutt_oauth2
from wine import install as wine_install

PARTS = (
    install.qt_libraries,
    install.xvfb,
    install.secret_service,
    install.accessibility_bus,
    install.btrfs,
    install.node,
    install.oidc_provider,
    install.dovecot,
    install.chromium,
    install.actionlint,
    install.desktop_file_validate,
    install.shells,
    install.wixl,
    mutt_oauth2,
    wine_install.wine,
    wine_install.windows_python,
    wine_install.bare_python,
)


def main() -> None:
    """Install each part that is missing."""
    for part in PARTS:
        try:
            part()
        except install.MissingPart as missing:
            print(f"Some tests can't run here: {missing}", flush=True)


if __name__ == "__main__":
    main()

"""Where things lie: the shipped data, and the folders of the user."""

from pathlib import Path

# From source, from a wheel and in a frozen program alike (docs/DECISIONS.md).
RESOURCES = Path(__file__).resolve().parent.parent / "resources"
TOKENS = "tokens"
_NAME = "oauth2_imap"


def user_config_folder() -> Path:
    """Where the user's own providers.toml lies."""
    import platformdirs

    return platformdirs.user_config_path(_NAME, appauthor=False, roaming=True)


def user_data_folder() -> Path:
    """Where tokens go when the usual folder can't be written."""
    import platformdirs

    return platformdirs.user_data_path(_NAME, appauthor=False)


def user_log_folder() -> Path:
    """Where the rotating log lies."""
    import platformdirs

    return platformdirs.user_log_path(_NAME, appauthor=False)

"""Python's own `import`, which PySide replaces.

With PySide's, a module can choose other names for Qt's methods (`from __feature__ import
snake_case`). No module here does. For that choice PySide reads the source of each module that is
imported after Qt: a tenth of the time until the window is complete.
https://github.com/napari/napari/issues/8584
"""

import builtins


def restore() -> None:
    """Import Qt, and use Python's own `import` again."""
    import PySide6.QtCore  # noqa: F401  # it replaces `import`

    # The name under which PySide keeps it; another version may do without it.
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)

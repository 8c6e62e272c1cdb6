"""Windows without Windows: a Windows Python and the programs that it builds, under Wine.

Python is CPython's own for Windows. The libraries, PyInstaller and pytest are the wheels for
Windows of requirements-dev.lock. What Wine can't show is in docs/RELEASING.md.
"""

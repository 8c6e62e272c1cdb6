"""Windows without Windows: a real Windows Python, and the programs it builds, under Wine.

Python is CPython's own for Windows. The libraries and PyInstaller are the wheels for Windows of
requirements-build.lock. What Wine can't show is in docs/RELEASING.md.
"""

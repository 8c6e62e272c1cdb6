"""Windows without Windows: a real Windows Python, and the programs it builds, under Wine.

Python is CPython's own for Windows, the libraries are the wheels for Windows of requirements.lock,
PyInstaller runs among them. What Wine can't show is in docs/RELEASING.md.
"""

#!/bin/sh
# Builds the programs of this checkout into dist/, on Linux and macOS (build_exe.bat is for Windows).
#
#     ./build_exe.sh
#
# PYTHON names the Python to build with, python3 otherwise. Everything is installed into build/venv,
# from requirements.lock. What is done then stands in release/build.py.
set -eu
cd "$(dirname "$0")"

stop() {
    echo "The build stopped: $1" >&2
    exit 1
}

python=${PYTHON:-python3}
command -v "$python" >/dev/null ||
    stop "there is no $python. Install Python 3.11 or newer, or name one: PYTHON=/path/to/python3 ./build_exe.sh"
"$python" release/check_python.py || exit 1
"$python" -m venv --clear build/venv ||
    stop "$python can't make a virtual environment. On Debian: apt-get install python3-venv"
# The lock names everything, so pip has nothing to resolve.
build/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock ||
    stop "what requirements.lock names could not be installed. Is the network there?"
exec build/venv/bin/python release/build.py

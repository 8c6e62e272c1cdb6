#!/bin/sh
# Builds the programs of this checkout into dist/, on Linux and macOS (build_exe.bat is for Windows).
#
#     ./build_exe.sh
#
# PYTHON names the Python to build with; the default is python3. What a build needs is installed into
# build/venv, as requirements-build.lock pins it. release/build.py does the rest.
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
build/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-build.lock ||
    stop "requirements-build.lock could not be installed; the reason is above. Is the network there?"
exec build/venv/bin/python release/build.py

#!/bin/sh
# Builds the programs of this checkout into dist/, on Linux and macOS. Use build_exe.bat on Windows.
#
#     ./build_exe.sh
#
# The variable PYTHON can name the Python for the build; the default is python3. The packages that
# requirements-build.lock pins are installed into build/venv. release/build.py does the rest.
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
echo "Installing the packages, about 120 MB"
# The lock file lists all packages, so pip doesn't have to resolve dependencies.
build/venv/bin/python -m pip install --disable-pip-version-check --no-compile --only-binary :all: --no-deps --require-hashes -r requirements-build.lock ||
    stop "requirements-build.lock could not be installed; the reason is above. Is the network there?"
exec build/venv/bin/python release/build.py

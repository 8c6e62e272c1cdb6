"""An installed wheel works: `pipx install .` from a checkout finds its data and its command."""

import subprocess
import sys
import venv
from pathlib import Path

import core

ROOT = Path(__file__).resolve().parent.parent


def test_a_wheel_runs_in_an_environment_of_its_own(tmp_path: Path) -> None:
    """Built, installed beside the pinned libraries, started by its command from elsewhere."""
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT],
        check=True,
        capture_output=True,
    )
    wheel = next(tmp_path.glob("*.whl"))
    home = tmp_path / "environment"
    venv.create(home, with_pip=True, system_site_packages=False)
    scripts = home / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run(
        [scripts / "python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel],
        check=True,
    )
    libraries = "\n".join(path for path in sys.path if path.endswith("site-packages"))
    (next(home.rglob("site-packages")) / "pinned.pth").write_text(libraries)
    done = subprocess.run(
        [scripts / "oauth2_imap", "providers"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "", "HOME": str(tmp_path), "SYSTEMROOT": "C:\\Windows"},
    )
    assert "office365" in done.stdout
    version = subprocess.run(
        [scripts / "oauth2_imap", "--version"], capture_output=True, text=True, check=True
    )
    assert f"oauth2_imap {core.__version__}\n" == version.stdout

"""Makes an MSI package of the folder variant for Windows, with Debian's wixl.

    python release/msi.py oauth2_imap-VERSION-windows-x86_64.zip

It needs no Windows. The package installs for all users, silently if wanted (`msiexec /i FILE /qn`),
so administrators can send it to many computers. It contains the files of the zip file and nothing
that runs while it installs, and it leaves the users' own files alone.
"""

import shutil
import subprocess
import sys
import tempfile
import uuid
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET  # only writes

from project import REPOSITORY, ROOT, VERSION, WINDOW, BuildProblem

# Windows takes a package with the same code for another version of the same program.
UPGRADE_CODE = uuid.UUID("bd0ab6a4-71d0-4d2e-9d1d-0b7d3e6e6a64")
_NAMESPACE = "http://schemas.microsoft.com/wix/2006/wi"
_MAKER = "oauth2_imap"
_ICON = "oauth2_imap.ico"
_NEWER = "A newer version of oauth2_imap is installed."


def make(archive: Path, version: str = VERSION) -> Path:
    """Write the package beside the zip file; returns its path."""
    target = archive.with_suffix(".msi")
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(archive).extractall(folder)
        shutil.copy(ROOT / "resources" / "icons" / _ICON, folder)
        source = Path(folder) / "package.wxs"
        source.write_bytes(document(Path(folder) / WINDOW, version))
        _wixl(source, target)
    return target


def document(folder: Path, version: str) -> bytes:
    """The WiX source of a package with all files of a folder."""
    root = ET.Element("Wix", xmlns=_NAMESPACE)
    product = ET.SubElement(
        root,
        "Product",
        Id=_guid("product", version),
        UpgradeCode=str(UPGRADE_CODE).upper(),
        Name=WINDOW,
        Version=version,
        Manufacturer=_MAKER,
        Language="1033",
    )
    ET.SubElement(
        product,
        "Package",
        InstallerVersion="500",
        Compressed="yes",
        InstallScope="perMachine",
    )
    ET.SubElement(product, "MajorUpgrade", DowngradeErrorMessage=_NEWER)
    ET.SubElement(product, "MediaTemplate", EmbedCab="yes")
    ET.SubElement(product, "Property", Id="ARPURLINFOABOUT", Value=REPOSITORY)
    ET.SubElement(product, "Icon", Id=_ICON, SourceFile=_ICON)
    ET.SubElement(product, "Property", Id="ARPPRODUCTICON", Value=_ICON)
    top = ET.SubElement(product, "Directory", Id="TARGETDIR", Name="SourceDir")
    ET.SubElement(top, "Directory", Id="ProgramMenuFolder")
    programs = ET.SubElement(top, "Directory", Id="ProgramFiles64Folder")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    _add_files(ET.SubElement(programs, "Directory", Id="INSTALLDIR", Name=WINDOW), folder, files)
    feature = ET.SubElement(product, "Feature", Id="Everything", Level="1", Title=WINDOW)
    for component in root.iter("Component"):
        ET.SubElement(feature, "ComponentRef", Id=component.get("Id", ""))
    return bytes(ET.tostring(root, "utf-8", xml_declaration=True))


def _add_files(top: ET.Element, folder: Path, files: Iterable[Path]) -> None:
    """A component a file, as Windows wants it, in a tree of directories."""
    directories = {PurePosixPath("."): top}
    for file in files:
        name = PurePosixPath(file.relative_to(folder).as_posix())
        component = ET.SubElement(
            _directory(name.parent, directories),
            "Component",
            Id=_id("c", name),
            Guid=_guid("component", str(name)),
            Win64="yes",
        )
        ET.SubElement(
            component,
            "File",
            Id=_id("f", name),
            Name=name.name,
            Source=f"{WINDOW}/{name}",
            KeyPath="yes",
        )
        if name == PurePosixPath(f"{WINDOW}.exe"):
            ET.SubElement(
                component,
                "Shortcut",
                Id="StartMenu",
                Directory="ProgramMenuFolder",
                Name=WINDOW,
                Target=f"[INSTALLDIR]{name}",
                WorkingDirectory="INSTALLDIR",
            )


def _directory(name: PurePosixPath, known: dict[PurePosixPath, ET.Element]) -> ET.Element:
    if name not in known:
        above = _directory(name.parent, known)
        known[name] = ET.SubElement(above, "Directory", Id=_id("d", name), Name=name.name)
    return known[name]


def _id(kind: str, name: PurePosixPath) -> str:
    """An identifier: names of files have characters that are not allowed there."""
    return f"{kind}{uuid.uuid5(UPGRADE_CODE, str(name)).hex}"


def _guid(what: str, name: str) -> str:
    """The same for each build, so that Windows knows a file of an earlier version again."""
    return str(uuid.uuid5(UPGRADE_CODE, f"{what} {name}")).upper()


def _wixl(source: Path, target: Path) -> None:
    program = shutil.which("wixl")
    if program is None:
        raise BuildProblem("wixl isn't installed: apt-get install wixl")
    command = [program, "--arch", "x64", "--output", str(target.resolve()), source.name]
    done = subprocess.run(  # noqa: S603  # our own paths
        command, cwd=source.parent, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BuildProblem(f"wixl failed: {done.stderr.strip()}")


if __name__ == "__main__":
    print(make(Path(sys.argv[1])))

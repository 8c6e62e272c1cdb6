"""Who else may read a token file: modes, and Windows' access lists as text."""

from pathlib import Path

import pytest

from core.tokenfile.folder_warnings import folder_warnings
from core.tokenfile.readers import (
    other_readers,
    readers_in_list,
    readers_in_mode,
    remedy,
    warning_of_readers,
)

ME = "S-1-5-21-1004336348-1177238915-682003330-1001"
PRIVATE = f"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;{ME})"


@pytest.mark.parametrize(
    ("sddl", "expected"),
    [
        (PRIVATE, ()),
        ("D:PAI(A;;FA;;;OW)(A;;FA;;;SY)(A;;FA;;;BA)", ()),
        # a folder below C:\, as Windows makes it
        (
            "D:AI(A;ID;FA;;;BA)(A;ID;FA;;;SY)(A;ID;0x1200a9;;;BU)(A;ID;0x1301bf;;;AU)",
            ("Users", "Authenticated Users"),
        ),
        ("D:AI(A;OICIID;FA;;;WD)", ("Everyone",)),
        (f"{PRIVATE}(A;;FR;;;WD)(A;;FR;;;BU)(A;;FRFX;;;BG)", ("Everyone", "Users", "Guests")),
        (f"{PRIVATE}(A;;GR;;;AN)", ("Anonymous",)),
        (f"{PRIVATE}(A;;GA;;;IU)", ("Interactive users",)),
        (f"{PRIVATE}(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;AU)", ("Authenticated Users",)),
        (f"{PRIVATE}(A;;0x80000000;;;S-1-5-11)", ("Authenticated Users",)),
        (f"{PRIVATE}(A;;FR;;;S-1-5-21-1004336348-1177238915-682003330-513)", ("Domain Users",)),
        (f"{PRIVATE}(XA;;FR;;;WD;(@User.Project Any_of 1))", ("Everyone",)),
        ("D:(A;;FR;;;WD)(A;ID;FA;;;WD)", ("Everyone",)),
        # no right to read the content
        (f"{PRIVATE}(A;;FW;;;WD)(A;;FX;;;BU)(A;;RCSDWDWO;;;AU)", ()),
        (f"{PRIVATE}(A;;0x100080;;;WD)", ()),
        (f"{PRIVATE}(A;OICIIO;FA;;;WD)", ()),  # for what will be made inside alone
        (f"{PRIVATE}(AU;SAFA;FA;;;WD)", ()),  # a record of who reads, not a permission
        ("D:(D;;FA;;;WD)(A;;FA;;;WD)", ()),
        ("D:(A;;FA;;;WD)(D;;FA;;;WD)", ("Everyone",)),
        # an empty list lets nobody in, a missing one everybody
        ("D:", ()),
        ("D:PAI", ()),
        ("D:NO_ACCESS_CONTROL", ("Everyone",)),
        ("", ("Everyone",)),
    ],
)
def test_who_an_access_list_lets_read(sddl: str, expected: tuple[str, ...]) -> None:
    """Groups that anybody may be in, each once; never the owner, the system, administrators."""
    assert expected == readers_in_list(sddl)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (0o100600, ()),
        (0o100622, ()),
        (0o100640, ("its group",)),
        (0o100644, ("every user of this computer",)),
        (0o100604, ("every user of this computer",)),
    ],
)
def test_who_a_mode_lets_read(mode: int, expected: tuple[str, ...]) -> None:
    """Writing alone shows nothing."""
    assert expected == readers_in_mode(mode)


@pytest.mark.only_on("posix", reason="Windows has access lists")
def test_a_files_readers_are_told(tmp_path: Path) -> None:
    """The sentence names the file, who it is and what repairs it; private or absent: no word."""
    path = tmp_path / "oauth2_tokens_you@example.com.txt"
    assert "" == warning_of_readers(path)
    path.touch(0o600)
    assert ((), [], "") == (
        other_readers(path),
        folder_warnings(tmp_path),
        warning_of_readers(path),
    )

    path.chmod(0o644)

    told = warning_of_readers(path)
    assert told.startswith(f"{path} can be read by every user of this computer: ")
    assert [told] == folder_warnings(tmp_path)


@pytest.mark.parametrize("sign", list('"%!$`'))
def test_no_command_for_a_folder_that_acts_in_a_shell(sign: str) -> None:
    """The command to copy has the folder in quotes, where these signs keep their meaning."""
    folder = Path("/a b&c;d")
    assert f'icacls "{folder}" /inh' in remedy(folder / "x.txt", "win32")
    assert "icacls" not in remedy(Path(f"/a{sign}b/x.txt"), "win32")

"""The benchmarks run, the work grows as it should, and the tables are made of what they measure.

No time is judged here: a busy computer makes every time long. People judge the times of a whole run
(docs/PERFORMANCE.md). The benchmark of the Windows programs has its test in tests/wine.
"""

import json
import time
from importlib import import_module
from pathlib import Path

import pytest

import bench
from bed.fixtures import do_without
from bed.install import MissingPart
from benchmarks.status import fill
from benchmarks.table import HEAD, Compared, Row, as_table, write_between
from core.mailbox.inventory import mailboxes_in
from core.providers.catalog import load_catalog

# The work for ten times as many is ten times as much. It would be a hundred times as much if each
# looked at all others. In between there is room for a busy computer.
ROOM = 30.0


def measured(name: str) -> list[Row]:
    """The rows of a benchmark's short form."""
    try:
        return list(import_module(f"benchmarks.{name}").rows(short=True))
    except MissingPart as missing:
        do_without(missing)


@pytest.mark.only_on("linux", reason="they start an Xvfb, and use shell scripts")
@pytest.mark.parametrize(
    "name", [n for n in bench.NAMES if n not in ("keeper", "windows_programs")]
)
def test_each_benchmark_measures(name: str) -> None:
    """Each row has a figure of ours and one of its yardstick, and a line in the table."""
    rows = measured(name)
    assert rows
    assert all(min(row.ours) > 0 and min(row.theirs) > 0 for row in rows)
    assert len(rows) == as_table(rows).count("\n") - 1


def test_a_refresh_costs_the_same_among_many() -> None:
    """CPU time of one refresh among 1,000 mailboxes, beside one among 100."""
    *each, growth = measured("keeper")
    assert all(min(row.ours) > 0 and min(row.theirs) > 0 for row in each)
    assert growth.result < ROOM / 10


def test_the_work_of_a_listing_grows_with_the_files(tmp_path: Path) -> None:
    """CPU time of 1,000 files, beside 100."""
    catalog = load_catalog(tmp_path / "providers.toml")
    fill(tmp_path / "few", 100)
    fill(tmp_path / "many", 1_000)

    def cpu(folder: Path) -> float:
        begin = time.thread_time()
        mailboxes_in(folder, catalog)
        return time.thread_time() - begin

    few, many = (min(cpu(tmp_path / name) for _ in range(3)) for name in ("few", "many"))
    assert many < few * ROOM


ROWS = [
    # ours, the yardstick's, goal, how, and the last three columns
    ([30.0, 20.0, 10.0], [10.0], 2.0, Compared.TIMES, "2.00 times | 2 times | met"),
    ([21.0], [10.0], 2.0, Compared.TIMES, "2.10 times | 2 times | **missed**"),
    ([70.0], [10.0], 60.0, Compared.MORE, "60.0 ms more | 60 ms more | met"),
    ([100.4], [1.0], 100.0, Compared.ALONE, "100 ms | 100 ms | met"),
    ([0.097], [0.001], 0.1, Compared.ALONE, "0.097 ms | 0.1 ms | met"),
    ([5.0], [10.0], None, Compared.TIMES, "0.50 times |  | "),
]


@pytest.mark.parametrize(("ours", "theirs", "goal", "compared", "expected"), ROWS)
def test_a_row_judges_what_it_shows(
    ours: list[float], theirs: list[float], goal: float | None, compared: Compared, expected: str
) -> None:
    """The medians are compared, and the verdict fits the digits that are printed."""
    row = Row("what", ours, "yardstick", theirs, goal, "ms", compared)
    assert row.as_line().endswith(f"| {expected} |")
    assert row.as_data()["met"] is ("missed" not in expected)


def test_the_command_saves_and_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It prints the table, saves every figure, and replaces this table in the document alone."""
    document, saved = tmp_path / "PERFORMANCE.md", tmp_path / "build" / "benchmarks.json"
    document.write_text(bench.DOCUMENT.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(bench, "DOCUMENT", document)
    monkeypatch.setattr(bench, "SAVED", saved)
    before = document.read_text("utf-8").split("<!-- measured: ")

    assert 0 == bench.main(["status", "--short", "--write"])

    printed = capsys.readouterr().out
    table = printed[printed.index(HEAD) :].strip()
    (here,) = {line for line in printed.splitlines() if "cores: " in line}
    after = document.read_text("utf-8").split("<!-- measured: ")
    changed = {text.partition(" ")[0]: text for text in after if text not in before}
    assert {"machine", "status"} == set(changed)
    assert f"\n\n{table}\n\n<!-- end -->" in changed["status"]
    assert here in changed["machine"]
    data = json.loads(saved.read_text("utf-8"))
    assert here == data["machine"]
    assert [1, 1] == [len(row["ours"]) for row in data["benchmarks"]["status"]]


def test_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With the names that there are."""
    with pytest.raises(SystemExit):
        bench.main(["refreshh"])
    assert "no such benchmark: refreshh" in capsys.readouterr().err


def test_a_table_without_a_place_is_an_error(tmp_path: Path) -> None:
    """A new benchmark needs a heading in the document."""
    document = tmp_path / "document.md"
    document.write_text("nothing", "utf-8")
    with pytest.raises(LookupError):
        write_between(document, "refresh", "text")

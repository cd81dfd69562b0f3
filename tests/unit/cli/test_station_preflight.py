"""``station preflight``: refused rows are told in three forms, nothing private, nothing half."""

import csv
import json
import multiprocessing
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cardservice.cli.exit_codes import Exit
from cardservice.cli.station import station
from cardservice.home.station_preflight import Preflight, make_preflight
from cardservice.home.station_preflight_report import COLUMNS
from cardservice.personalization.preflight import Fault, Results, Tried
from cardservice.pki.names import Fund
from cardservice.settings import load_settings
from tests.chain import an_order
from tests.shared import SHARED, data
from tests.unit.papers.portraits import portrait_of, written

BAD = str(SHARED / "data" / "holders-bad.csv")
PRIVATE_COLUMNS = ("surname", "given_name", "snils", "enp", "document_number", "address")
REFUSED = Tried(3, (Fault("first", "One."), Fault("second", "Two.", "enp")))


@pytest.fixture
def table(tmp_path: Path) -> Callable[[int], str]:
    """The first rows of the demonstration table, so many, in a file of their own."""

    def cut(rows: int) -> str:
        file = tmp_path / "table.csv"
        file.write_bytes(b"".join(data("holders.csv").splitlines(keepends=True)[: rows + 1]))
        return str(file)

    return cut


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[Tried]], None]:
    """Let the rows of the next table come to what a test says."""

    def say(results: Sequence[Tried]) -> None:
        def try_table(_: Preflight, __: Path) -> Results:
            yield from results

        monkeypatch.setattr(Preflight, "try_table", try_table)

    return say


def typed(*arguments: str) -> Result:
    result = CliRunner().invoke(station, ["preflight", *arguments])
    escaped = result.exception
    assert escaped is None or isinstance(escaped, SystemExit), repr(escaped)
    return result


def test_good_rows_end_with_status_0_and_are_counted(table: Callable[[int], str]) -> None:
    result = typed("--holders", table(4), "--workers", "1")
    assert result.exit_code == Exit.OK
    assert result.stdout.startswith("4 rows tried, 0 refused; ")


def test_every_bad_row_is_named_with_field_and_code_and_makes_the_status_1() -> None:
    result = typed("--holders", BAD, "--workers", "1")
    assert result.exit_code == Exit.NOT_ALL_GOOD
    lines = result.stdout.splitlines()
    assert lines[0].startswith("row 2, enp: enp-check-digit: ")
    assert lines[-2].startswith("row 19, enp: duplicate-enp: ")
    assert "17 refused" in lines[-1]


def test_what_stands_in_a_refused_row_is_shown_nowhere(tmp_path: Path) -> None:
    report = tmp_path / "refused.csv"
    texts = [
        typed("--holders", BAD, "--workers", "1", "--report", str(report)).output,
        typed("--holders", BAD, "--workers", "1", "--json").output,
        report.read_text(),
    ]
    rows = list(csv.DictReader(data("holders-bad.csv").decode().splitlines()))
    cells = {row[column] for row in rows for column in PRIVATE_COLUMNS if len(row[column]) > 3}
    assert len(cells) > 50
    assert not [cell for cell in cells if any(cell in text for text in texts)]


def test_the_report_has_a_line_a_fault_and_is_its_owners_alone(
    told: Callable[[Sequence[Tried]], None], table: Callable[[int], str], tmp_path: Path
) -> None:
    told([Tried(2), REFUSED])
    report = tmp_path / "refused.csv"
    typed("--holders", table(2), "--report", str(report))
    with report.open(newline="") as file:
        lines = list(csv.reader(file))
    assert lines == [[*COLUMNS], ["3", "", "first", "One."], ["3", "enp", "second", "Two."]]
    assert stat.S_IMODE(report.stat().st_mode) == 0o600


def test_a_run_that_is_broken_off_leaves_the_old_report_and_no_half_one(
    table: Callable[[int], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Preflight, __: Path) -> Iterator[Tried]:
        yield REFUSED
        raise KeyboardInterrupt

    monkeypatch.setattr(Preflight, "try_table", broken)
    report = tmp_path / "refused.csv"
    report.write_text("the last report")
    assert typed("--holders", table(2), "--report", str(report)).exit_code == 1
    assert report.read_text() == "the last report"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["refused.csv", "table.csv"]


@pytest.mark.parametrize("results", [[], [Tried(2)], [Tried(2), REFUSED], [REFUSED, REFUSED]])
def test_json_is_one_object_however_many_faults_there_are(
    results: Sequence[Tried],
    told: Callable[[Sequence[Tried]], None],
    table: Callable[[int], str],
) -> None:
    told(results)
    answer = json.loads(typed("--holders", table(2), "--json").stdout)
    refused = [one for one in results if one.faults]
    assert (answer["rows"], answer["refused"]) == (len(results), len(refused))
    assert answer["good"] == len(results) - len(refused)
    assert len(answer["faults"]) == 2 * len(refused)
    if refused:
        wanted = {"row": 3, "field": "enp", "code": "second", "sentence": "Two."}
        assert answer["faults"][1] == wanted


def test_a_note_on_a_good_row_is_told_and_does_not_refuse_it(
    told: Callable[[Sequence[Tried]], None], table: Callable[[int], str]
) -> None:
    told([Tried(2, notes=("Look again.",))])
    result = typed("--holders", table(1))
    assert result.exit_code == Exit.OK
    assert "row 2: note: Look again." in result.stderr


def test_it_runs_in_production_and_without_a_home(
    table: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARDSERVICE_PRODUCTION", "true")
    assert typed("--holders", table(2), "--workers", "1").exit_code == Exit.OK


@pytest.mark.usefixtures("home")
def test_cards_are_those_of_the_homes_fund_and_the_home_stays_as_it_is(
    table: Callable[[int], str],
) -> None:
    settings = load_settings()
    before = {path: path.read_bytes() for path in settings.home.rglob("*") if path.is_file()}
    flight = make_preflight(settings, processes=1)
    assert isinstance(flight.fund, Fund)
    assert [one.good for one in flight.try_table(Path(table(2)))] == [True, True]
    after = {path: path.read_bytes() for path in settings.home.rglob("*") if path.is_file()}
    assert after == before


def test_orders_are_counted_from_1_and_a_second_for_the_same_policy_is_refused() -> None:
    flight = make_preflight(load_settings(), processes=1)
    first, second = flight.try_orders([an_order(), an_order()])
    assert first == Tried(1)
    assert [(fault.code, fault.field) for fault in second.faults] == [("duplicate-enp", "enp")]


def test_a_photo_is_taken_by_the_number_of_its_row(
    table: Callable[[int], str], tmp_path: Path
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "2.jpg").write_bytes(written(portrait_of(324, 414)))
    (photos / "3.jpg").write_bytes(b"no picture")
    result = typed("--holders", table(3), "--photos", str(photos), "--workers", "1")
    assert result.exit_code == Exit.NOT_ALL_GOOD
    assert [line.split(":")[0] for line in result.stdout.splitlines()[:-1]] == ["row 3, photo"]


def test_a_table_without_its_columns_is_refused_before_a_process_is_started(
    tmp_path: Path,
) -> None:
    file = tmp_path / "table.csv"
    file.write_text("surname,given_name\n")
    result = typed("--holders", str(file))
    assert result.exit_code == Exit.HOME
    assert "columns" in result.stderr
    assert not multiprocessing.active_children()


def test_the_bar_has_rate_and_time_left_where_there_is_a_terminal(
    told: Callable[[Sequence[Tried]], None],
    table: Callable[[int], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told([Tried(row) for row in range(2, 5)])
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    said = typed("--holders", table(3)).stderr
    assert "3/3" in said
    assert "/s" in said
    assert "0:00:00" in said


def test_help_has_an_example() -> None:
    assert "station preflight --holders" in typed("--help").stdout

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cardservice.cli import conformance
from simulators.cli.main import main


def ran(*arguments: str, said: str = "") -> Result:
    return CliRunner().invoke(main, ["conformance", *arguments], input=said)


def test_the_list_needs_no_card() -> None:
    listed = ran("--list", "--only", "PA-00*")
    assert listed.exit_code == 0
    assert [line[:6] for line in listed.stdout.splitlines()] == [f"PA-00{n}" for n in range(1, 10)]


def test_a_run_that_held_writes_its_reports_and_ends_with_0(tmp_path: Path) -> None:
    html, xml = tmp_path / "report.html", tmp_path / "report.xml"
    done = ran(
        *("--reader", "sim:", "--personalize", "--only", "FL-0*"),
        *("--html", str(html), "--junit", str(xml)),
    )
    assert done.exit_code == 0
    assert "FL field layer: " in done.stdout
    assert "not run: no contactless reader" in done.stdout
    assert "FL-001" in html.read_text()
    assert ET.fromstring(xml.read_text()).tag == "testsuites"  # noqa: S314 - our own


def test_json_is_one_object_and_nothing_else() -> None:
    done = ran("--reader", "sim:", "--only", "FL-001", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["held"] == 1


def test_a_case_that_failed_is_shown_in_full_and_ends_with_3(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cardservice.conformance.cases.field_layer._CONTACT_ATRS", frozenset())
    done = ran("--reader", "sim:", "--only", "FL-001")
    assert done.exit_code == 3
    assert "✘ FL-001" in done.stdout
    assert "card.md §1" in done.stdout
    assert "→ (reset)" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--reader", "sim:", "--only", "XX-*"),
        ("--reader", "sim:no-such-file"),
        ("--reader", "nowhere:"),
        ("--reader", "sim:", "--secrets", "no-such-file"),
        ("--reader", "sim:", "--only", "FL-001", "--html", "/no/such/folder/report.html"),
    ],
)
def test_what_is_not_possible_ends_with_1_and_one_line(arguments: tuple[str, ...]) -> None:
    done = ran(*arguments)
    assert done.exit_code == 1
    assert len([line for line in done.stderr.splitlines() if not line.startswith("·")]) == 1


def test_a_card_in_a_real_reader_is_written_only_after_a_yes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(conformance, "open_link", opened.append)
    done = ran("--reader", "pcsc:", "--personalize", said="n\n")
    assert done.exit_code == 1
    assert "will be written" in done.stderr
    assert opened == []

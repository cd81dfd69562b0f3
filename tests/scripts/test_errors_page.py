"""The page of all errors: current, and complete."""

import ast
import re
import subprocess
import sys
from collections import Counter

import pytest

from cardservice.cli.exit_codes import Exit
from cardservice.personalization.lane_faults import REACTIONS
from cardservice.texts.station import FAULTS
from cardservice.texts.tables import PROBLEMS, REASONS
from cardservice.web.problems import KINDS
from scripts.errors_page import EXITS, SLUGS, cell, codes_in, page
from scripts.problems_page import GAP
from tests.shared import ROOT

WRITTEN = re.compile(r'\b(?:Refusal|LaneStopError|SourceUnavailableError)\(\s*"([a-z0-9-]+)"')
ROW = re.compile(
    r"^\| (?:`(?:/problems/)?([^`]+)`|(\d+)) \| (.*) \| (.*) \| (.*) \|$", re.MULTILINE
)


@pytest.fixture(scope="module")
def text() -> str:
    return page()


def test_the_page_of_errors_is_current() -> None:
    script = ROOT / "scripts" / "errors_page.py"
    done = subprocess.run([sys.executable, script, "--check"], check=False, timeout=60)
    assert done.returncode == 0, f"write it anew: {script.relative_to(ROOT)}"


def test_every_refusal_written_anywhere_is_on_the_page(text: str) -> None:
    modules = (ROOT / "cardservice").rglob("*.py")
    written = {code for one in modules for code in WRITTEN.findall(one.read_text("utf-8"))}
    assert len(written) > 200
    assert sorted(code for code in written if f"`{code}`" not in text) == []


def test_every_code_of_station_desk_web_and_commands_is_on_the_page(text: str) -> None:
    first = {code or number for code, number, *_ in ROW.findall(text)}
    wanted = {*REACTIONS, *FAULTS, *REASONS, *PROBLEMS, *(one.slug for one in KINDS)}
    assert sorted(wanted - first) == []
    assert {str(one.value) for one in Exit} <= first


def test_every_row_says_something_what_to_do_and_where_it_comes_from(text: str) -> None:
    rows = ROW.findall(text)
    assert len(rows) == sum(line.startswith("| ") for line in text.splitlines()) - text.count(
        "\n|---"
    )
    assert [row for row in rows if not all(part.strip() for part in row[2:])] == []


def test_every_problem_and_exit_status_has_a_remedy_and_none_is_left_over() -> None:
    assert set(SLUGS) == {one.slug for one in KINDS}
    assert set(EXITS) == set(Exit)


def test_no_heading_is_there_twice(text: str) -> None:
    headings = Counter(re.findall(r"^## .*$", text, re.MULTILINE))
    assert [one for one, count in headings.items() if count > 1] == []


def test_codes_are_found_in_calls_tables_names_and_with_gaps() -> None:
    source = """
CODE = "kept-in-a-name"
TABLE = {1: ("in-a-table", "It stands in a table.")}
raise Refusal(CODE, "It has a name.")
raise Refusal(f"{field}-missing", f"The {field} is missing.")
raise Refusal("made-elsewhere", sentence_of(1))
print("no-code", "This is said by nobody.")
"""
    assert dict(codes_in(ast.parse(source))) == {
        "in-a-table": "It stands in a table.",
        "kept-in-a-name": "It has a name.",
        f"{GAP}-missing": f"The {GAP} is missing.",
        "made-elsewhere": "",
    }


def test_a_stroke_in_a_text_does_not_end_its_cell() -> None:
    assert cell("one | two\n three") == "one \\| two three"

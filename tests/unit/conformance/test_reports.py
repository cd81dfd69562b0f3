import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from cardservice.conformance.reports.json_form import as_json
from cardservice.conformance.reports.junit import junit
from cardservice.conformance.reports.page import html_page
from cardservice.conformance.reports.writing import write_whole
from cardservice.conformance.terms import Outcome
from tests.unit.conformance.doubles import a_result

RESULTS = [a_result(), a_result(Outcome.HELD, ""), a_result(Outcome.NOT_RUN, "no reader")]


def test_junit_counts_and_quotes_whatever_is_said() -> None:
    root = ET.fromstring(junit(RESULTS))  # noqa: S314 - our own
    suite = root.find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")
    failure = root.find("testsuite/testcase/failure")
    assert failure is not None
    assert failure.get("message") == "card.md §1: no ? & <good>"
    assert root.findtext("testsuite/testcase/system-out") == "→ 00A4\n← 9000\n   (00A4 → 9000)"


def test_the_page_needs_nothing_else_and_opens_failures() -> None:
    page = html_page(RESULTS, title="A <card>")
    assert "<title>A &lt;card&gt;</title>" in page
    assert page.count("<details open>") == 1
    assert "It is &lt;so&gt; &amp; so" in page
    assert not any(word in page for word in ("http:", "https:", "<script", "<link", "@import"))


def test_json_has_counts_and_cases() -> None:
    told = json.loads(as_json(RESULTS))
    assert (told["held"], told["failed"], told["not_run"]) == (1, 1, 1)
    assert told["cases"][0]["exchanges"][0] == {"sent": "00A4", "answered": "9000", "inside": ""}


def test_a_report_replaces_an_older_one_whole(tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    write_whole(place, "old")
    write_whole(place, "new")
    assert place.read_text() == "new"
    assert list(tmp_path.iterdir()) == [place]


def test_a_report_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "report.html"
    write_whole(place, "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(place, "new")
    assert place.read_text() == "old"
    assert list(tmp_path.iterdir()) == [place]

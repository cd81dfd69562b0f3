"""The software card does what its contract says, case by case, on both interfaces."""

import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from typing_extensions import override

from cardservice.conformance.known import Known
from cardservice.conformance.reports.json_form import as_json
from cardservice.conformance.reports.junit import junit
from cardservice.conformance.reports.page import html_page
from cardservice.conformance.results import Result, summary
from cardservice.conformance.run import Plan
from cardservice.conformance.terms import Effect, Interface, Outcome
from cardservice.policycard.profile import Profile
from tests.simulated.conformance.bench import presentation, run_on

BOTH = (Interface.CONTACT, Interface.CONTACTLESS)


@pytest.fixture(scope="module", params=Profile, ids=lambda profile: profile.name.lower())
def ran(request: pytest.FixtureRequest) -> tuple[list[Result], Known]:
    known = Known()
    plan = Plan(allowed=Effect.DESTROYS, profile=request.param)
    return run_on(presentation(*BOTH), plan, known), known


def _wrong(results: list[Result]) -> list[str]:
    return [f"{one.name}: {one.why}" for one in results if one.outcome is not Outcome.HELD]


def test_every_case_that_concerns_a_card_of_the_profile_holds(
    ran: tuple[list[Result], Known],
) -> None:
    results, _ = ran
    assert _wrong(results) == []
    assert summary(results).held > 800


def test_every_report_has_every_case_and_no_secret(ran: tuple[list[Result], Known]) -> None:
    results, known = ran
    documents = (html_page(results, title="A card"), junit(results), as_json(results))
    for document in documents:
        assert [one.case.number for one in results if one.case.number not in document] == []
        for name in ("pin", "puk", "new_pin"):
            assert known.octets(name).hex().upper() not in document
        assert "Образцова".encode().hex().upper() not in document


def test_the_xml_is_a_suite_a_group_and_the_html_is_closed(
    ran: tuple[list[Result], Known],
) -> None:
    results, _ = ran
    root = ET.fromstring(junit(results))  # noqa: S314 - our own
    assert len(root.findall("testsuite")) == len({one.case.group for one in results})
    assert len(root.findall("testsuite/testcase")) == len(results)
    assert root.find("testsuite/testcase/system-out") is not None
    page = _Elements()
    page.feed(html_page(results, title="<A card>"))
    assert page.opened == page.closed
    assert page.opened["details"] == len(results)


class _Elements(HTMLParser):
    """Counts elements that are opened and closed."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: dict[str, int] = {}
        self.closed: dict[str, int] = {}

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.opened[tag] = self.opened.get(tag, 0) + 1

    @override
    def handle_endtag(self, tag: str) -> None:
        self.closed[tag] = self.closed.get(tag, 0) + 1


def test_without_a_contactless_reader_its_cases_are_not_run_and_it_is_said() -> None:
    results = run_on(presentation(Interface.CONTACT), Plan(only=("SC-026", "FL-001")))
    assert [(one.case.number, one.interface, one.outcome) for one in results] == [
        ("FL-001", Interface.CONTACT, Outcome.HELD),
        ("FL-001", Interface.CONTACTLESS, Outcome.NOT_RUN),
        ("SC-026", Interface.CONTACTLESS, Outcome.NOT_RUN),
    ]
    assert {one.why for one in results[1:]} == {"no contactless reader"}

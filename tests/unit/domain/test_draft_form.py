"""An application as plain values: lossless, and total when it is read."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cardservice.domain.applicants import PowerOfAttorney
from cardservice.domain.application import Application, Ground, Representative
from cardservice.domain.draft_form import draft_form, read_draft
from cardservice.domain.reasons import ReissueSubject
from tests.unit.domain.examples import GOOD

FULL = replace(
    GOOD,
    representative=Representative(
        surname="Цветкова", attorney=PowerOfAttorney(number="1", until=date(2027, 1, 1))
    ),
    ground=Ground(subjects=frozenset(ReissueSubject), changed_on=date(2026, 1, 1)),
)


@pytest.mark.parametrize("application", [Application(), GOOD, FULL])
def test_what_is_written_is_read_again(application: Application) -> None:
    text = json.dumps(draft_form(application))
    assert read_draft(json.loads(text)) == (application, ())


def test_nothing_is_the_empty_application() -> None:
    assert read_draft({}) == (Application(), ())


@pytest.mark.parametrize(
    ("form", "field", "code"),
    [
        ([], "application", "not-an-object"),
        ({"x": 1}, "application", "field-unknown"),
        ({"person": {"x": 1}}, "person", "field-unknown"),
        ({"person": "x"}, "person", "not-an-object"),
        ({"person": {"surname": 7}}, "person.surname", "type-wrong"),
        ({"person": {"birth_date": "05.01.1999"}}, "person.birth_date", "date-format"),
        ({"person": {"birth_date": "1999-02-30"}}, "person.birth_date", "date-format"),
        ({"person": {"sex": "M"}}, "person.sex", "choice-unknown"),
        ({"consent": "yes"}, "consent", "type-wrong"),
        ({"documents": {}}, "documents", "not-a-list"),
        ({"documents": [{"kind": "x"}]}, "documents.0.kind", "choice-unknown"),
        ({"documents": [{}] * 101}, "documents", "list-too-long"),
        ({"ground": {"subjects": ["name", "x"]}}, "ground.subjects.1", "choice-unknown"),
        (
            {"representative": {"attorney": {"until": 5}}},
            "representative.attorney.until",
            "type-wrong",
        ),
    ],
)
def test_what_cannot_be_read_is_found_beside_its_field(form: Any, field: str, code: str) -> None:
    _, (one,) = read_draft(form)
    assert (one.field, one.code) == (field, code)


def test_one_field_that_cannot_be_read_costs_no_other() -> None:
    form: dict[str, Any] = draft_form(GOOD)
    form["person"]["birth_date"] = "yesterday"
    application, findings = read_draft(form)
    assert len(findings) == 1
    assert application == replace(GOOD, person=replace(GOOD.person, birth_date=None))


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_choice_or_date_is_not_known(empty: str | None) -> None:
    form = {"channel": empty, "person": {"birth_date": empty, "sex": empty}}
    assert read_draft(form) == (Application(), ())


def test_a_list_of_a_hundred_is_read_whole() -> None:
    application, findings = read_draft({"documents": [{}] * 100})
    assert (len(application.documents), findings) == (100, ())

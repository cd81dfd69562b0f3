"""Rows of tables: whatever stands in the cells, an order, an application or what is wrong."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cardservice.domain.application import Application
from cardservice.domain.application_row import parse_application
from cardservice.domain.applications import check
from cardservice.domain.documents import DocumentType
from cardservice.domain.draft_form import draft_form, read_draft
from cardservice.domain.holder import Category
from cardservice.domain.order_columns import Column
from cardservice.domain.order_row import RowRefused, parse_row
from cardservice.domain.rule_sets import DEFAULT_RULES
from tests.unit.domain.test_order_row import ROW, TODAY

T = TypeVar("T")
# What a row that can be read may still be refused for: it stands in no row, or is for the office.
LATER = {"consent-missing", "applicant-not-of-age", "passport-number-format", "phone-format"}
LATER |= {"email-format", "phone-too-long", "email-too-long", "document-number-too-long"}

cells = st.one_of(
    st.text(max_size=30),
    st.sampled_from([*Category, *DocumentType, *ROW.values()]),
    st.dates(max_value=TODAY).map(date.isoformat),
)
rows = st.dictionaries(st.sampled_from([one.value for one in Column]), cells)


def outcome(parse: Callable[..., T], row: Mapping[str, str]) -> T | RowRefused:
    """Return what a row is, or why it is nothing."""
    try:
        return parse(row, today=TODAY)
    except RowRefused as refused:
        return refused


@pytest.mark.parametrize("parse", [parse_row, parse_application])
@given(row=rows)
def test_any_row_is_read_or_refused_with_every_fault_in_a_column_of_its_own(
    parse: Callable[..., object], row: Mapping[str, str]
) -> None:
    found = outcome(parse, row)
    faults = found.refusals if isinstance(found, RowRefused) else ()
    assert all(one.field in set(Column) for one in faults)
    assert faults or not isinstance(found, RowRefused)


@given(changes=st.dictionaries(st.sampled_from([one.value for one in Column]), cells, max_size=3))
def test_an_application_that_was_read_is_as_its_form_and_by_the_rules(
    changes: Mapping[str, str],
) -> None:
    made = outcome(parse_application, {**ROW, **changes})
    assume(not isinstance(made, RowRefused))
    assert isinstance(made, Application)
    assert read_draft(draft_form(made)) == (made, ())
    errors = {one.code for one in check(made, TODAY, DEFAULT_RULES) if one.is_error}
    assert errors <= LATER

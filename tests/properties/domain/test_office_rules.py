"""Whatever a draft holds, it is judged; whatever a name holds, it has one form."""

from contextlib import suppress
from datetime import date
from enum import StrEnum
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.domain.applicants import Applicant, PowerOfAttorney
from cardservice.domain.application import Application, Ground, Person, Representative
from cardservice.domain.applications import check
from cardservice.domain.documents import Document, DocumentType, Whose
from cardservice.domain.draft_form import draft_form, read_draft
from cardservice.domain.findings import Finding
from cardservice.domain.holder import Category, Sex
from cardservice.domain.identity import Identity, compare
from cardservice.domain.insurer_change import ChangeGround
from cardservice.domain.lives import LIVES
from cardservice.domain.orders import Channel
from cardservice.domain.reasons import ApplyReason, DuplicateCause, ReissueKind, ReissueSubject
from cardservice.domain.roles import Role
from cardservice.domain.rule_sets import RULES_2011, RULES_2022
from cardservice.domain.search_text import search_form
from cardservice.domain.stock import Movement, Stock
from cardservice.domain.terms import WEEKDAYS, Term, Unit, last_day
from cardservice.domain.transitions import StateRefusal, TransitionTable
from cardservice.errors import Refusal

ANY_DAY = st.dates()
MAYBE_DAY = st.none() | ANY_DAY
KEYS = st.sampled_from(
    ["person", "documents", "ground", "subjects", "birth_date", "sex", "consent", "kind", "number"]
)
TYPED = st.one_of(
    st.text(max_size=20),
    st.text(alphabet="0123456789- ", max_size=20),
    st.sampled_from(["4453914449", "508-328-107 70", "1009900000230", "00003", "я" * 400]),
    st.text(alphabet=st.characters(categories=["Cs", "Cc", "Cf", "Lu"]), max_size=5),
)


def maybe(values: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for one of ``values`` or none."""
    return st.none() | st.sampled_from(list(values))


def members(states: Any) -> set[StrEnum]:
    """Return the members of an enumeration."""
    return set(states)


DOCUMENTS = st.builds(
    Document,
    kind=maybe(DocumentType),
    whose=st.sampled_from(Whose),
    number=TYPED,
    issued_on=MAYBE_DAY,
    issuer=TYPED,
    expires_on=MAYBE_DAY,
    scan=st.none() | st.just("scan"),
)
PERSONS = st.builds(
    Person,
    **dict.fromkeys(("surname", "given_name", "patronymic", "birth_place", "address"), TYPED),
    **dict.fromkeys(("citizenship_code", "citizenship_name", "snils", "enp"), TYPED),
    **dict.fromkeys(("phone", "email"), TYPED),
    sex=maybe(Sex),
    birth_date=MAYBE_DAY,
    category=maybe(Category),
)
REPRESENTATIVES = st.builds(
    Representative,
    **dict.fromkeys(("surname", "given_name", "patronymic", "phone"), TYPED),
    attorney=st.none()
    | st.builds(PowerOfAttorney, number=TYPED, issued_on=MAYBE_DAY, until=MAYBE_DAY),
)
GROUNDS = st.builds(
    Ground,
    change_ground=maybe(ChangeGround),
    subjects=st.frozensets(st.sampled_from(ReissueSubject)),
    kind=maybe(ReissueKind),
    cause=maybe(DuplicateCause),
    **dict.fromkeys(("moved_on", "insurer_left_on", "changed_on"), MAYBE_DAY),
)
APPLICATIONS = st.builds(
    Application,
    channel=maybe(Channel),
    reason=maybe(ApplyReason),
    applicant=maybe(Applicant),
    person=PERSONS,
    representative=REPRESENTATIVES,
    ground=GROUNDS,
    documents=st.lists(DOCUMENTS, max_size=4).map(tuple) | st.just((Document(),) * 21),
    photo_taken_on=MAYBE_DAY,
    **dict.fromkeys(("insurer_ogrn", "okato"), TYPED),
    **dict.fromkeys(("full_capacity", "disability", "consent"), st.booleans()),
)


@given(APPLICATIONS, ANY_DAY, st.sampled_from([RULES_2011, RULES_2022]))
def test_any_draft_is_judged_on_any_day(application: Application, on: date, rules: Any) -> None:
    for one in check(application, on, rules):
        assert isinstance(one, Finding)
        assert one.field
        assert one.code == one.code.lower()
        assert one.sentence.endswith(".")


@given(APPLICATIONS)
def test_a_draft_is_read_as_it_was_written(application: Application) -> None:
    assert read_draft(draft_form(application)) == (application, ())


FORMS = st.recursive(
    st.none() | st.booleans() | st.integers() | TYPED,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)


@given(FORMS)
def test_any_form_is_read(form: object) -> None:
    application, findings = read_draft(form)
    assert isinstance(application, Application)
    assert all(one.field for one in findings)


@given(st.text(max_size=30))
def test_a_second_folding_changes_nothing(text: str) -> None:
    once = search_form(text)
    assert search_form(once) == once
    assert search_form(text.upper().lower()) == search_form(text.lower())


def test_every_character_of_the_blocks_that_fold_has_a_form_that_stays() -> None:
    odd = [
        code
        for code in (*range(0x3100), *range(0xF900, 0x10500), *range(0x1D400, 0x1F200))
        if search_form(once := search_form(f"а{chr(code)}а")) != once
    ]
    assert odd == []


NAMES = st.sampled_from(["", "Ёлкин", "елкин", "Анна", "Ян"])
IDENTITIES = st.builds(
    Identity,
    **dict.fromkeys(("surname", "given_name", "patronymic", "birth_place"), NAMES),
    birth_date=st.none() | st.sampled_from([date(1990, 1, 1), date(1991, 1, 1)]),
    enp=st.sampled_from(["", "1", "2"]),
    snils=st.sampled_from(["", "1", "2"]),
)


@given(IDENTITIES, IDENTITIES)
def test_a_comparison_does_not_depend_on_the_order(one: Identity, other: Identity) -> None:
    assert compare(one, other) == compare(other, one)


@pytest.mark.parametrize("table", LIVES, ids=lambda one: one.life)
def test_every_event_in_every_state_leads_to_a_state_or_is_refused_with_the_one_found(
    table: TransitionTable[Any, Any],
) -> None:
    rows = {(row.source, row.event): row for row in table.rows}
    for state, event, role in product(members(table.states), members(table.events), Role):
        row = rows.get((state, event))
        if row is not None and role in row.roles:
            assert table.after(state, event, role=role, ground="why") is row.target
            continue
        with pytest.raises(Refusal) as refusal:
            table.after(state, event, role=role, ground="why")
        if row is not None:
            assert refusal.value.code == "role-not-allowed"
        else:
            assert isinstance(refusal.value, StateRefusal)
            assert refusal.value.found is state
            assert refusal.value.code == f"state-{table.life}-{state.value}"


@pytest.mark.parametrize("table", LIVES, ids=lambda one: one.life)
def test_every_state_is_reached_every_event_is_used_and_only_final_states_are_dead(
    table: TransitionTable[Any, Any],
) -> None:
    reached = {table.initial}
    for _ in table.states:
        reached |= {row.target for row in table.rows if row.source in reached}
    assert reached == members(table.states)
    assert {row.event for row in table.rows} == members(table.events)
    ending = set(table.final)
    for _ in table.states:
        ending |= {row.source for row in table.rows if row.target in ending}
    assert ending == members(table.states)


@given(st.lists(st.tuples(st.sampled_from(Movement), st.integers(1, 20)), max_size=40))
def test_no_movement_loses_or_makes_a_blank(movements: list[tuple[Movement, int]]) -> None:
    stock = Stock()
    for movement, count in movements:
        with suppress(Refusal):
            stock = stock.after(movement, count)
        assert stock.difference == 0
        assert min(stock.in_stock, stock.at_station) >= 0


@given(st.integers(0, 400), st.sampled_from(Unit), ANY_DAY)
def test_a_longer_term_never_ends_earlier(count: int, unit: Unit, start: date) -> None:
    ends = [last_day(Term(each, unit), start, WEEKDAYS) for each in (count, count + 1)]
    assert start <= ends[0] <= ends[1]

"""The letter of an approval: what comes next, where and by when, and nothing of the person."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cardservice.domain.application import Application as Draft
from cardservice.domain.documents import Document, DocumentType
from cardservice.domain.holder import Category
from cardservice.notifying.templates import render
from cardservice.registry.applications_approving import approve
from cardservice.registry.outbox_values import Notification, Template
from tests.registry import forms
from tests.registry.offices import BORN, Desk, refused
from tests.registry.stations_world import new_place
from tests.registry.test_policies import with_card


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """An office whose letters have their true words, which name what they must be told."""
    return replace(desk, office=replace(desk.office, render=render))


def letters(desk: Desk) -> list[Notification]:
    return list(desk.outbox())


def resident() -> Draft:
    """Return the application of somebody who gets a policy on paper."""
    foreign = Document(
        kind=DocumentType.FOREIGN_PASSPORT,
        number="X000001",
        issued_on=date(2020, 3, 1),
        issuer="Пробная служба",
        scan=forms.scan(),
    )
    permit = replace(foreign, kind=DocumentType.RESIDENCE_PERMIT, number="00 0000001")
    person = forms.person(
        category=Category.PERMANENT_RESIDENT, citizenship_code="BLR", citizenship_name="Беларусь"
    )
    return forms.draft(person=person, documents=(foreign, permit))


@pytest.mark.parametrize(
    ("form", "at_place", "template"),
    [
        (forms.draft(), False, Template.APPROVED_CARD),
        (forms.draft(), True, Template.APPROVED_CARD_AT),
        (resident(), False, Template.APPROVED_PAPER),
        (resident(), True, Template.APPROVED_PAPER_AT),
    ],
)
def test_an_approval_is_told_with_what_comes_next(
    desk: Desk, form: Draft, at_place: bool, template: Template
) -> None:
    more: dict[str, Any] = {"place_id": new_place(desk)} if at_place else {}
    done = forms.approved(desk, form, **more)
    (letter,) = letters(desk)
    told = letter.sealed.decode("unicode_escape")
    assert letter.template is template
    assert str(done.number) in told
    assert ("Учебная" in told) is at_place
    assert "01.07.2026" in told
    for hidden in ("Пробный Семён", BORN.isoformat(), forms.SNILS):
        assert hidden not in told


def test_a_change_of_insurer_is_told_as_a_record_on_the_card(desk: Desk) -> None:
    number = forms.enp()
    first = forms.approved(desk, enp=number)
    with_card(desk, first)
    forms.approved(desk, forms.change_draft(number))
    assert letters(desk)[-1].template is Template.APPROVED_CHANGE


def test_a_refused_approval_tells_nobody(desk: Desk) -> None:
    filed = forms.submitted(desk)
    wrong = forms.approving(desk, filed, place_id=desk.office.new_id())
    refused("not-found", lambda: approve(desk.office, desk.approver, wrong))
    assert letters(desk) == []


def test_who_left_no_address_is_approved_without_a_letter(desk: Desk) -> None:
    person = forms.person(email="", phone="")
    assert forms.approved(desk, forms.draft(person=person)).state == "approved"
    assert letters(desk) == []

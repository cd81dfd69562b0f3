"""The form of the API has every field of the domain's draft, and no other."""

from dataclasses import fields

import pytest
from pydantic import BaseModel

from cardservice.domain.applicants import PowerOfAttorney
from cardservice.domain.application import Application, Ground, Person, Representative
from cardservice.domain.documents import Document
from cardservice.domain.draft_form import read_draft
from cardservice.registry.people import CORRECTABLE
from cardservice.web.api.applications import form
from cardservice.web.api.people.wishes import PersonCorrection


@pytest.mark.parametrize(
    ("model", "record"),
    [
        (form.ApplicationForm, Application),
        (form.PersonForm, Person),
        (form.RepresentativeForm, Representative),
        (form.AttorneyForm, PowerOfAttorney),
        (form.GroundForm, Ground),
        (form.DocumentForm, Document),
    ],
)
def test_a_form_has_the_fields_of_its_record(model: type[BaseModel], record: type) -> None:
    assert set(model.model_fields) == {one.name for one in fields(record)}


def test_what_can_be_corrected_of_a_person_can_be_sent() -> None:
    assert set(PersonCorrection.model_fields) == set(CORRECTABLE)


def test_a_form_is_read_without_a_finding() -> None:
    sent = form.ApplicationForm.model_validate(form.EXAMPLE)
    draft, findings = read_draft(sent.plain())
    assert findings == ()
    assert draft.person.surname == "Пробный"


def test_an_empty_form_is_an_empty_draft() -> None:
    assert read_draft(form.ApplicationForm().plain()) == (Application(), ())

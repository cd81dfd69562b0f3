"""Holders as Patients: every one is valid FHIR and loses nothing in a round trip."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.domain.holder import Citizenship, Holder, Sex
from cardservice.domain.numbers import Enp, Ogrn, Snils
from cardservice.domain.texts import is_showable
from cardservice.errors import UsageError
from cardservice.fhir.organization import insurer_organization
from cardservice.fhir.patient import patient
from cardservice.fhir.systems import Systems
from tests.shared import vectors
from tests.unit.fhir.examples import SYSTEMS
from tests.unit.fhir.validating import accepted
from tests.unit.web.examples import IVANOV

TEXTS = st.text(min_size=1, max_size=60).filter(is_showable)
HOLDERS = st.builds(
    Holder,
    enp=st.from_regex(r"[0-9]{16}", fullmatch=True).map(Enp),
    surname=TEXTS,
    given_name=TEXTS,
    patronymic=st.none() | TEXTS,
    sex=st.sampled_from(Sex),
    birth_date=st.dates(min_value=date(1900, 1, 2)),
    birth_place=st.none() | TEXTS,
    citizenship=st.none() | st.just(Citizenship("RUS", "РОССИЯ")),
    snils=st.none() | st.just(Snils("112-233-445 95")),
)


@given(HOLDERS)
def test_every_holder_is_a_valid_patient_and_survives_a_round_trip(holder: Holder) -> None:
    model = accepted(patient(holder, id_="p-1", systems=SYSTEMS))
    assert model.birthDate == holder.birth_date
    assert model.identifier[0].value == holder.enp
    assert len(model.identifier) == (1 if holder.snils is None else 2)


def test_a_patient_says_number_name_sex_birth_date_and_birth_place() -> None:
    holder = replace(IVANOV, birth_place="Г. ОБРАЗЦОВ")
    model = accepted(patient(holder, id_="p-1", systems=SYSTEMS))
    assert [(one.system, one.value) for one in model.identifier] == [
        ("urn:oid:1.2.643.2.69.1.1.1.6.228", "0054910834000015"),
        ("urn:oid:1.2.643.2.69.1.1.1.6.223", "11223344595"),
    ]
    assert (model.name[0].family, model.name[0].given) == ("ИВАНОВ", ["ИВАН", "ИВАНОВИЧ"])
    assert model.name[0].text == "ИВАНОВ ИВАН ИВАНОВИЧ"
    assert model.gender == "male"
    assert model.extension[0].url.endswith("/patient-birthPlace")
    assert model.extension[0].valueAddress.text == "Г. ОБРАЗЦОВ"


def test_what_is_not_known_of_a_holder_is_left_out() -> None:
    holder = replace(IVANOV, patronymic=None, snils=None, birth_place="\u00a0")
    made = patient(holder, id_="p-1", systems=SYSTEMS)
    assert "extension" not in made
    assert made["name"][0]["given"] == ["ИВАН"]
    assert len(made["identifier"]) == 1


def test_a_wide_or_narrow_blank_in_a_name_becomes_a_plain_one() -> None:
    holder = replace(IVANOV, surname="ДЕ\u00a0ЛА\u2009РОЗА")
    assert patient(holder, id_="p-1", systems=SYSTEMS)["name"][0]["family"] == "ДЕ ЛА РОЗА"


def test_a_system_is_a_setting() -> None:
    systems = Systems(enp="urn:example:insurance-number")
    made = patient(IVANOV, id_="p-1", systems=systems)
    published = vectors("fhir_coverage")["resources"]["patient"]["identifier"][0]["system"]
    assert made["identifier"][0]["system"] == published


@pytest.mark.parametrize("uri", ["", "insurance-number", "https://a.example/", "urn:a b", "urn:"])
def test_a_system_that_is_no_absolute_uri_is_refused(uri: str) -> None:
    with pytest.raises(UsageError, match="not an absolute URI"):
        Systems(enp=uri)


@pytest.mark.parametrize("id_", ["", "a b", "я", "a" * 65, "a/b", "a\n"])
def test_an_id_that_fhir_does_not_allow_is_refused(id_: str) -> None:
    with pytest.raises(UsageError, match="id of a FHIR resource"):
        patient(IVANOV, id_=id_, systems=SYSTEMS)


def test_an_insurer_is_a_valid_organization_named_by_its_ogrn() -> None:
    ogrn, name = Ogrn("1009900000010"), "СМО «Образец»"
    model = accepted(insurer_organization(ogrn, name, id_="o-1", systems=SYSTEMS))
    assert (model.identifier[0].system, model.identifier[0].value) == (SYSTEMS.ogrn, ogrn)
    assert (model.name, model.type[0].coding[0].code) == (name, "ins")

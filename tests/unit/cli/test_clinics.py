"""``cardservice clinics`` as a person at a terminal meets it."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from cardservice.cli.exit_codes import Exit
from cardservice.desk.presentations import Presentation
from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.roles import Role
from cardservice.domain.verdict import Outcome
from cardservice.home.folder import Folder
from cardservice.home.office import OfficeHome, open_office
from cardservice.home.office_setup import make_office
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.registry.actor import Actor
from cardservice.registry.clinics import NewDesk, enrol_desk
from cardservice.registry.medical_organisations import (
    AddOrganisation,
    OrganisationForm,
    add_organisation,
)
from cardservice.registry.ports_clinics import ClinicDesk
from cardservice.registry.presentations import take_presentations
from cardservice.web.api.common import API
from cardservice.web.api.register.organisations import UNDER
from cardservice.web.office.places import clinics as clinics_page
from tests.unit.cli.conftest import CHEAP, PASSPHRASE, Type
from tests.unit.home.offices import CHEAP_HASHES, REGION, settings_of

OGRN = "1020000000008"


@pytest.fixture(scope="module")
def pristine_clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with a clinic; copied, never changed."""
    place = tmp_path_factory.mktemp("clinic") / "office"
    keys = SoftwareKeyStore(Folder(place).keys, lambda: PASSPHRASE, cost=CHEAP)
    make_office(settings_of(place), keys)
    with office_at(place) as opened:
        form = OrganisationForm(name="Поликлиника", place="Город", address="Дом", services=())
        command = AddOrganisation(
            region=REGION,
            key="clinic",
            ogrn=OGRN,
            joined_on=datetime(2026, 1, 1, tzinfo=UTC).date(),
            form=form,
        )
        add_organisation(opened.office, Actor(uuid4(), Role.CLERK), command)
    return place


@pytest.fixture
def clinic(pristine_clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The office of one test; the environment points to it."""
    place = tmp_path / "office"
    shutil.copytree(pristine_clinic, place)
    monkeypatch.setenv("CARDSERVICE_HOME", str(place))
    monkeypatch.setenv("CARDSERVICE_KEY_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("CARDSERVICE_REGION", REGION)
    for name, value in CHEAP_HASHES.items():
        monkeypatch.setenv(f"CARDSERVICE_{name.upper()}", str(value))
    return place


@contextmanager
def office_at(place: Path) -> Iterator[OfficeHome]:
    keys = SoftwareKeyStore(Folder(place).keys, lambda: PASSPHRASE, cost=CHEAP)
    with open_office(settings_of(place), keys) as opened:
        yield opened


def enrolled(place: Path, code: str) -> ClinicDesk:
    with office_at(place) as opened:
        return enrol_desk(
            opened.office, NewDesk(code=code, public_key=bytes(91), holder="RUABCDEFGHJ")
        )


def code_for(cardservice_typed: Type, name: str = "Reception 1") -> str:
    made = cardservice_typed("clinics", "code", "add", OGRN, "--desk", name)
    assert made.exit_code == Exit.OK, made.output
    return made.stdout.strip()


def test_a_code_is_printed_alone_and_enrols_a_desk_that_is_listed_and_ended(
    clinic: Path, cardservice_typed: Type
) -> None:
    desk = enrolled(clinic, code_for(cardservice_typed))
    (shown,) = json.loads(cardservice_typed("clinics", "desk", "list", "--json").stdout)
    assert (shown["id"], shown["name"], shown["ended_at"]) == (str(desk.id), "Reception 1", None)
    ended = cardservice_typed("clinics", "desk", "end", str(desk.id), "--ground", "stolen")
    assert ended.exit_code == Exit.OK
    assert "(stolen)" in cardservice_typed("clinics", "desk", "list").stdout
    again = cardservice_typed("clinics", "desk", "end", str(desk.id))
    assert again.exit_code == Exit.HOME


@pytest.mark.parametrize("named", ["1020000000009", str(UUID(int=7)), "", "Поликлиника"])
def test_a_clinic_that_there_is_not_gets_no_code(
    clinic: Path, cardservice_typed: Type, named: str
) -> None:
    made = cardservice_typed("clinics", "code", "add", named, "--desk", "Reception 1")
    assert made.exit_code == Exit.HOME
    assert made.stdout == ""
    assert clinic.exists()


def test_who_names_a_clinic_that_was_never_entered_is_told_how_one_is(
    clinic: Path, cardservice_typed: Type
) -> None:
    made = cardservice_typed("clinics", "code", "add", "1027700132195", "--desk", "Reception 1")
    assert made.exit_code == Exit.HOME
    assert f"region {REGION}" in made.stderr
    assert f"page {clinics_page.ADDRESS}," in made.stderr
    assert f"POST {API}/{UNDER}." in made.stderr
    assert clinic.exists()


def test_signs_are_listed_and_settled(clinic: Path, cardservice_typed: Type) -> None:
    desk = enrolled(clinic, code_for(cardservice_typed))
    with office_at(clinic) as opened:
        shown = Presentation(
            id=uuid4(),
            at=opened.office.clock(),
            grade=TimeGrade.PROVEN,
            outcome=Outcome.INVALID,
            reason="chip-copied",
            card_number=0xABC,
        )
        take_presentations(opened.office, desk, [shown], key=bytes(32))
    (one,) = json.loads(cardservice_typed("clinics", "sign", "list", "--json").stdout)
    assert (one["kind"], one["card"]) == ("chip-copied", "000000000abc")
    assert (
        "000000000abc"
        in cardservice_typed("clinics", "sign", "list", "--kind", "chip-copied").stdout
    )
    settled = cardservice_typed("clinics", "sign", "settle", one["id"], "--note", "Card blocked")
    assert settled.exit_code == Exit.OK
    assert cardservice_typed("clinics", "sign", "list").stdout == ""
    assert one["id"] in cardservice_typed("clinics", "sign", "list", "--state", "settled").stdout

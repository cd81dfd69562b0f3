"""The register of clinics and a desk's certificate: it ends when the clinic leaves."""

from datetime import date
from pathlib import Path

import pytest

from cardservice.errors import Refusal, UsageError
from cardservice.home.terminals_register import DeskRegister
from cardservice.home.trust_points import TerminalFolder
from tests.chain import START
from tests.unit.home.desks import WISH, Desk, days, new_desk

TODAY = START.date()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path)


@pytest.mark.parametrize(("left_in", "lasts"), [(0, 0), (2, 2), (6, 6), (40, 6)])
def test_a_desks_certificate_ends_with_the_clinics_last_day(
    desk: Desk, left_in: int, lasts: int
) -> None:
    asked: list[tuple[str, date]] = []

    def until(clinic: str, wanted: date) -> date:
        asked.append((clinic, wanted))
        return TODAY + days(left_in)

    enrolled = desk.certify(desk.request(), until=until)
    assert enrolled.desk.until == TODAY + days(lasts)
    assert asked == [(WISH.clinic, TODAY + days(6))]


def test_a_clinic_that_left_gets_no_certificate_and_the_register_no_desk(desk: Desk) -> None:
    octets = desk.request()
    with pytest.raises(Refusal) as refusal:
        desk.certify(octets, until=lambda _, __: TODAY - days(1))
    assert refusal.value.code == "clinic-left"
    assert DeskRegister(TerminalFolder(desk.issuer.folder.path).desks).desks() == ()


def test_what_the_register_of_clinics_refuses_is_refused(desk: Desk) -> None:
    def until(clinic: str, wanted: date) -> date:
        raise Refusal("left", f"{clinic} has left before {wanted}.")

    octets = desk.request()
    with pytest.raises(Refusal) as refusal:
        desk.certify(octets, until=until)
    assert refusal.value.code == "left"


def test_an_impossible_number_of_days_is_no_matter_of_the_clinic(desk: Desk) -> None:
    octets = desk.request()
    with pytest.raises(UsageError):
        desk.certify(octets, days=0, until=lambda _, wanted: wanted)

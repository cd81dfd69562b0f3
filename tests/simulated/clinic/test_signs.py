"""Signs of abuse: what desks saw is on the security officer's page."""

from pathlib import Path

from cardservice.accounts.roles import Role
from cardservice.domain.verdict import Outcome, Reason
from simulators.card.tampering import clone_without_chip_key
from tests.simulated.clinic.desks import DeskAt, Place
from tests.simulated.clinic.town import Town
from tests.unit.web_clinics.service_world import OGRNS


def test_a_card_at_two_clinics_within_minutes_is_seen_by_the_security_officer(
    town: Town, desk: DeskAt, tmp_path: Path
) -> None:
    card = town.good_card()
    other = Place(town, tmp_path / "other", name="Окно 7")
    other.enrol(town.code(town.clinic(OGRNS[1]), "Окно 7"))
    with other.at_work() as far:
        far.refresh()
        assert desk.tap(card.software).outcome is Outcome.VALID
        desk.report()
        assert town.signs() == []
        town.clock.go(minutes=3)
        assert far.tap(card.software).outcome is Outcome.VALID
        far.report()
    (sign,) = town.signs()
    assert (sign["kind"], sign["card_number"]) == ("far-apart", f"{card.number:012x}")
    path = f"/abuse-signs/{sign['id']}/settlement"
    town.change(Role.SECURITY_OFFICER, path, {"note": "looked at"}, version=sign["version"])
    assert town.signs() == []


def test_a_cloned_card_is_refused_and_seen_by_the_security_officer(
    town: Town, desk: DeskAt
) -> None:
    card = town.good_card()
    for _ in range(2):
        verdict = desk.tap(clone_without_chip_key(card.software))
        assert (verdict.outcome, verdict.deciding.reason) == (Outcome.INVALID, Reason.CHIP_COPIED)
    desk.report()
    (sign,) = town.signs()
    assert (sign["kind"], sign["occurrences"]) == ("chip-copied", 2)
    assert sign["card_number"] == f"{card.number:012x}"


def test_nobody_but_a_security_officer_sees_signs(town: Town) -> None:
    assert town.ask(Role.CLERK, "GET", "/abuse-signs").status_code == 403

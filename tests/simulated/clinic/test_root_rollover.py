"""The issuer's root is rolled over: desks follow over the network alone, by its links or not."""

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.verdict import Outcome
from cardservice.home.anchors import read_anchors, roll_root_over
from cardservice.home.clinics_trust import SLOT_S
from cardservice.home.desk import desk_home, enrolment_of
from cardservice.home.desk_troubles import not_linked
from cardservice.home.folder import issue_signer, open_root, read_fund
from cardservice.home.issuer import utc_now
from cardservice.home.renewal import renew
from cardservice.home.status_lists_signer import list_signer_file
from cardservice.pki.authority import CertificateAuthority, create_root
from cardservice.pki.certificates import parse_certificate
from cardservice.serving.clinics import Upkeep
from tests.simulated.clinic.desks import DeskAt, Place
from tests.simulated.clinic.town import Town
from tests.unit.pki.office import key

SECOND = timedelta(seconds=1)
SERIAL = 4_711
DEAD = datetime(2010, 1, 1, tzinfo=UTC)
REFUSED = {
    "time-signer-undecided",
    "trust-revocations-refused",
    "status-list-signer-undecided",
}
"""All that comes is signed under a root that the desk does not know."""


def roll_over(town: Town, *, ago: timedelta = timedelta(0)) -> None:
    """Make the next root, and let all that is signed from now on be under it."""
    folder, keys, at = town.home.folder, town.keys, utc_now() - ago
    roll_root_over(folder, keys, entropy=secrets.token_bytes, at=at)
    issue_signer(
        folder, keys, open_root(folder, keys), read_fund(folder), entropy=secrets.token_bytes, at=at
    )
    renew(folder, keys, entropy=secrets.token_bytes, at=at)
    list_signer_file(folder).unlink()
    town.clock.go(seconds=SLOT_S)
    assert "list-signer" in Upkeep(town.home).look()
    town.publish()


def links(town: Town) -> list[Path]:
    return sorted(town.home.folder.root.parent.glob("link-*.der"))


def roots_of(desk: DeskAt) -> tuple[bytes, ...]:
    trust = desk.at_work.knowledge.trust
    assert trust is not None
    return trust.roots


def test_a_desk_enrolled_before_a_rollover_follows_it_over_the_network_alone(
    town: Town, place: Place, tmp_path: Path
) -> None:
    before = town.good_card()
    town.publish()
    with place.at_work() as desk:
        assert desk.refresh() == set()
        (old,) = roots_of(desk)
        roll_over(town)
        after = town.good_card()
        town.publish()
        assert desk.refresh() == set()
        assert roots_of(desk) == (old, town.home.folder.root.read_bytes())
        for card in (before, after):
            assert desk.tap(card.software).outcome is Outcome.VALID
        assert not_linked(desk.at_work.knowledge) == ()
    town.door.shut()
    with place.at_work() as again:
        assert again.tap(after.software).outcome is Outcome.VALID
    town.open_service()
    late = Place(town, tmp_path / "late")
    late.enrol(town.code(town.clinic("1009900000010"), "Окно 2"))
    with late.at_work() as desk:
        assert desk.refresh() == set()
        for card in (before, after):
            assert desk.tap(card.software).outcome is Outcome.VALID


def test_a_desk_that_missed_a_rollover_follows_two_at_once(town: Town, place: Place) -> None:
    with place.at_work() as desk:
        roll_over(town, ago=2 * SECOND)
        roll_over(town)
        assert desk.refresh() == set()
        assert set(roots_of(desk)) == set(read_anchors(town.home.folder).roots)
        assert len(roots_of(desk)) == 3


def forge(town: Town) -> None:
    """The link is the right one, but for its signature."""
    (link,) = links(town)
    link.write_bytes(link.read_bytes()[:-8] + secrets.token_bytes(8))


def link_by_another_root(town: Town) -> None:
    """Somebody else's root of the same name vouches for the new one."""
    present = parse_certificate(town.home.folder.root.read_bytes())
    other = create_root(
        key("somebody else"), subject=present.subject, serial=SERIAL, at=present.not_before
    )
    (link,) = links(town)
    link.write_bytes(other.link_to(present, serial=SERIAL))


def link_to_another_key(town: Town) -> None:
    """The old root vouches for a root; it is not the one that comes."""
    folder = town.home.folder
    (old,) = read_anchors(folder).former
    authority = CertificateAuthority(parse_certificate(old), town.keys.signing_key("root"))
    present = parse_certificate(folder.root.read_bytes())
    other = create_root(
        key("somebody else"), subject=present.subject, serial=SERIAL, at=present.not_before
    )
    (link,) = links(town)
    link.write_bytes(authority.link_to(other.certificate, serial=SERIAL))


def no_link(town: Town) -> None:
    """Nothing vouches for the new root."""
    (link,) = links(town)
    link.unlink()


def link_missing_in_the_middle(town: Town) -> None:
    """There was another rollover, and of the two links the first one is lost."""
    first = links(town)[0]
    roll_over(town)
    first.unlink()


SPOILT = (forge, link_by_another_root, link_to_another_key, no_link, link_missing_in_the_middle)


def test_without_a_link_from_its_own_root_a_desk_stays_with_the_old_one(
    town: Town, place: Place
) -> None:
    with place.at_work() as desk:
        assert desk.refresh() == set()
        (old,) = roots_of(desk)
        roll_over(town, ago=2 * SECOND)
        good = {one: one.read_bytes() for one in links(town)}
        for spoil in SPOILT:
            spoil(town)
            town.clock.go(seconds=SLOT_S)
            assert desk.refresh() == REFUSED, spoil.__name__
            assert roots_of(desk) == (old,), spoil.__name__
            for path, octets in good.items():
                path.write_bytes(octets)
        town.clock.go(seconds=SLOT_S)
        assert desk.refresh() == set()
        assert roots_of(desk)[0] == old
        assert town.home.folder.root.read_bytes() in roots_of(desk)


def test_a_desk_with_a_dead_battery_follows_a_rollover_that_it_was_off_for(
    town: Town, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.at_work() as desk:
        assert desk.refresh() == set()
    roll_over(town)
    card = town.good_card()
    town.publish()
    monkeypatch.setattr("cardservice.home.desk_at_work.wall", lambda: DEAD)
    with place.at_work() as desk:
        assert desk.at_work.time.now().grade is TimeGrade.UNKNOWN
        assert desk.refresh() == set()
        assert desk.at_work.time.now().grade is TimeGrade.PROVEN
        assert desk.tap(card.software).outcome is Outcome.VALID


def test_a_root_that_no_link_leads_to_is_left_aside_and_named_among_the_troubles(
    town: Town, place: Place
) -> None:
    with place.at_work() as desk:
        assert desk.refresh() == set()
        (old,) = roots_of(desk)
        folder = town.home.folder
        roll_root_over(folder, town.keys, entropy=secrets.token_bytes, at=utc_now())
        no_link(town)
        town.clock.go(seconds=SLOT_S)
        assert desk.refresh() == set()  # its signer and its list are still the old root's
        assert roots_of(desk) == (old,)
        assert not_linked(desk.at_work.knowledge) == ("trust-root-not-linked",)
    enrolment = enrolment_of(desk_home(place.settings))
    assert enrolment is not None
    assert enrolment.roots == (old,)

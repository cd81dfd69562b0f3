"""The issuer behind the port: its home is made once, renewed when opened, refused in production."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cardservice.domain.enp import disagreements
from cardservice.errors import Refusal, UsageError
from cardservice.home.zoo import HomeZooIssuer, open_issuer
from cardservice.home.zoo_wishes import photo_of, policy_order
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.cv.certificates import parse_certificate as parse_cv
from cardservice.pki.revocations import parse_revocation_list
from cardservice.storage.ledger import CardLedger
from simulators.card import SoftwareCard, blank_card, image
from simulators.reader import InProcessReader
from simulators.zoo.photo import made_up_photo
from simulators.zoo.wishes import Person, Wish, members_of


def issue(
    issuer: HomeZooIssuer, wish: Wish, name: str = "a card"
) -> tuple[SoftwareCard, Mapping[str, Any]]:
    card, reader = blank_card(), InProcessReader("reader of a test")
    reader.insert(card)
    told = issuer.issue(reader.connect(), members_of(wish, name))
    reader.remove()
    assert told is not None
    return card, told


def terminal_until(issuer: HomeZooIssuer) -> datetime:
    terminal = parse_cv(issuer.trust_material()["terminal/2-terminal.cvcert"])
    return datetime.combine(terminal.expiration, datetime.min.time(), UTC)


def move_clock(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    for module in ("zoo", "issuer"):
        monkeypatch.setattr(f"cardservice.home.{module}.utc_now", lambda: datetime.now(UTC) + by)


def test_a_home_is_made_once_and_renewed_when_it_is_opened(tmp_path: Path) -> None:
    first, second = (open_issuer(tmp_path).trust_material() for _ in range(2))
    assert first["root.der"] == second["root.der"]
    assert first["terminal/2-terminal.cvcert"] == second["terminal/2-terminal.cvcert"]
    lists = [parse_revocation_list(one["revocations.crl"]) for one in (first, second)]
    assert lists[0].number < lists[1].number
    assert lists[0].revoked == lists[1].revoked != frozenset()


@pytest.mark.parametrize("days", [5, 30, 85, 200])
def test_a_home_that_lay_for_long_makes_every_kind_of_card_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    open_issuer(tmp_path)
    move_clock(monkeypatch, timedelta(days=days))
    issuer = open_issuer(tmp_path)
    then = datetime.now(UTC) + timedelta(days=days)
    assert terminal_until(issuer) - then > timedelta(days=2)
    revocations = parse_revocation_list(issuer.trust_material()["revocations.crl"])
    assert revocations.next_update > then
    for signer in ("good", "revoked", "unknown"):
        issue(issuer, Wish(signer=signer, superseded=signer == "good"))
    revoked = parse_certificate((tmp_path / "zoo" / "revoked-signer.der").read_bytes())
    assert revoked.serial in revocations.revoked


def test_production_refuses_a_zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARDSERVICE_PRODUCTION", "1")
    with pytest.raises(UsageError, match="production refuses a zoo"):
        open_issuer(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(Refusal, match="in use"):
        open_issuer(tmp_path)


def test_what_the_register_says_is_what_was_wished(tmp_path: Path) -> None:
    issuer = open_issuer(tmp_path)
    for number, status in enumerate(("active", "blocked", "terminated", "unknown")):
        _, told = issue(issuer, Wish(status=status), f"card {number}")
        assert told["status"] == status
        assert (told["newest_record"] is None) is (status == "unknown")


def test_a_superseded_card_is_a_day_older_than_what_the_register_knows(tmp_path: Path) -> None:
    issuer = open_issuer(tmp_path)
    _, told = issue(issuer, Wish(superseded=True))
    ledger = CardLedger(tmp_path / "ledger.jsonl", clock=lambda: datetime.now(UTC))
    answer = ledger.look_up(told["enp"], card_number=told["card_number"])
    assert answer.newest_record is not None
    assert datetime.now(UTC) - answer.newest_record < timedelta(minutes=5)
    assert told["status"] == "active"


@pytest.mark.parametrize("state", ["blocked", "terminated"])
def test_a_card_is_brought_to_its_state_by_commands(tmp_path: Path, state: str) -> None:
    card, _ = issue(open_issuer(tmp_path), Wish(life_cycle=state))
    octets = {"blocked": b"\x83", "terminated": b"\xff"}[state]
    assert card.memory.get(image.LIFE_CYCLE) == octets
    assert (card.memory.get(image.CHIP_KEY) is None) is (state == "terminated")


def test_nothing_secret_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    _, told = issue(open_issuer(tmp_path), Wish())
    for word in ("can", "pin", "puk", "enp"):
        assert told[word] not in caplog.text


def test_policy_numbers_fit_their_holders_and_are_of_the_region_nobody_lives_in() -> None:
    for name in ("one", "two", "three", "four", "five", "six"):
        holder = policy_order(members_of(Wish(), name)).holder
        assert holder.enp.startswith("00")
        assert disagreements(holder.enp, birth_date=holder.birth_date, sex=holder.sex) == ()


def test_a_wish_without_a_member_is_refused() -> None:
    members = {**members_of(Wish(), "one")}
    del members["ogrn"]
    with pytest.raises(UsageError, match="no member 'ogrn'"):
        policy_order(members)


def test_only_images_of_ours_are_photos() -> None:
    photo = photo_of(made_up_photo())
    assert photo is not None
    assert photo.image == made_up_photo()
    assert photo_of(None) is None
    with pytest.raises(UsageError, match="neither JPEG"):
        photo_of(b"GIF89a")


def test_a_text_too_long_for_a_card_is_refused_at_the_station(tmp_path: Path) -> None:
    person = Person(
        surname="Щ" * 61, given_name="А", patronymic=None, sex="male", birth_date="1999-01-01"
    )
    with pytest.raises(UsageError):
        open_issuer(tmp_path).files(members_of(Wish(person=person), "one"))

"""Which keys of a desk go, which stay, and that no number comes twice."""

from pathlib import Path

import pytest

from cardservice.home.desk_keys import remove_desk_keys, remove_former_keys
from cardservice.home.enrolment import DeskFolder, installed
from cardservice.home.terminals import end_desk
from cardservice.home.terminals_register import Ground
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.keystores.sealing import KdfCost
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.pki.keys import KeyStoreError
from tests.chain import START
from tests.unit.home.desks import WISH, Desk, days, new_desk

CHEAP = KdfCost(n=16, r=1, p=1)
OTHERS = ("assertion-of-another", "desk", "desk-", "desk-1a", "my-desk-00001", "station-00001")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path)


def store(*names: str) -> InsecureMemoryKeyStore:
    keys = InsecureMemoryKeyStore(production=False)
    for name in names:
        keys.generate(name)
    return keys


def end(desk: Desk) -> None:
    """Do what the office does before a desk is enrolled anew."""
    ground = Ground(by="clerk", at=START, reason="its keys are lost")
    end_desk(desk.issuer.folder, WISH.desk, ground)


def test_the_key_in_use_and_the_one_before_it_stay() -> None:
    keys = store("desk-00001", "desk-00002", "desk-00003", "desk-00004")
    assert remove_former_keys(keys, sequence="00004") == ("desk-00001", "desk-00002")
    assert keys.names() == ("desk-00003", "desk-00004")


def test_a_key_whose_certificate_has_not_come_yet_stays() -> None:
    keys = store("desk-00001", "desk-00002", "desk-00003", "desk-00004", "desk-00005")
    assert remove_former_keys(keys, sequence="00003") == ("desk-00001",)
    assert keys.names() == ("desk-00002", "desk-00003", "desk-00004", "desk-00005")


@pytest.mark.parametrize("sequence", ["00001", "00002"])
def test_a_desk_with_one_former_key_or_none_keeps_all(sequence: str) -> None:
    keys = store("assertion-00001", "desk-00001", "desk-00002")
    assert remove_former_keys(keys, sequence=sequence) == ()
    assert len(keys.names()) == 3


@pytest.mark.parametrize("sequence", ["", "A0001", "00009", "\uff10\uff10\uff10\uff10\uff19"])
def test_without_the_key_of_the_certificate_in_use_none_is_removed(sequence: str) -> None:
    keys = store("desk-00001", "desk-00002", "desk-00003")
    assert remove_former_keys(keys, sequence=sequence) == ()
    assert keys.names() == ("desk-00001", "desk-00002", "desk-00003")


def test_from_a_store_of_two_desks_nothing_is_removed() -> None:
    names = ("assertion-00001", "assertion-00002", "desk-00001", "desk-00002", "desk-00003")
    keys = store(*names)
    assert remove_former_keys(keys, sequence="00003") == ()
    assert remove_desk_keys(keys) == ()
    assert keys.names() == names


def test_what_only_looks_like_a_key_of_a_desk_stays_when_it_leaves() -> None:
    others = tuple(sorted(one for one in OTHERS if not one.startswith("-")))
    keys = store(*others, "assertion-00001", "desk-00001", "desk-00017")
    gone = remove_desk_keys(keys)
    assert set(gone) == {"assertion-00001", "desk-00001", "desk-00017"}
    assert keys.names() == others


def test_a_store_whose_keys_stay_for_ever_is_left_as_it_is() -> None:
    class Forever:
        def names(self) -> tuple[str, ...]:
            return ("assertion-00001", "desk-00001")

    assert remove_desk_keys(Forever()) == ()  # type: ignore[arg-type]


def test_keys_in_a_folder_go_without_a_passphrase(tmp_path: Path) -> None:
    made = SoftwareKeyStore(tmp_path / "keys", lambda: "correct horse", cost=CHEAP)
    for name in ("assertion-00001", "desk-00001", "station-00001"):
        made.generate(name)

    def nobody() -> str:
        raise AssertionError("somebody was asked")

    remove_desk_keys(SoftwareKeyStore(tmp_path / "keys", nobody))
    assert [one.name for one in (tmp_path / "keys").iterdir()] == ["station-00001.key"]
    with pytest.raises(KeyStoreError):
        made.generate("station-00001")


def test_after_many_renewals_no_number_came_twice(desk: Desk) -> None:
    numbers = [desk.enrol().bundle.reference.sequence]
    for after in range(1, 5):
        numbers.append(desk.renew(at=START + days(after)).bundle.reference.sequence)
        remove_former_keys(desk.keys, sequence=numbers[-1])
    assert numbers == ["00001", "00002", "00003", "00004", "00005"]
    assert desk.keys.names() == ("desk-00004", "desk-00005")


def test_a_desk_whose_keys_are_lost_is_enrolled_again_after_the_number_it_had(desk: Desk) -> None:
    desk.enrol()
    desk.renew(at=START)
    desk.keys = store()
    end(desk)
    desk.enrol()
    bundle = installed(desk.folder)
    assert bundle is not None
    assert bundle.reference.sequence == "00003"
    assert desk.keys.names() == ("desk-00003",)


def test_who_left_begins_at_one_with_a_name_that_no_certificate_had(desk: Desk) -> None:
    before = desk.enrol().bundle.reference
    DeskFolder(desk.folder.path).bundle.unlink()
    remove_desk_keys(desk.keys)
    end(desk)
    after = desk.enrol().bundle.reference
    assert (before.sequence, after.sequence) == ("00001", "00001")
    assert before.mnemonic != after.mnemonic

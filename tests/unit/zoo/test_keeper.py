"""Cards by name: made once, kept, copied, never shared; and the folder they live in."""

import json
import stat
from pathlib import Path

import pytest

from simulators.card import Interface, image
from simulators.reader.errors import CardGoneError, ReaderSetupError
from simulators.tray.plastic import Plastic
from simulators.zoo import CATALOGUE, Zoo, open_zoo
from simulators.zoo.making import make_image, make_plain_card
from simulators.zoo.recipes import Torn
from simulators.zoo.tearing import TearingLink
from tests.unit.zoo.pretended import PIN, PretendedIssuer


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> PretendedIssuer:
    pretended = PretendedIssuer()
    monkeypatch.setattr("simulators.zoo.keeper.open_issuer", lambda _: pretended)
    return pretended


@pytest.fixture
def zoo(issuer: PretendedIssuer, tmp_path: Path) -> Zoo:
    opened = open_zoo(tmp_path / "zoo")
    assert issuer.wishes == []
    return opened


def serial_of(card: Plastic) -> bytes | None:
    assert card.memory is not None
    return card.memory.get(image.CHIP_SERIAL)


def test_a_card_is_made_once_and_what_is_done_to_one_no_other_knows(
    zoo: Zoo, issuer: PretendedIssuer
) -> None:
    first, second = zoo.card("valid"), zoo.card("valid")
    assert serial_of(first) == serial_of(second)
    assert len(issuer.wishes) == 1
    assert first.memory is not None
    assert second.memory is not None
    first.memory.put(image.CAN, b"000000")
    assert second.memory.get(image.CAN) is None
    assert zoo.card("valid").memory is not first.memory


def test_a_card_is_kept_between_runs(zoo: Zoo, issuer: PretendedIssuer) -> None:
    made = serial_of(zoo.card("valid"))
    again = open_zoo(zoo.folder)
    assert serial_of(again.card("valid")) == made
    assert again.secrets("valid") == zoo.secrets("valid")
    assert len(issuer.wishes) == 1


def test_a_temporary_zoo_leaves_nothing_behind(issuer: PretendedIssuer) -> None:
    with open_zoo() as zoo:
        zoo.card("valid")
        assert zoo.folder.is_dir()
    assert not zoo.folder.exists()
    zoo.close()
    assert len(issuer.wishes) == 1


def test_a_temporary_zoo_that_cannot_be_opened_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(_: Path) -> PretendedIssuer:
        raise ReaderSetupError("no issuer", remedy="install one")

    monkeypatch.setattr("simulators.zoo.keeper.open_issuer", refuse)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(ReaderSetupError, match="no issuer"):
        open_zoo()
    assert list(tmp_path.iterdir()) == []


def test_the_secrets_of_a_card_are_told_and_never_printed(zoo: Zoo) -> None:
    secrets = zoo.secrets("valid")
    assert secrets is not None
    assert secrets.pin == PIN
    assert PIN not in repr(secrets)
    assert [zoo.secrets(name) for name in ("blank", "bank")] == [None, None]


def test_the_trust_folder_knows_every_card_made_so_far_and_nobody_else_reads_it(zoo: Zoo) -> None:
    register = zoo.trust_folder / "register.json"
    assert json.loads(register.read_bytes())["cards"] == {}
    zoo.card("valid")
    zoo.card("not-in-register")
    written = json.loads(register.read_bytes())
    assert list(written["cards"].values()) == ["active"]
    secrets = zoo.trust_folder / "secrets.json"
    assert set(json.loads(secrets.read_bytes())) == {"valid", "not-in-register"}
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    assert stat.S_IMODE(zoo.trust_folder.stat().st_mode) == 0o700
    assert (zoo.trust_folder / "README.md").is_file()
    assert (zoo.trust_folder / "terminal" / "cvca.cvcert").is_file()


def test_a_zoo_knows_what_another_program_made_in_its_folder(zoo: Zoo) -> None:
    other = open_zoo(zoo.folder)
    other.card("valid")
    zoo.card("expired")
    written = json.loads((zoo.trust_folder / "secrets.json").read_bytes())
    assert set(written) == {"valid", "expired"}


def test_a_file_for_use_is_written_once_and_then_left_as_it_is(zoo: Zoo) -> None:
    path, is_new = zoo.put_out("valid") or (Path(), False)
    assert is_new
    path.write_bytes(b"used")
    assert zoo.put_out("valid") == (path, False)
    assert path.read_bytes() == b"used"
    assert serial_of(zoo.card("valid")) is not None


def test_cards_without_memory_have_no_file_and_are_new_each_time(zoo: Zoo) -> None:
    for name in ("field-first", "random", "bank"):
        assert zoo.put_out(name) is None
    first, second = (zoo.card("random").at(Interface.CONTACT) for _ in range(2))
    assert first is not second
    command = bytes(5)
    assert [first.execute(command) for _ in range(9)] == [second.execute(command) for _ in range(9)]


def test_a_kept_card_that_is_damaged_is_named_with_what_to_do(zoo: Zoo) -> None:
    zoo.card("valid")
    kept = zoo.folder / "kept" / "valid.card"
    kept.write_bytes(kept.read_bytes()[:-9])
    with pytest.raises(ReaderSetupError, match=r"valid\.card is damaged") as error:
        open_zoo(zoo.folder)
    assert "delete it" in error.value.remedy
    kept.unlink()
    assert serial_of(open_zoo(zoo.folder).card("valid")) is not None


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    with pytest.raises(ReaderSetupError, match="cannot be used") as error:
        open_zoo(file)
    assert "folder" in error.value.remedy


def test_an_issuer_that_loses_a_card_or_finishes_a_torn_one_is_found(
    zoo: Zoo, issuer: PretendedIssuer
) -> None:
    with pytest.raises(ReaderSetupError, match="never came to that step"):
        zoo.card("torn-after-keys")
    issuer.lost = True
    with pytest.raises(ReaderSetupError, match="lost the card"):
        zoo.card("valid")


def test_what_has_an_image_has_no_plain_card_and_the_reverse(issuer: PretendedIssuer) -> None:
    for entry in CATALOGUE:
        making = make_plain_card if entry.has_image else make_image
        with pytest.raises(TypeError, match="image"):
            making(entry, issuer)


class _Link:
    """A link to a card that answers everything."""

    atr = b"\x3b\x00"

    def exchange(self, command: bytes) -> bytes:
        return b"\x90\x00"

    def reset(self) -> bytes:
        return self.atr

    def close(self) -> None:
        """Do nothing."""


def test_the_hand_tears_the_card_out_after_the_answer_to_the_chosen_command() -> None:
    torn = next(one.recipe for one in CATALOGUE if one.name == "torn-in-data")
    assert isinstance(torn, Torn)
    hand = TearingLink(_Link(), torn)
    more, last = bytes.fromhex("84E20800"), bytes.fromhex("84E28800")
    for command in (more, last, more):
        assert hand.exchange(command) == b"\x90\x00"
    assert not hand.was_torn
    assert hand.reset() == hand.atr
    with pytest.raises(CardGoneError):
        hand.exchange(more)
    assert hand.was_torn
    for action in (hand.reset, lambda: hand.exchange(last)):
        with pytest.raises(CardGoneError):
            action()

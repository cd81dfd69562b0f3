from pathlib import Path

import pytest

from simulators.reader import CardGoneError, ReaderSetupError, cards, entry
from simulators.reader.entry import open_reader
from tests.pcsc_stack import ATR_T1, OK, EchoCard

COMMAND = b"\x00\xb0\x00\x00\x00"


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> EchoCard:
    card = EchoCard()
    monkeypatch.setattr(entry, "blank_card", lambda *, interface: card)  # noqa: ARG005 - a keyword of the call
    return card


def test_a_card_is_met_at_its_contacts_unless_the_name_ends_in_contactless(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, str]] = []

    def remember(name: object, *, interface: str) -> EchoCard:
        asked.append((str(name), interface))
        return EchoCard()

    monkeypatch.setattr(entry, "zoo_card", remember)
    monkeypatch.setattr(entry, "load_card", remember)
    for name in ("zoo/valid", "zoo/valid@contactless", "a@b.card", "a@b.card@contact"):
        open_reader(name).close()
    assert asked == [
        ("valid", "contact"),
        ("valid", "contactless"),
        ("a@b.card", "contact"),
        ("a@b.card", "contact"),
    ]


@pytest.mark.usefixtures("card")
def test_without_a_name_a_blank_card_is_in_the_reader() -> None:
    link = open_reader("")
    assert (link.atr, link.exchange(COMMAND), link.reset()) == (ATR_T1, COMMAND + OK, ATR_T1)


def test_closing_takes_the_card_out(card: EchoCard) -> None:
    link = open_reader("")
    link.close()
    link.close()
    assert card.history[-1] == "power down"
    with pytest.raises(CardGoneError):
        link.exchange(COMMAND)


def test_a_state_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ReaderSetupError, match="no state file"):
        open_reader(str(tmp_path / "none"))


def test_a_new_state_file_overwrites_nothing(tmp_path: Path) -> None:
    file = tmp_path / "card"
    file.touch()
    with pytest.raises(ReaderSetupError, match="already"):
        cards.new_state_file(file)

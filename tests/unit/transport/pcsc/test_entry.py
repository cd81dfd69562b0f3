import pytest

from cardservice.errors import ReaderUnavailableError
from cardservice.transport.pcsc import entry, scard
from cardservice.transport.pcsc.context import Context
from cardservice.transport.pcsc.entry import choose, choose_occupied, list_readers
from tests.unit.transport.pcsc.fake_scard import FakeReader, FakeScard

READERS = ("Desk 1", "Desk 10", "Station")


@pytest.mark.parametrize(
    ("name", "reader"), [("Desk 1", "Desk 1"), ("10", "Desk 10"), ("Stat", "Station")]
)
def test_a_full_name_or_a_part_that_only_one_has_chooses(name: str, reader: str) -> None:
    assert choose(name, READERS) == reader


def test_a_part_that_several_have_lists_those() -> None:
    with pytest.raises(ReaderUnavailableError, match="2 readers fit") as caught:
        choose("Desk", READERS)
    assert caught.value.remedy == "name one: pcsc:Desk 1, pcsc:Desk 10"


def test_a_name_that_none_has_lists_all() -> None:
    with pytest.raises(ReaderUnavailableError, match="no reader fits") as caught:
        choose("Bank", READERS)
    assert all(reader in caught.value.remedy for reader in READERS)


def scard_with(*occupied: str) -> FakeScard:
    return FakeScard(
        readers={name: FakeReader(b"\x3b" if name in occupied else None) for name in READERS}
    )


def test_the_only_card_is_found_whatever_its_reader() -> None:
    assert choose_occupied(Context(scard_with("Desk 10")), READERS) == "Desk 10"


def test_several_cards_are_not_guessed_between() -> None:
    with pytest.raises(ReaderUnavailableError, match="several") as caught:
        choose_occupied(Context(scard_with("Desk 1", "Station")), READERS)
    assert caught.value.remedy == "name one: pcsc:Desk 1, pcsc:Station"


def test_no_card_lists_where_to_put_one() -> None:
    with pytest.raises(ReaderUnavailableError, match="no reader holds a card") as caught:
        choose_occupied(Context(scard_with()), READERS)
    assert "Desk 1, Desk 10, Station" in caught.value.remedy


def test_no_reader_says_to_plug_one_in() -> None:
    assert list_readers(FakeScard()) == ()
    with pytest.raises(ReaderUnavailableError, match="plug in a reader"):
        choose_occupied(Context(FakeScard()), ())
    with pytest.raises(ReaderUnavailableError, match="plug in a reader"):
        choose("Desk", ())


def test_an_url_leads_to_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "load", lambda: scard_with("Station"))
    assert entry.open_reader("").reader == "Station"
    assert entry.open_reader("Desk 10").reader == "Desk 10"


def test_without_pyscard_the_remedy_is_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "smartcard", None)
    with pytest.raises(ReaderUnavailableError, match="pyscard") as caught:
        scard.load()
    assert "pcsc" in caught.value.remedy

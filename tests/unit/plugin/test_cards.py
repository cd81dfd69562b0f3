"""Cards for tests: each new, in the tray, and with what must be said of it."""

from pathlib import Path

import pytest

from simulators.card import blank_card
from simulators.card.state_file import save_cells
from simulators.reader.errors import ReaderSetupError
from simulators.testing import PolicyCards, TrayOfTest
from simulators.zoo import Way, Zoo
from tests.unit.plugin.running import Project


def no_zoo() -> Zoo:
    raise AssertionError("nobody needs a zoo for this")


@pytest.fixture
def cards(tray: TrayOfTest, zoo: Zoo) -> PolicyCards:
    return PolicyCards(tray, lambda: zoo, Way.CONTACT)


def test_a_card_of_the_zoo_is_in_the_tray_and_knows_its_verdict_and_secrets(
    cards: PolicyCards, tray: TrayOfTest, zoo: Zoo
) -> None:
    card, secrets = cards(zoo="valid"), zoo.secrets("valid")
    assert (card.name, card.verdict, card.reason) == ("valid", "valid", "chip-proved")
    assert secrets is not None
    assert (card.can, card.pin, card.puk) == (secrets.can, secrets.pin, secrets.puk)
    assert tray.cards["valid"].plastic is card.plastic
    assert tray.cards["valid"].reader is None


def test_secrets_are_in_no_printed_form(cards: PolicyCards) -> None:
    card = cards(zoo="valid")
    shown = repr(card)
    assert card.can is not None
    assert card.pin is not None
    assert card.can not in shown
    assert card.pin not in shown


def test_the_verdict_is_that_of_the_tests_interface(tray: TrayOfTest, zoo: Zoo) -> None:
    contact = PolicyCards(tray, lambda: zoo, Way.CONTACT)(zoo="valid-protected")
    tap = PolicyCards(tray, lambda: zoo, Way.TAP)(zoo="valid-protected")
    bank = PolicyCards(tray, lambda: zoo, Way.TAP)(zoo="bank")
    assert (contact.verdict, contact.reason) == ("no verdict", "access-refused")
    assert (tap.verdict, tap.reason) == ("valid", "chip-proved")
    assert tap.judged == contact.judged == zoo.entry("valid-protected").judged
    assert (bank.verdict, bank.reason, bank.can) == (None, None, None)


def test_two_cards_of_one_name_are_two_cards(cards: PolicyCards) -> None:
    first, second = cards(zoo="valid"), cards(zoo="valid")
    assert (first.name, second.name, cards(zoo="valid", name="mine").name) == (
        "valid",
        "valid-2",
        "mine",
    )
    assert first.plastic.memory is not second.plastic.memory


def test_a_blank_card_needs_no_zoo(tray: TrayOfTest) -> None:
    card = PolicyCards(tray, no_zoo, Way.CONTACT)(blank=True)
    assert (card.name, card.verdict, card.reason) == ("blank", "invalid", "card-not-personalized")


def test_a_state_file_becomes_a_card_and_stays_as_it_is(tray: TrayOfTest, tmp_path: Path) -> None:
    file = tmp_path / "anna.card"
    save_cells(file, blank_card().memory.cells())
    before = file.read_bytes()
    card = PolicyCards(tray, no_zoo, Way.CONTACT)(state=file)
    assert (card.name, card.verdict, card.judged) == ("anna", None, {})
    memory = card.plastic.memory
    assert memory is not None
    memory.transaction({"life": b"\xff"})
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "kinds", [{}, {"zoo": "valid", "blank": True}, {"blank": True, "state": "a.card"}]
)
def test_a_card_is_of_one_kind(cards: PolicyCards, kinds: dict[str, object]) -> None:
    with pytest.raises(ReaderSetupError) as refused:
        cards(**kinds)  # type: ignore[arg-type]  # as a test of somebody else's may
    assert "policy_card(blank=True)" in refused.value.remedy


def test_what_is_no_card_is_refused(cards: PolicyCards, tray: TrayOfTest, tmp_path: Path) -> None:
    (tmp_path / "no.card").write_text("{}")
    with pytest.raises(ReaderSetupError, match="no card of the zoo is called 'valdi'"):
        cards(zoo="valdi")
    for name in ("no.card", "missing.card"):
        with pytest.raises(ReaderSetupError, match=name):
            cards(state=tmp_path / name)
    assert not tray.cards


def test_a_failing_test_shows_the_remedy(project: Project) -> None:
    project.write("test_it.py", 'def test_one(policy_card): policy_card(zoo="valdi")')
    run = project.run()
    assert run.counts == {"failed": 1}
    assert "remedy: choose from what `cardsim zoo` lists" in run.said

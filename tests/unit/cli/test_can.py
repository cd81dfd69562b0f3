"""``--can``: the number printed on a card is typed unseen, tried once, and printed nowhere."""

import json
from types import SimpleNamespace

import pytest

from cardservice.cli.exit_codes import Exit
from cardservice.home.demonstration import DemonstrationCards
from cardservice.texts.demonstration import DemonstrationCard
from tests.unit.cli.conftest import Type

CONTACTLESS = ("--reader", f"sim:{DemonstrationCard.CONTACTLESS}")
COMMANDS = [("verify",), ("card", "show")]
USE_CAN = "Use --can, and type the six digits printed on the card."


def number_of(cards: DemonstrationCards) -> str:
    """Return what is printed on the contactless card."""
    can = cards.printed(DemonstrationCard.CONTACTLESS)
    assert can is not None
    return can


def wrong_for(cards: DemonstrationCards) -> str:
    return "000000" if number_of(cards) != "000000" else "111111"


@pytest.mark.usefixtures("cards_at_hand")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_contactless_card_is_refused_and_the_message_says_to_use_the_number(
    command: tuple[str, ...], cardservice_typed: Type
) -> None:
    result = cardservice_typed(*command, *CONTACTLESS)
    assert result.exit_code == Exit.NOT_ALL_GOOD
    assert result.stdout.startswith("? Number needed")
    assert USE_CAN in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_a_contactless_card_opens_with_its_number_from_standard_input(
    command: tuple[str, ...], cardservice_typed: Type, cards_at_hand: DemonstrationCards
) -> None:
    typed = f"{number_of(cards_at_hand)}\n"
    result = cardservice_typed(*command, *CONTACTLESS, "--can", typed=typed)
    assert (result.exit_code, result.stderr) == (Exit.OK, "")
    assert result.stdout.startswith("✔ Valid")
    assert (
        "Checked by: PACE with the printed number, chip authentication, signature" in result.stdout
    )


def test_a_wrong_number_says_so_and_opens_nothing(
    cardservice_typed: Type, cards_at_hand: DemonstrationCards
) -> None:
    typed = f"{wrong_for(cards_at_hand)}\n"
    result = cardservice_typed("verify", *CONTACTLESS, "--can", typed=typed)
    assert result.exit_code == Exit.NOT_ALL_GOOD
    assert result.stdout.startswith("? Wrong number")
    assert USE_CAN not in result.stdout


def test_the_chip_tells_of_itself_after_a_wrong_number_too(
    cardservice_typed: Type, cards_at_hand: DemonstrationCards
) -> None:
    typed = f"{wrong_for(cards_at_hand)}\n"
    result = cardservice_typed("card", "show", *CONTACTLESS, "--can", "--json", typed=typed)
    shown = json.loads(result.stdout)
    assert (shown["problem"], shown["life_cycle"], shown["holder"]) == ("can-wrong", "0F", None)


@pytest.mark.usefixtures("cards_at_hand")
@pytest.mark.parametrize("typed", ["", "\n", "12345\n", "1234567\n", "12345a\n", "١٢٣٤٥٦\n"])
def test_what_is_no_number_is_wrong_usage_and_never_reaches_the_card(
    typed: str, cardservice_typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("cardservice.cli.cards.open_link", opened.append)
    result = cardservice_typed("verify", *CONTACTLESS, "--can", typed=typed)
    assert (result.exit_code, result.stdout, opened) == (Exit.USAGE, "", [])
    assert "digits" in result.stderr
    assert len(typed.strip()) == 0 or typed.strip() not in result.stderr


@pytest.mark.usefixtures("cards_at_hand")
def test_the_number_is_no_argument(cardservice_typed: Type) -> None:
    assert cardservice_typed("verify", *CONTACTLESS, "--can=123456").exit_code == Exit.USAGE
    assert cardservice_typed("verify", *CONTACTLESS, "--can", "123456").exit_code == Exit.USAGE


def test_at_a_terminal_the_number_is_asked_for_and_typed_unseen(
    cardservice_typed: Type, cards_at_hand: DemonstrationCards, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions: list[str] = []

    def answer(question: str) -> str:
        questions.append(question)
        return number_of(cards_at_hand)

    terminal = SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("cardservice.cli.cards.sys", terminal)
    monkeypatch.setattr("cardservice.cli.cards.getpass", answer)
    result = cardservice_typed("verify", *CONTACTLESS, "--can")
    assert result.exit_code == Exit.OK
    assert questions == ["The 6 digits printed on the card: "]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_the_number_is_printed_nowhere(
    command: tuple[str, ...],
    more: tuple[str, ...],
    cardservice_typed: Type,
    cards_at_hand: DemonstrationCards,
) -> None:
    for can in (number_of(cards_at_hand), wrong_for(cards_at_hand)):
        result = cardservice_typed(*command, *CONTACTLESS, "--can", *more, typed=f"{can}\n")
        words = result.stdout.replace('"', " ").replace(",", " ").split()
        assert can not in words
        assert can not in result.stderr


def test_json_names_the_protocols_that_ran_in_order(
    cardservice_typed: Type, cards_at_hand: DemonstrationCards
) -> None:
    typed = f"{number_of(cards_at_hand)}\n"
    opened = cardservice_typed("verify", *CONTACTLESS, "--can", "--json", typed=typed)
    contact = cardservice_typed("verify", "--reader", "sim:good", "--json")
    closed = cardservice_typed("verify", *CONTACTLESS, "--json")
    assert [json.loads(one.stdout)["ran"] for one in (opened, contact, closed)] == [
        ["chip-authentication", "pace", "passive-authentication"],
        ["chip-authentication", "passive-authentication"],
        [],
    ]


@pytest.mark.usefixtures("cards_at_hand")
def test_the_protocols_are_named_in_russian_too(cardservice_typed: Type) -> None:
    env = {"CARDSERVICE_LANGUAGE": "ru"}
    said = cardservice_typed("verify", "--reader", "sim:good", env=env).stdout
    assert "Способы проверки: аутентификация чипа, подпись" in said


@pytest.mark.usefixtures("cards_at_hand")
def test_the_message_for_a_closed_card_is_said_in_russian_too(cardservice_typed: Type) -> None:
    said = cardservice_typed("verify", *CONTACTLESS, env={"CARDSERVICE_LANGUAGE": "ru"}).stdout
    assert "Укажите --can и введите шесть цифр, напечатанных на карте." in said


def test_a_contact_card_opens_with_its_number_as_well(
    cardservice_typed: Type, cards_at_hand: DemonstrationCards
) -> None:
    typed = f"{number_of(cards_at_hand)}\n"  # The contactless card is the good one's other side.
    result = cardservice_typed("verify", "--reader", "sim:good", "--can", "--json", typed=typed)
    assert "pace" in json.loads(result.stdout)["ran"]


def test_no_other_card_of_the_demonstration_has_its_number_shown(
    cards_at_hand: DemonstrationCards,
) -> None:
    shown = {card: cards_at_hand.printed(card) for card, _ in cards_at_hand.cards()}
    assert [card for card, can in shown.items() if can] == [DemonstrationCard.CONTACTLESS]
    assert number_of(cards_at_hand) not in repr(cards_at_hand)

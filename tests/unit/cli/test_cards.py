"""``verify`` and ``card show``: what a card says, and in words what of it nothing proves."""

import json
from io import StringIO

import pytest
from rich.console import Console

from cardservice.channel.card_management import LifeCycle, set_life_cycle
from cardservice.channel.flow import drive, protect
from cardservice.channel.reading import select_application
from cardservice.cli.exit_codes import Exit
from cardservice.cli.printing import print_examination
from cardservice.home.demonstration import DemonstrationCards
from cardservice.home.issuer import Home
from cardservice.personalization.making import open_with_issuer_keys
from cardservice.pki.keys import KeyStore
from cardservice.policycard.layout import Directory
from cardservice.texts.demonstration import DemonstrationCard
from cardservice.texts.languages import Language
from tests.unit.cli.conftest import Type

HOLDER = "Цветков Андрей Александрович"  # of the demonstration table's first row
UNPROVED = "Not proved: nobody vouches for these data"
ATR = "3B F7 18 00 00 81 31 FE 45 46 4F 4D 53 4F 4D 53 A2"
VERIFY = {
    DemonstrationCard.GOOD: (Exit.OK, "Valid"),
    DemonstrationCard.COPIED: (Exit.NOT_ALL_GOOD, "Invalid"),
    DemonstrationCard.ALTERED: (Exit.NOT_ALL_GOOD, "Invalid"),
    DemonstrationCard.BLOCKED: (Exit.NOT_ALL_GOOD, "Invalid"),
    DemonstrationCard.BLANK: (Exit.NOT_ALL_GOOD, "Invalid"),
    DemonstrationCard.FIELD: (Exit.NOT_ALL_GOOD, "Undecided"),
    DemonstrationCard.BANK: (Exit.NOT_ALL_GOOD, "Not a policy"),
}


@pytest.mark.usefixtures("cards_at_hand")
@pytest.mark.parametrize(("card", "expected"), VERIFY.items())
def test_the_exit_status_of_verify_is_0_for_a_valid_card_alone(
    card: DemonstrationCard, expected: tuple[Exit, str], cardservice_typed: Type
) -> None:
    result = cardservice_typed("verify", "--reader", f"sim:{card}")
    assert (result.exit_code, result.stdout.split("  ")[0][2:]) == expected


@pytest.mark.usefixtures("cards_at_hand")
@pytest.mark.parametrize("card", [one for one in VERIFY if one is not DemonstrationCard.BANK])
def test_show_succeeds_with_every_policy_card(
    card: DemonstrationCard, cardservice_typed: Type
) -> None:
    result = cardservice_typed("card", "show", "--reader", f"sim:{card}")
    assert result.exit_code == Exit.OK
    assert "Answer to reset" in result.stdout


@pytest.mark.usefixtures("cards_at_hand")
def test_show_of_a_good_card_has_holder_chip_and_keys(cardservice_typed: Type) -> None:
    said = cardservice_typed("card", "show", "--reader", "sim:good").stdout
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert f"Answer to reset {ATR}" in lines
    assert f"Holder {HOLDER}" in lines
    assert "State personalized" in lines
    assert "Key version 31" in lines
    assert any(line.startswith("Status list list 1, place ") for line in lines)
    assert UNPROVED not in said


@pytest.mark.usefixtures("cards_at_hand")
def test_what_the_chip_cannot_prove_is_said_of_a_good_card_too(cardservice_typed: Type) -> None:
    said = cardservice_typed("card", "show", "--reader", "sim:good").stdout
    proved, _, unproved = said.partition("Proved\n")[2].partition("Cannot be proved\n")
    assert "The data are signed and unchanged." in proved
    assert "A chip cannot prove whose hands it is in." in unproved


@pytest.mark.usefixtures("cards_at_hand")
def test_a_field_card_is_shown_as_unproved_in_words(cardservice_typed: Type) -> None:
    said = cardservice_typed("card", "show", "--reader", "sim:field").stdout
    assert "nothing proves its data" in said
    assert UNPROVED in said
    assert "State           not told" in said
    assert "Holder" in said.partition(UNPROVED)[2]


@pytest.mark.usefixtures("cards_at_hand")
def test_a_blank_card_says_that_it_is_blank_and_has_transport_keys(cardservice_typed: Type) -> None:
    result = cardservice_typed("card", "show", "--reader", "sim:blank", "--json")
    shown = json.loads(result.stdout)
    assert (shown["life_cycle"], shown["key_versions"]) == ("07", ["30"])
    assert (shown["holder"], shown["chip_serial"], shown["status_list"]) == (None, None, None)


@pytest.mark.usefixtures("cards_at_hand")
def test_a_bank_card_is_no_policy_card_and_its_answer_to_reset_is_shown(
    cardservice_typed: Type,
) -> None:
    result = cardservice_typed("card", "show", "--reader", "sim:bank")
    assert result.exit_code == Exit.NOT_ALL_GOOD
    assert "This is not a health-insurance policy card." in result.stdout
    assert "Answer to reset 3B" in result.stdout


def test_a_card_that_its_issuer_blocked_says_so_and_nothing_of_its_holder(
    opened: tuple[Home, KeyStore], cards_at_hand: DemonstrationCards, cardservice_typed: Type
) -> None:
    _set_life_cycle(opened, cards_at_hand, "other", LifeCycle.BLOCKED)
    try:
        said = cardservice_typed("card", "show", "--reader", "sim:other").stdout
        assert "State           blocked" in said
        assert "Holder" not in said
        shown = json.loads(
            cardservice_typed("card", "show", "--reader", "sim:other", "--json").stdout
        )
        assert (shown["life_cycle"], shown["key_versions"]) == ("83", [])
        assert (shown["outcome"], shown["holder"]) == ("invalid", None)
    finally:
        _set_life_cycle(opened, cards_at_hand, "other", LifeCycle.PERSONALIZED)


def _set_life_cycle(
    opened: tuple[Home, KeyStore], cards: DemonstrationCards, card: str, state: LifeCycle
) -> None:
    home, keys = opened
    station = home.station(keys)
    link = cards.tray.workbench(card)
    states = frozenset({0x6283})
    drive(select_application(Directory.ROOT.aid, tolerated=states), link.exchange)
    session = drive(open_with_issuer_keys(station._keys, station._entropy), link.exchange).session
    drive(protect(set_life_cycle(state), session), link.exchange)
    link.close()


def test_without_a_home_a_good_card_is_shown_and_nobody_vouches_for_it(
    cards_at_hand: DemonstrationCards, cardservice_typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cards_at_hand.cards()
    monkeypatch.setenv("CARDSERVICE_HOME", "/nonexistent")
    result = cardservice_typed("card", "show", "--reader", "sim:good")
    assert result.exit_code == Exit.OK
    assert "It is not known who signed this card." in result.stdout


@pytest.mark.usefixtures("cards_at_hand")
def test_json_is_one_object_with_every_member(cardservice_typed: Type) -> None:
    verdict = json.loads(cardservice_typed("verify", "--reader", "sim:good", "--json").stdout)
    shown = json.loads(cardservice_typed("card", "show", "--reader", "sim:good", "--json").stdout)
    assert verdict["outcome"] == shown["outcome"] == "valid"
    assert verdict["checks"][0]["reason"] == "chip-proved"
    assert verdict["holder"]["surname"] == "Цветков"
    assert set(shown) - set(verdict) == {
        "atr",
        "life_cycle",
        "key_versions",
        "chip_serial",
        "fund",
        "status_list",
    }
    assert bytes.fromhex(shown["atr"]) == bytes.fromhex(ATR)
    assert len(bytes.fromhex(shown["chip_serial"])) == 8


@pytest.mark.usefixtures("cards_at_hand")
def test_the_table_of_checks_is_aligned_though_russian_words_are_long(
    cardservice_typed: Type,
) -> None:
    env = {"CARDSERVICE_LANGUAGE": "ru"}
    said = cardservice_typed("verify", "--reader", "sim:good", env=env).stdout
    starts = {
        line.index(sentence)
        for sentence in ("Чип подлинный.", "На карте указана нынешняя", "Полис действует.")
        for line in said.splitlines()
        if sentence in line and "✔ Действителен" not in line
    }
    assert "Страховая организация" in said
    assert len(starts) == 1


@pytest.mark.parametrize("width", [30, 40, 60, 200])
@pytest.mark.parametrize("language", Language)
def test_no_line_is_wider_than_the_terminal(
    width: int, language: Language, opened: tuple[Home, KeyStore], drawer: DemonstrationCards
) -> None:
    link = drawer.tray.workbench("copied")
    examination = opened[0].examiner().examine(link)
    link.close()
    console = Console(file=StringIO(), width=width, highlight=False)
    print_examination(console, examination, language)
    assert isinstance(console.file, StringIO)
    assert max(map(len, console.file.getvalue().splitlines())) <= width


def test_names_leave_room_for_sentences_so_that_no_word_is_cut(
    opened: tuple[Home, KeyStore], drawer: DemonstrationCards
) -> None:
    link = drawer.tray.workbench("good")
    examination = opened[0].examiner().examine(link)
    link.close()
    console = Console(file=StringIO(), width=34, highlight=False)
    print_examination(console, examination, Language.RU)
    assert isinstance(console.file, StringIO)
    words = console.file.getvalue().split()
    assert {"подлинный.", "заблокирована.", "Страховая", "организация"} <= set(words)


def test_a_remedy_is_said_once(cardservice_typed: Type, cards_at_hand: DemonstrationCards) -> None:
    assert cards_at_hand.cards()
    env = {"CARDSERVICE_HOME": "/nonexistent"}
    said = cardservice_typed("card", "show", "--reader", "sim:good", env=env).stdout
    assert said.count("The register cannot be reached.") > 1
    assert said.count("Ask for the temporary certificate") == 1


@pytest.mark.parametrize("command", [("verify",), ("card", "show")])
def test_an_unknown_kind_of_reader_is_wrong_usage(
    command: tuple[str, ...], cardservice_typed: Type, home: object
) -> None:
    result = cardservice_typed(*command, "--reader", "usb:1")
    assert home
    assert result.exit_code == Exit.USAGE
    assert result.stderr == (
        "cardservice: no kind of reader is called 'usb'; there are: pcsc:, sim:, simfeed:\n"
    )


def test_a_missing_state_file_is_one_line_with_a_remedy(cardservice_typed: Type) -> None:
    result = cardservice_typed("card", "show", "--reader", "sim:/no/card")
    assert result.exit_code == Exit.READER
    assert result.stderr == (
        "cardservice: there is no state file /no/card (make one: cardsim new /no/card)\n"
    )

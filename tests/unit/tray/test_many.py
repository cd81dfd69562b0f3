"""Many cards at once, each in a conversation of its own; and hands that are in each other's way."""

import random
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise

import pytest

from simulators.reader import CardGoneError, ReaderError
from simulators.tray import EventKind, Tray, TrayError
from tests.pcsc_stack import OK, EchoCard
from tests.unit.simulators.card.hosts import FOMS_ID, chip_authenticate
from tests.unit.simulators.card.hosts import OK as SW_OK
from tests.unit.simulators.card.issuing import CHIP_POINT
from tests.unit.tray.making import (
    COMMAND,
    PATIENCE_S,
    CardAtLink,
    Notes,
    add_echo,
    software_plastic,
    wait_until,
)

CARDS = 256


def owner_of(number: int) -> bytes:
    return f"fictional holder {number}".encode()


def at_once(*actions: Callable[[], object]) -> list[BaseException | None]:
    """Run all in threads that begin together; return what each raised."""
    start = threading.Barrier(len(actions))

    def run(action: Callable[[], object]) -> None:
        start.wait(PATIENCE_S)
        action()

    with ThreadPoolExecutor(len(actions)) as pool:
        return [one.exception(PATIENCE_S) for one in [pool.submit(run, a) for a in actions]]


def read_owner(tray: Tray, number: int) -> bytes:
    """Put the card in, open a protected session with its chip, and read its owner file."""
    tray.insert(f"card {number}", f"reader {number}")
    card = CardAtLink(tray.connect(f"reader {number}"))
    terminal = chip_authenticate(card, CHIP_POINT, scalar=number + 1).host
    assert terminal.send("00A4040C", FOMS_ID)[1] == SW_OK
    data, sw = terminal.send("00B08100", le=b"\x00")
    assert sw == SW_OK
    return data


def test_256_cards_are_read_at_once_each_in_a_protected_session_of_its_own() -> None:
    with Tray() as tray:
        for number in range(CARDS):
            tray.add_reader(f"reader {number}")
            tray.add_card(f"card {number}", software_plastic(owner_of(number)))
        read: dict[int, bytes] = {}

        def run(number: int) -> None:
            read[number] = read_owner(tray, number)

        errors = at_once(*(partial(run, number) for number in range(CARDS)))
        assert errors == [None] * CARDS
        assert read == {number: owner_of(number) for number in range(CARDS)}
        assert all(reader.card for reader in tray.readers.values())


def test_of_many_hands_that_insert_one_card_one_does(tray: Tray, card: EchoCard) -> None:
    readers = [f"reader {number}" for number in range(8)]
    for name in readers:
        tray.add_reader(name)
    errors = at_once(*(partial(tray.insert, "card", name) for name in readers))
    assert [type(one) for one in errors].count(TrayError) == len(readers) - 1
    assert errors.count(None) == 1
    assert [tray.readers[name].card for name in readers].count("card") == 1
    assert card.history == ["power up"]


def test_of_many_cards_for_one_reader_one_gets_in(tray: Tray) -> None:
    names = [f"card {number}" for number in range(8)]
    for name in names:
        add_echo(tray, name)
    errors = at_once(*(partial(tray.insert, name, "A") for name in names))
    assert errors.count(None) == 1
    assert [tray.cards[name].reader for name in names].count("A") == 1


def test_a_card_pulled_in_a_command_is_free_once_it_has_done_it(tray: Tray) -> None:
    began, may_end = threading.Event(), threading.Event()

    def think(command: bytes) -> bytes:
        began.set()
        assert may_end.wait(PATIENCE_S)
        return command + OK

    card = add_echo(tray, "thinker", think)
    tray.insert("thinker", "A")
    link = tray.connect("A")
    with ThreadPoolExecutor(2) as pool:
        answer = pool.submit(link.exchange, COMMAND)
        assert began.wait(PATIENCE_S)
        removed = pool.submit(tray.remove, "A")
        wait_until(lambda: isinstance(_raised(link.reset), CardGoneError))
        may_end.set()
        assert removed.result(PATIENCE_S) == "thinker"
        assert isinstance(answer.exception(PATIENCE_S), CardGoneError)
    assert card.history == ["power up", "power down"]
    tray.insert("thinker", "B")
    assert tray.connect("B").exchange(COMMAND) == COMMAND + OK


def test_a_card_that_never_ends_a_command_is_not_put_in_again(
    tray: Tray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulators.tray.hand.TURN_S", 0.01)
    monkeypatch.setattr("simulators.tray.moving.TURN_S", 0.01)
    began, may_end = threading.Event(), threading.Event()

    def hang(command: bytes) -> bytes:
        began.set()
        assert may_end.wait(PATIENCE_S)
        return command + OK

    card = add_echo(tray, "stuck", hang)
    tray.insert("stuck", "A")
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(tray.connect("A").exchange, COMMAND)
        assert began.wait(PATIENCE_S)
        assert tray.remove("A") == "stuck"
        with pytest.raises(TrayError, match="busy with its last command"):
            tray.insert("stuck", "B")
        assert tray.cards["stuck"].reader is None
        may_end.set()
        assert isinstance(answer.exception(PATIENCE_S), CardGoneError)
    assert card.history == ["power up", "power down"]
    tray.insert("stuck", "B")


def test_a_card_may_pull_itself_out(tray: Tray) -> None:
    def leave(command: bytes) -> bytes:
        assert tray.remove("A") == "leaver"
        return command + OK

    add_echo(tray, "leaver", leave)
    tray.insert("leaver", "A")
    with pytest.raises(CardGoneError):
        tray.connect("A").exchange(COMMAND)
    assert tray.readers["A"].card is None


def test_a_terminal_that_raises_at_an_insertion_gets_no_card(tray: Tray, card: EchoCard) -> None:
    def refuse(_: bytes | None) -> None:
        raise RuntimeError

    reader = tray.readers["A"].in_process
    assert reader is not None
    end = reader.subscribe(refuse)
    with pytest.raises(RuntimeError):
        tray.insert("card", "A")
    assert (tray.readers["A"].card, card.history[-1]) == (None, "power down")
    end()
    tray.insert("card", "A")
    assert tray.connect("A").exchange(COMMAND) == COMMAND + OK


def test_the_tray_stays_right_under_hands_that_do_everything_at_once(
    tray: Tray, notes: Notes
) -> None:
    for number in range(6):
        add_echo(tray, f"card {number}")
    errors = at_once(*(partial(_fumble, tray, seed) for seed in range(8)))
    assert errors == [None] * 8
    for name in ("A", "B"):
        tray.restore_reader(name)
        tray.remove(name)
    assert all(card.reader is None for card in tray.cards.values())
    told = notes.told
    _check_each_removal_follows_its_insertion(told)
    numbers = [one.number for one in notes.all]
    assert all(later == earlier + 1 for earlier, later in pairwise(numbers))


def test_closing_ends_whatever_is_going_on(tray: Tray) -> None:
    for number in range(4):
        add_echo(tray, f"card {number}")
    busy = threading.Event()

    def close() -> None:
        assert busy.wait(PATIENCE_S)
        tray.close()

    def fumble(seed: int) -> None:
        _fumble(tray, seed)
        busy.set()
        _fumble(tray, seed + 1)

    errors = at_once(close, close, *(partial(fumble, seed) for seed in range(6)))
    assert errors == [None] * 8
    assert all(card.reader is None for card in tray.cards.values())
    assert not [one for one in threading.enumerate() if one.name.startswith("tray")]


def _fumble(tray: Tray, seed: int) -> None:
    """Do things in a random order; each is refused, or done."""
    dice = random.Random(seed)  # noqa: S311 - which hand moves first is no secret
    for _ in range(60):
        reader, card = dice.choice("AB"), f"card {dice.randrange(4)}"
        actions: list[Callable[[], object]] = [
            partial(tray.insert, card, reader),
            partial(tray.remove, reader),
            partial(tray.swap, card, reader),
            partial(tray.tap, card, reader, hold_s=0.001),
            partial(tray.pull_after, reader, commands=2),
            partial(_talk, tray, reader),
            partial(tray.take_reader_away, reader),
            partial(tray.restore_reader, reader),
        ]
        error = _raised(dice.choice(actions))
        assert error is None or isinstance(error, ReaderError), error


def _talk(tray: Tray, reader: str) -> None:
    link = tray.connect(reader)
    try:
        for _ in range(3):
            assert link.exchange(COMMAND) == COMMAND + OK
    finally:
        link.close()


def _raised(action: Callable[[], object]) -> BaseException | None:
    try:
        action()
    except Exception as error:  # noqa: BLE001 - the test looks at it
        return error
    return None


def _check_each_removal_follows_its_insertion(
    told: Iterable[tuple[EventKind, str, str | None, str]],
) -> None:
    inside: dict[str, str | None] = {}
    for kind, reader, card, _detail in told:
        if kind is EventKind.INSERTED:
            assert reader not in inside
            assert card not in inside.values()
            inside[reader] = card
        elif kind is EventKind.REMOVED:
            assert inside.pop(reader) == card
    assert inside == {}

"""Cards and lines that lie about key versions: no keys go out to the wrong card, none go back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest

from cardservice.channel.card_management import LifeCycle
from cardservice.errors import CardServiceError, LinkError, Refusal
from cardservice.personalization.after_issue import Served
from cardservice.personalization.after_issue_holder import HolderInput
from cardservice.personalization.after_issue_keys import KeyRenewal
from cardservice.personalization.jobs import Work
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.personalization.making import StationKeys
from cardservice.personalization.ports import IssuerKeys
from cardservice.pki.keys import KeyStoreError
from cardservice.verify.ports import PresentedCard
from simulators.card import SoftwareCard, blank_card, image
from simulators.card.ports import Interface
from simulators.card.tampering import copy_of
from tests.adversarial.verify.hostile import Alter, Meddler, within_bounds
from tests.chain import NOW, an_order, issued_card, issuer, link_to
from tests.simulated.rolled_keys import (
    FIRST_VERSION,
    NEXT_VERSION,
    a_service,
    a_station,
    ahead,
    answers_to,
    retired,
    rolled,
    version_on,
)
from tests.simulated.test_after_issue_world import a_job, held_card, holder, is_good, typed
from tests.simulated.test_station_crash_world import cell, state_of
from tests.unit.personalization.stations import Told

KEY_INFORMATION = bytes.fromhex("00CA00E0")
INITIALIZE_UPDATE, PUT_KEY = 0x50, 0xD8
NO_SUCH_KEYS, OK = bytes.fromhex("6A88"), bytes.fromhex("9000")
_VERSION_AT = 10  # in the answer to INITIALIZE UPDATE


@dataclass
class Line:
    """A line that hears all commands, and changes answers, and commands too."""

    card: SoftwareCard
    alter: Alter = lambda _, __, answer: answer
    rewrite: Callable[[bytes], bytes] = lambda command: command
    heard: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._link = link_to(self.card)
        self.atr = self._link.atr

    def exchange(self, command: bytes) -> bytes:
        self.heard.append(command)
        answer = self._link.exchange(self.rewrite(command))
        return self.alter(len(self.heard), command, answer)

    def reset(self) -> bytes:
        return self._link.reset()

    def count(self, ins: int) -> int:
        return sum(command[1] == ins for command in self.heard)


def make(card: PresentedCard, keys: IssuerKeys | None = None) -> None:
    journal = StationJournal(MemoryJournal(lambda: NOW))
    a_station(keys or rolled(), journal, Told()).make(card, an_order(), order_id="order")


def serve(
    card: PresentedCard,
    work: Work = Work.NEW_PIN,
    keys: IssuerKeys | None = None,
    given: HolderInput | None = None,
) -> Served:
    journal = StationJournal(MemoryJournal(lambda: NOW))
    return a_service(keys or rolled(), journal).do(card, a_job(work), secrets=given or typed())


def half_made(keys: IssuerKeys) -> SoftwareCard:
    """Return a blank card that a station of these keys gave its keys to, and no more."""
    card = blank_card()

    def torn(_: int, command: bytes, answer: bytes) -> bytes:
        if command[1] == PUT_KEY:
            raise LinkError("torn out")
        return answer

    with pytest.raises(LinkError):
        make(Line(card, torn), keys)
    card.power_up()
    assert state_of(card) == LifeCycle.BLANK
    return card


def claiming(version: int) -> Alter:
    """Return what makes a card's key information name another version."""

    def alter(_: int, command: bytes, answer: bytes) -> bytes:
        if not command.startswith(KEY_INFORMATION):
            return answer
        entries = range(2, len(answer) - len(OK), 6)
        told = bytearray(answer)
        for start in entries:
            told[start + 3] = version
        return bytes(told)

    return alter


def test_the_lie_about_key_information_is_one_that_the_station_understands() -> None:
    with pytest.raises(Refusal, match="version 77"):
        make(Line(blank_card(), claiming(0x77)))


@pytest.mark.parametrize("version", [0x00, 0x2F, 0x33, 0x7F, 0x80, 0xFF])
def test_a_blank_card_of_an_unknown_version_is_foreign_and_gets_no_session(version: int) -> None:
    line = Line(blank_card(), claiming(version))
    with pytest.raises(Refusal) as refusal:
        make(line)
    assert refusal.value.code == "card-foreign-keys"
    assert line.count(INITIALIZE_UPDATE) == 0


@pytest.mark.parametrize(
    ("has", "claims"),
    [(0x30, 0x31), (0x30, 0x32), (0x31, 0x30), (0x31, 0x32), (0x32, 0x30), (0x32, 0x31)],
)
def test_a_blank_card_with_other_keys_than_it_claims_gets_none(has: int, claims: int) -> None:
    cards: dict[int, Callable[[], SoftwareCard]] = {
        0x30: blank_card,
        0x31: lambda: half_made(issuer().keys),
        0x32: lambda: half_made(rolled()),
    }
    card = cards[has]()
    line = Line(card, claiming(claims))
    with pytest.raises(CardServiceError):
        make(line)
    assert (version_on(card), line.count(PUT_KEY)) == (has, 0)


def renamed(*, asked: int, to: int) -> tuple[Callable[[bytes], bytes], Alter]:
    """Return what makes a card with keys ``to`` look as if it had ``asked``."""

    def rewrite(command: bytes) -> bytes:
        if command[1] == INITIALIZE_UPDATE and command[2] == asked:
            return command[:2] + bytes((to,)) + command[3:]
        return command

    def alter(_: int, command: bytes, answer: bytes) -> bytes:
        if command[1] != INITIALIZE_UPDATE or command[2] != asked or len(answer) <= len(OK):
            return answer
        return answer[:_VERSION_AT] + bytes((asked,)) + answer[_VERSION_AT + 1 :]

    return rewrite, alter


@pytest.mark.parametrize("work", [Work.NEW_PIN, Work.NEW_CAN, Work.CHANGE_INSURER])
def test_a_held_card_that_names_its_old_keys_the_new_ones_is_not_believed(work: Work) -> None:
    card = held_card()
    rewrite, alter = renamed(asked=NEXT_VERSION, to=FIRST_VERSION)
    line = Line(card, alter, rewrite)
    with pytest.raises(Refusal) as refusal:
        serve(line, work)
    assert refusal.value.code == "held-card-keys"
    assert (answers_to(card), line.count(PUT_KEY), is_good(card)) == ([FIRST_VERSION], 0, True)


def test_a_held_card_that_names_its_new_keys_the_old_ones_is_not_believed() -> None:
    card = held_card()
    serve(link_to(card))
    rewrite, alter = renamed(asked=FIRST_VERSION, to=NEXT_VERSION)

    def denying(n: int, command: bytes, answer: bytes) -> bytes:
        denied = command[1] == INITIALIZE_UPDATE and command[2] == NEXT_VERSION
        return NO_SUCH_KEYS if denied else alter(n, command, answer)

    line = Line(card, denying, rewrite)
    with pytest.raises(Refusal) as refusal:
        serve(line)
    assert refusal.value.code == "held-card-keys"
    assert (answers_to(card), line.count(PUT_KEY)) == ([NEXT_VERSION], 0)


def test_a_line_that_denies_the_new_version_does_not_bring_the_old_one_back() -> None:
    card = held_card()
    serve(link_to(card))

    def denying(_: int, command: bytes, answer: bytes) -> bytes:
        denied = command[1] == INITIALIZE_UPDATE and command[2] == NEXT_VERSION
        return NO_SUCH_KEYS if denied else answer

    for keys in (rolled(), ahead()):
        line = Line(card, denying)
        with pytest.raises(Refusal):
            serve(line, keys=keys)
        assert (answers_to(card), line.count(PUT_KEY)) == ([NEXT_VERSION], 0)


def test_a_card_of_a_version_that_nobody_made_is_asked_once_for_each_that_there_is() -> None:
    card = held_card()
    old = cell(card, image.KEY_SET)
    card.memory.put(image.KEY_SET, b"\x55" + old[1:])
    line = Line(card)
    with pytest.raises(Refusal) as refusal:
        serve(line)
    assert refusal.value.code == "held-card-keys"
    assert line.count(INITIALIZE_UPDATE) == len(StationKeys.of(rolled()).versions)


def test_a_card_that_refuses_for_another_reason_is_not_asked_for_older_keys() -> None:
    line = Line(copy_of(issued_card().card, interface=Interface.CONTACTLESS))
    with pytest.raises(Refusal) as refusal:
        serve(line, given=typed(can=holder().can))
    assert refusal.value.code == "contact-needed"
    assert line.count(INITIALIZE_UPDATE) == 1


# --- the one command that carries keys


def at_put_key(new: bytes) -> Alter:
    return lambda _, command, answer: new if command[1] == PUT_KEY else answer


def lies() -> Iterator[Alter]:
    yield from map(at_put_key, (b"", OK, NO_SUCH_KEYS, b"\x6a\x80", b"\x6f\x00", b"\x69\x82"))
    yield (
        lambda _, command, answer: (
            answer[:3] + bytes((answer[3] ^ 1,)) + answer[4:] if command[1] == PUT_KEY else answer
        )
    )


@pytest.mark.parametrize("alter", list(lies()))
def test_whatever_is_said_of_new_keys_the_work_stays_done_and_one_key_set_on_the_card(
    alter: Alter,
) -> None:
    card = held_card()
    served = serve(Line(card, alter))
    assert served.keys is KeyRenewal.PUT_OFF
    assert served.secrets is not None
    card.power_up()
    assert len(answers_to(card)) == 1
    assert is_good(card)
    assert serve(link_to(card)).keys in {KeyRenewal.DONE, KeyRenewal.NOT_NEEDED}
    assert answers_to(card) == [NEXT_VERSION]


def test_any_answer_changed_after_the_work_leaves_it_done_with_one_key_set() -> None:
    whole = Line(held_card())
    serve(whole)
    first = [command[1] for command in whole.heard].index(PUT_KEY) - 3  # SELECT and the opening
    outcomes = set()
    for number in range(first, len(whole.heard) + 1):
        for word in (b"", b"\x6a\x88", b"\x69\x82", b"\x69\x85", b"\x90\x00"):
            card = held_card()

            def alter(
                n: int, _: bytes, answer: bytes, *, at: int = number, to: bytes = word
            ) -> bytes:
                return to if n == at else answer

            served = serve(within_bounds(Meddler(card, alter)))
            card.power_up()
            outcomes.add(served.keys)
            assert served.secrets is not None
            assert len(answers_to(card)) == 1
            assert is_good(card)
    assert outcomes == {KeyRenewal.PUT_OFF, KeyRenewal.DONE}


def test_a_card_that_confirms_new_keys_and_keeps_the_old_ones_is_found_out() -> None:
    card = held_card()
    old = {name: cell(card, name) for name in (image.KEY_SET, image.SEQUENCE_COUNTER)}

    def keeping(_: int, command: bytes, answer: bytes) -> bytes:
        if command[1] == PUT_KEY:
            card.memory.transaction(dict(old))
        return answer

    assert serve(Line(card, keeping)).keys is KeyRenewal.PUT_OFF
    assert answers_to(card) == [FIRST_VERSION]


def test_a_blank_card_that_keeps_its_old_keys_is_not_released() -> None:
    card = half_made(issuer().keys)
    old = {name: cell(card, name) for name in (image.KEY_SET, image.SEQUENCE_COUNTER)}

    def keeping(_: int, command: bytes, answer: bytes) -> bytes:
        if command[1] == PUT_KEY:
            card.memory.transaction(dict(old))
        return answer

    with pytest.raises(CardServiceError):
        make(Line(card, keeping))
    assert state_of(card) == LifeCycle.BLANK


def test_a_card_that_falls_back_to_its_old_keys_before_release_is_not_made() -> None:
    """The last session is with the version that was written, not with any that opens."""
    card = half_made(issuer().keys)
    old = {name: cell(card, name) for name in (image.KEY_SET, image.SEQUENCE_COUNTER)}

    def falling(_: int, command: bytes, answer: bytes) -> bytes:
        if command[1] == 0xF0:  # SET STATUS
            card.memory.transaction(dict(old))
        return answer

    with pytest.raises(CardServiceError):
        make(Line(card, falling))
    assert answers_to(card) == [FIRST_VERSION]


def test_no_key_goes_over_the_line_in_the_clear() -> None:
    card = held_card()
    line = Line(card)
    serve(line)
    keys = StationKeys.of(rolled())
    diversification = b"FM" + cell(card, image.CHIP_SERIAL)
    said = b"".join(line.heard)
    for version in keys.versions:
        own = keys.issuer_of(version)(diversification)
        assert not any(key in said for key in (own.enc, own.mac, own.dek))


def test_a_retired_version_is_not_tried() -> None:
    line = Line(held_card())
    with pytest.raises(Refusal):
        serve(line, keys=retired())
    asked = {command[2] for command in line.heard if command[1] == INITIALIZE_UPDATE}
    assert asked == {NEXT_VERSION}


@dataclass
class LostModule:
    """A master whose module does not answer any more."""

    def cmac(self, data: bytes) -> bytes:
        raise KeyStoreError(f"no answer to {len(data)} octets", remedy="look at the module")


def test_a_module_that_is_lost_after_the_work_takes_no_letter_away() -> None:
    card = held_card()
    served = serve(link_to(card), keys=replace(rolled(), issuer_master=LostModule()))
    assert served.keys is KeyRenewal.PUT_OFF
    assert served.secrets is not None
    assert answers_to(card) == [FIRST_VERSION]

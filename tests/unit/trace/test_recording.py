"""What a recording says of each command, and what of its octets it shows."""

import pytest

from simulators.card import Interface, NonVolatileMemory
from simulators.reader import Card
from simulators.trace import (
    Entry,
    Kind,
    ListSink,
    Recording,
    TracedCard,
    replay_on_image,
    traces_of,
)
from simulators.trace.pieces import shown
from simulators.tray.plastic import SoftwarePlastic
from tests.unit.simulators.card.hosts import apdu, tlv
from tests.unit.simulators.card.issuing import (
    CVCA,
    DV,
    TERMINAL,
    certificate,
)
from tests.unit.trace.conversations import Seat, issued_image, read_protected, recorded_card

CERTIFICATE = certificate(TERMINAL, DV)


def _after(*commands: str) -> Entry:
    """The last entry of a conversation on an issued card, on contact."""
    sink = ListSink()
    card, _ = recorded_card(issued_image(), sink)
    for command in commands:
        card.execute(bytes.fromhex(command))
    (trace,) = traces_of(sink.records)
    return trace.entries[-1]


ROOT = "00A4040C09666F6D735F726F6F74"
SHOWN: dict[str, tuple[tuple[str, ...], str, str]] = {
    "SELECT of an AID, and its FCI": (
        ("00A4040009666F6D735F726F6F7400",),
        "00A4040009666F6D735F726F6F7400",
        "6F0B8409666F6D735F726F6F749000",
    ),
    "SELECT of an EF, and its FCP": (
        (ROOT, "00A402040201 01 00"),
        "00A4020402010100",
        "62 0E 8002000F 820101 83020101 880108 9000",
    ),
    "EF.CardAccess": (
        ("00A4020C02011C", "00B0000000"),
        "00B0000000",
        "31143012060A04007F0007020204020202010202010C9000",
    ),
    "EF.ATR/INFO": (("00A4020C022F01", "00B0000000"), "00B0000000", "7F660802020800020208009000"),
    "a part of EF.CardAccess is no whole object": (
        ("00A4020C02011C", "00B0000010"),
        "00B0000010",
        "‹16 masked›9000",
    ),
    "EF.CardID": ((ROOT, "00B0820000"), "00B0820000", "‹33 masked›9000"),
    "EF.ChipSecurity, by whose key a card is recognised": (
        (ROOT, "00B08E0000"),
        "00B08E0000",
        "‹162 masked›9000",
    ),
    "the life cycle": (("00CADF0100",), "00CADF0100", "0F9000"),
    "key information": (
        ("00CA00E000",),
        "00CA00E000",
        "E012C00401318810C00402318810C004033188109000",
    ),
    "the pointer, which counts a person's insurers": (
        ("00A4040C08464F4D535F494E53", "00CA01B002"),
        "00CA01B002",
        "‹2 masked›9000",
    ),
    "VERIFY": (("002000010832353830FFFFFFFF",), "0020000108‹8 masked›", "9000"),
    "VERIFY by a terminal that errs in the length": (
        ("0020000104 32353830",),
        "0020000104‹4 masked›",
        "6700",
    ),
    "a command cut off in the PIN": (("0020000108323538",), "‹8 masked›", "6700"),
    "MSE with a holder's reference": (
        ("002281B6" + apdu("", tlv("83", CVCA.name)).hex(),),
        "002281B611830F5255464F4D5343564341303030 3031",
        "6985",
    ),
    "a challenge": ((ROOT, "8050000008 0102030405060708 00"), "8050000008‹8 masked›00", ""),
    "what is too long for an AID": (
        ("00A4040C11" + "35" * 17,),
        "00A4040C11‹17 masked›",
        "6700",
    ),
    "what looks like a reference in a session of the issuer": (
        ("842281B6" + apdu("", tlv("83", CVCA.name)).hex(),),
        "842281B611‹17 masked›",
        "6E00",
    ),
    "an unknown command": (("00FF0000020A0B",), "00FF000002‹2 masked›", "6D00"),
    "a command of a protected class": (("84E2880003010203",), "84E2880003‹3 masked›", "6985"),
    "an unprotected PIN under the class of secure messaging": (
        ("0C2000010832353830FFFFFFFF",),
        "0C20000108‹8 masked›",
        "6985",
    ),
}


@pytest.mark.parametrize("what", SHOWN)
def test_only_what_is_public_is_shown(what: str) -> None:
    commands, sent, answer = SHOWN[what]
    entry = _after(*commands)
    assert shown(entry.sent) == sent.replace(" ", "").replace("masked", " masked")
    if answer:
        expected = answer.replace(" ", "").replace("masked", " masked")
        assert shown(entry.answer or ()) == expected


def test_a_certificate_shows_who_and_until_when_and_hides_keys() -> None:
    entry = _after("002A00BE" + apdu("", CERTIFICATE).hex())
    text = shown(entry.sent)
    for public in (DV.name, TERMINAL.name):
        assert public.hex().upper() in text
    assert (
        TERMINAL.key.public_key().public_numbers().x.to_bytes(32, "big").hex().upper() not in text
    )
    assert "5F3740‹64 masked›" in text


DECODED = {
    ("00CADF0100",): ("GET DATA", "life cycle", "none", 256, "done"),
    (ROOT, "00B08E0400"): (
        "READ BINARY",
        "EF.ChipSecurity (SFI 0E), from octet 4",
        "none",
        256,
        "",
    ),
    (ROOT, "00B09100 05"): ("READ BINARY", "owner EF (SFI 11), from octet 0", "none", 5, "done"),
    (ROOT, "00B0920005"): (
        "READ BINARY",
        "current insurer EF (SFI 12), from octet 0",
        "none",
        5,
        "",
    ),
    ("00A4020C020777",): (
        "SELECT",
        "0777 unknown file",
        "none",
        0,
        "file or application not found",
    ),
    ("0020000100",): (
        "VERIFY",
        "reference 01, how many tries",
        "none",
        256,
        "wrong, tries left: 3",
    ),
    ("84F0400F",): ("SET STATUS", "life cycle personalized", "SCP03", 0, ""),
    ("0CA4040C00",): ("SELECT", "", "ISO", 256, "conditions of use not satisfied"),
    ("00F1",): ("no command APDU", "2 octets", "none", 0, "wrong length"),
    ("00C0000000",): ("GET RESPONSE", "", "none", 256, "instruction not supported"),
}


@pytest.mark.parametrize("commands", DECODED, ids=lambda commands: commands[-1])
def test_a_command_is_told_in_words(commands: tuple[str, ...]) -> None:
    name, about, messaging, ne, meaning = DECODED[commands]
    decoded = _after(*commands).decoded
    assert (decoded["command"], decoded["about"]) == (name, about)
    assert (decoded["messaging"], decoded["ne"]) == (messaging, ne)
    assert meaning in ("", decoded["meaning"])


def test_power_and_reset_are_recorded_with_the_answer_to_reset() -> None:
    sink = ListSink()
    card, _ = recorded_card(issued_image(), sink, Interface.CONTACTLESS)
    assert card.power_up() == card.reset() == card.atr
    card.power_down()
    (trace,) = traces_of(sink.records)
    assert [one.kind for one in trace.entries] == [Kind.POWER_UP, Kind.RESET, Kind.POWER_DOWN]
    assert shown(trace.entries[0].answer or ()) == card.atr.hex().upper()
    assert (trace.header.atr, trace.header.interface) == (card.atr, "contactless")


def test_times_are_counted_from_the_beginning() -> None:
    ticks = iter([100.0, 100.5, 102.0])
    sink = ListSink()
    _, seat = recorded_card(issued_image(), ListSink())
    card = TracedCard(seat.card, sink, clock=lambda: next(ticks))
    card.reset()
    card.reset()
    (trace,) = traces_of(sink.records)
    assert [one.at for one in trace.entries] == [0.5, 2.0]


def test_a_memory_without_keys_gives_no_key_to_seal_with() -> None:
    guessable = {"PIN": b"2580", "CAN": b"123456", "PUK": b"87654321"}
    recording = Recording(NonVolatileMemory(guessable))
    assert recording.keys is None
    header = recording.header(b"\x3b\x00")
    assert header.image is None
    assert not header.replayable_entropy


def test_random_numbers_of_a_recording_come_in_any_portions_asked_for() -> None:
    recording = Recording(NonVolatileMemory(issued_image()))
    first, again = recording.entropy, recording.entropy
    assert first is not None
    assert again is not None
    drawn = [first.octets(count) for count in (1, 32, 100)]
    assert drawn == [again.octets(count) for count in (1, 32, 100)]
    assert [len(one) for one in drawn] == [1, 32, 100]
    blocks = {drawn[2][i : i + 32] for i in (0, 32, 64)}
    assert len({drawn[1], *blocks}) == 4


class _InBetween:
    """Another wrapper, as those for faults and time are, that passes everything on."""

    def __init__(self, card: Card) -> None:
        self._card = card
        self.atr = card.atr
        self.power_up = card.power_up
        self.power_down = card.power_down
        self.reset = card.reset
        self.execute = card.execute


def test_a_card_with_other_wrappers_in_between_is_replayed_too() -> None:
    cells, sink = issued_image(), ListSink()
    memory = NonVolatileMemory(cells)
    recording = Recording(memory, interface=Interface.CONTACTLESS)
    plain = SoftwarePlastic(memory).at(Interface.CONTACTLESS, entropy=recording.entropy)
    card = TracedCard(_InBetween(plain), sink, recording=recording)
    read_protected(Seat(card, memory))
    (trace,) = traces_of(sink.records)
    assert trace.header.replayable_entropy
    assert replay_on_image(cells, trace).difference is None

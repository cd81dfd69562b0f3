"""Somebody who has a masked trace looks for the holder, the codes and the keys in it."""

import base64
import io
import json
from collections.abc import Iterator

import pytest

from simulators.card import Interface, image
from simulators.reader import Card
from simulators.trace import Header, ListSink, Record, TracedCard, decode_log
from simulators.trace.pieces import shown
from simulators.trace.records import encode
from simulators.trace.sealing import keys_of
from tests.shared import golden
from tests.unit.simulators.card.issuing import (
    CAN,
    CARD_ID,
    CHIP_POINT,
    ISSUER,
    OWNER,
    PIN,
    PUK,
    SERIAL,
    SOD,
)
from tests.unit.trace.conversations import (
    Cells,
    Talk,
    blank_image,
    issued_image,
    personalize,
    read_plainly,
    read_protected,
    recorded_card,
)

CONVERSATIONS: dict[str, tuple[Cells, Talk, Interface]] = {
    "personalization": (blank_image(), personalize, Interface.CONTACT),
    "plain reading": (issued_image(), read_plainly, Interface.CONTACT),
    "PACE": (issued_image(), read_protected, Interface.CONTACTLESS),
}


def _texts(fields: object) -> Iterator[str]:
    if isinstance(fields, dict):
        for value in fields.values():
            yield from _texts(value)
    elif isinstance(fields, str) and len(fields) >= 4:
        yield fields


HOLDER = [one.encode() for one in _texts(golden("owner-plain")["fields"])]
SECRETS = [
    *HOLDER,
    *(OWNER[i : i + 6] for i in range(0, len(OWNER) - 6, 3)),
    *(SOD[i : i + 8] for i in range(0, 200, 8)),
    PIN.encode(),
    PUK.encode(),
    CAN.encode(),
    SERIAL,
    CARD_ID[4:12],
    CHIP_POINT[1:33],
    ISSUER.enc,
    ISSUER.mac,
    ISSUER.dek,
]


def _dresses(octets: bytes) -> Iterator[str]:
    """The octets as a trace could have them: as text, hexadecimal, base64 at any offset."""
    yield octets.hex()
    yield octets.decode("utf-8", "replace").lower()
    for lead in range(3):
        coded = base64.b64encode(bytes(lead) + octets + bytes(3))
        # The first and last characters depend on the neighbours, so they are no part of the search.
        inside = coded[-(-lead * 8 // 6) + (1 if lead else 0) : (lead + len(octets)) * 8 // 6]
        if len(inside) >= 6:
            yield inside.decode()


def _without_chance(record: Record) -> str:
    """The line without sealed values and salts, in which four digits may stand by chance."""
    content = json.loads(encode(record))
    for name in ("salt", "image", "session"):
        content.pop(name, None)
    for pieces in (content.get("sent"), content.get("answer")):
        for piece in pieces or ():
            if isinstance(piece, dict):
                piece.pop("sealed", None)
    return json.dumps(content, ensure_ascii=False)


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_nothing_of_the_holder_and_no_code_or_key_is_in_a_masked_trace(name: str) -> None:
    cells, talk, interface = CONVERSATIONS[name]
    sink = ListSink()
    _, seat = recorded_card(cells, sink, interface)
    talk(seat)
    whole = "\n".join(map(encode, sink.records))
    visible = "\n".join(map(_without_chance, sink.records)).lower()
    explained = "\n".join(decode_log(io.BytesIO(whole.encode()))).lower()
    for secret in SECRETS:
        for dress in _dresses(secret):
            sealed_too = len(dress) > 10
            assert dress not in visible
            assert dress not in explained
            assert not sealed_too or dress not in whole


def test_the_search_would_find_them() -> None:
    plain = json.dumps([OWNER.hex(), base64.b64encode(b"x" + OWNER).decode()])
    assert all(any(dress in plain for dress in _dresses(OWNER[i : i + 6])) for i in range(40))
    dressed = list(_dresses(b"25809999"))
    assert any(base64.b64encode(b"ab25809999").decode().find(one) >= 0 for one in dressed[2:])


def test_equal_octets_do_not_look_equal_in_a_trace() -> None:
    sink = ListSink()
    _, seat = recorded_card(issued_image(), sink)
    verify = bytes.fromhex("0020000108") + PIN.encode().ljust(8, b"\xff")
    seat.execute(verify)
    seat.execute(verify)
    sealed = [
        piece.sealed
        for record in sink.records
        if not isinstance(record, Header)
        for piece in record.sent
        if piece.clear is None
    ]
    assert len(sealed) == 2
    assert sealed[0] != sealed[1]


def test_two_traces_of_one_card_have_nothing_in_common_that_tells_the_card() -> None:
    headers = []
    for _ in range(2):
        sink = ListSink()
        recorded_card(issued_image(), sink)
        header = sink.records[0]
        assert isinstance(header, Header)
        headers.append(header)
    assert headers[0].image != headers[1].image
    assert headers[0].salt != headers[1].salt
    assert headers[0].session != headers[1].session


class _Crooked:
    """A card whose answers are not those of the command: what a fault may make of them."""

    atr = b"\x3b\x00"

    def __init__(self, *answers: bytes) -> None:
        self._answers = list(answers)

    def power_up(self) -> bytes:
        return self.atr

    def power_down(self) -> None:
        """Nothing to forget."""

    def reset(self) -> bytes:
        return self.atr

    def execute(self, command: bytes) -> bytes:
        return self._answers.pop(0)


def _last_answer(card: Card, *commands: str) -> str:
    sink = ListSink()
    traced_card = TracedCard(card, sink)
    for command in commands:
        traced_card.execute(bytes.fromhex(command))
    last = sink.records[-1]
    assert not isinstance(last, Header)
    return shown(last.answer or ())


OWNER_READ = OWNER + b"\x90\x00"
CROOKED: dict[str, tuple[tuple[bytes, ...], tuple[str, ...], str]] = {
    "an answer that is cut off in the data": (
        (b"\x90\x00", OWNER[:40]),
        ("00A4040C07464F4D535F4944", "00B0810000"),
        "‹40 masked›",
    ),
    "a file read where another was selected": (
        (b"\x90\x00", OWNER_READ),
        ("00A4020C02011C", "00B0000000"),
        f"‹{len(OWNER)} masked›9000",
    ),
    "a file in answer to SELECT": ((OWNER_READ,), ("00A4040000",), ""),
    "a file in answer to GET DATA of the life cycle": (
        (OWNER_READ,),
        ("00CADF0100",),
        f"‹{len(OWNER)} masked›9000",
    ),
    "a file in answer to a step of PACE": (
        (OWNER_READ,),
        ("10860000027C0000",),
        f"‹{len(OWNER)} masked›9000",
    ),
    "a file in answer to a protected command": (
        (OWNER_READ,),
        ("0CB08100039701 0000",),
        f"‹{len(OWNER)} masked›9000",
    ),
    "one octet": ((OWNER[:1],), ("00CADF0100",), "‹1 masked›"),
    "two octets of a text": ((OWNER[20:22],), ("00CADF0100",), "‹2 masked›"),
}


@pytest.mark.parametrize("what", CROOKED)
def test_an_answer_in_the_wrong_place_stays_hidden(what: str) -> None:
    answers, commands, expected = CROOKED[what]
    text = _last_answer(_Crooked(*answers), *commands)
    assert not expected or text == expected
    assert all(OWNER[i : i + 3].hex().upper() not in text for i in range(3, len(OWNER) - 3))


def test_after_a_doubtful_selection_the_current_file_is_not_believed() -> None:
    access = bytes.fromhex("31143012060A04007F0007020204020202010202010C9000")
    card = _Crooked(b"\x90\x00", b"\x6a\x82", access)
    text = _last_answer(card, "00A4020C02011C", "00A4040C07464F4D535F4944", "00B0000000")
    assert text == "‹22 masked›9000"


def test_the_key_of_a_trace_depends_on_every_secret_of_the_card() -> None:
    salt, cells = bytes(32), dict(issued_image())
    keys = keys_of(cells, salt)
    assert keys is not None
    sealed = keys.seal(b"octets", "1/sent/0")
    for name in (image.KEY_SET, image.CHIP_KEY, image.PIN, image.PUK, image.CAN):
        other = keys_of({**cells, name: cells[name][:-1] + b"\x7f"}, salt)
        assert other is not None
        assert other.seal(b"octets", "1/sent/0") != sealed
    assert keys.seal(b"octets", "2/sent/0") != sealed

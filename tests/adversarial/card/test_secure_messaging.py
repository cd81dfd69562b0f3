"""Attacks on both secure channels: changed, cut, repeated, reordered and stripped commands."""

from collections.abc import Callable

import pytest

from simulators.card import SoftwareCard
from tests.unit.simulators.card.desks import desk_at
from tests.unit.simulators.card.hosts import (
    FOMS_ID,
    FOMS_ROOT,
    OK,
    IsoHost,
    PaceHost,
    Scp03Host,
    apdu,
    cbc,
    chip_authenticate,
    cmac,
    dgi,
    ecb,
    pad,
    send,
    tlv,
)
from tests.unit.simulators.card.issuing import (
    CHIP_POINT,
    ICCID,
    PIN,
    TRANSPORT,
    in_range,
    new_blank,
    open_session,
    personalized,
)

GET_STATE = ("00CADF01", b"", b"\x00")


def _pace_session() -> tuple[SoftwareCard, IsoHost]:
    """A session with the right to read and a verified PIN: something to lose."""
    card = in_range(personalized())
    terminal = PaceHost(card).run()
    assert terminal.send("00200001", PIN.encode().ljust(8, b"\xff"))[1] == OK
    assert terminal.send("00A4040C", FOMS_ID)[1] == OK
    assert terminal.send("00840000", le=b"\x08")[1] == OK
    return card, terminal


def _assert_session_is_gone(card: SoftwareCard, terminal: IsoHost) -> None:
    session = card._chip.session
    assert (session.channel, session.terminal, session.challenge) == (None, None, None)
    assert (session.rights, session.pin_verified) == (0, False)
    assert send(card, terminal.wrap(*GET_STATE)) == (b"", 0x6985)
    # The DF stayed, and with it the file; the right to read it did not.
    assert send(card, "00B0810000") == (b"", 0x6982)
    assert send(card, "00200001") == (b"", 0x6982)


def test_every_single_changed_bit_of_a_protected_command_ends_the_session() -> None:
    card, terminal = _pace_session()
    good = terminal.wrap("00A4020C", b"\x02\x01")
    for position in range(len(good) * 8):
        card, terminal = _plain_session(card)
        terminal.wrap("00A4020C", b"\x02\x01")
        terminal.ssc = 0
        good = terminal.wrap("00A4020C", b"\x02\x01")
        changed = bytearray(good)
        changed[position // 8] ^= 0x80 >> position % 8
        answer = card.execute(bytes(changed))
        refused = len(answer) == 2 and answer.hex() in ("6700", "6987", "6988")
        # Only the outer Le is not authenticated.
        assert refused or position // 8 == len(good) - 1, position
        if refused:
            assert send(card, terminal.wrap(*GET_STATE)) == (b"", 0x6985)


def _plain_session(card: SoftwareCard) -> tuple[SoftwareCard, IsoHost]:
    card.reset()
    return card, chip_authenticate(card, CHIP_POINT).host


def _no_mac(terminal: IsoHost) -> bytes:
    return terminal.wrap(*GET_STATE)[:5] + b"\x97\x01\x00\x00"


def _with_objects(objects: bytes) -> bytes:
    return apdu("0CCADF01", objects, 0)


def _authenticated(terminal: IsoHost, objects: bytes, *, header: str = "0CCADF01") -> bytes:
    """A command whose MAC is right, whatever its objects are."""
    terminal.ssc += 1
    message = terminal.ssc.to_bytes(16, "big") + pad(bytes.fromhex(header))
    message += pad(objects) if objects else b""
    return apdu(header, objects + tlv("8E", cmac(terminal.k_mac, message)[:8]), 0)


def _wrong_padding(terminal: IsoHost) -> bytes:
    iv = ecb(terminal.k_enc, (terminal.ssc + 1).to_bytes(16, "big"))
    cipher = cbc(terminal.k_enc, iv, bytes(16))
    return _authenticated(terminal, tlv("87", b"\x01" + cipher), header="0CA4020C")


def _padded(terminal: IsoHost, indicator: bytes) -> bytes:
    iv = ecb(terminal.k_enc, (terminal.ssc + 1).to_bytes(16, "big"))
    cipher = cbc(terminal.k_enc, iv, pad(b"\x02\x01"))
    return _authenticated(terminal, tlv("87", indicator + cipher), header="0CA4020C")


ATTACKS: dict[str, tuple[int, Callable[[IsoHost], bytes]]] = {
    "plain command": (0x6987, lambda _: apdu("00CADF01", le=0)),
    "plain read": (0x6987, lambda _: apdu("00B00000", le=0)),
    "issuer's class": (0x6987, lambda _: apdu("80500000", bytes(8), 0)),
    "no objects": (0x6987, lambda _: apdu("0CCADF01", le=0)),
    "no MAC": (0x6987, lambda _: _with_objects(tlv("97", b"\x00"))),
    "MAC of zeros": (0x6988, lambda _: _with_objects(tlv("97", b"\x00") + tlv("8E", bytes(8)))),
    "short MAC": (0x6988, lambda host: _cut_mac(host, 4)),
    "empty MAC": (0x6988, lambda host: _cut_mac(host, 0)),
    "objects are no TLV": (0x6988, lambda _: _with_objects(b"\x97\x05\x00")),
    "object after the MAC": (0x6988, lambda host: _after_mac(host, tlv("97", b"\x00"))),
    "two MACs": (0x6988, lambda host: _after_mac(host, tlv("8E", bytes(8)))),
    "zeros after the MAC": (0x6988, lambda host: _after_mac(host, b"\x00")),
    "Le before data": (
        0x6988,
        lambda host: _authenticated(host, tlv("97", b"\x00") + tlv("87", b"\x01" + bytes(16))),
    ),
    "two Le": (0x6988, lambda host: _authenticated(host, tlv("97", b"\x00") * 2)),
    "empty Le": (0x6988, lambda host: _authenticated(host, tlv("97", b""))),
    "three octets of Le": (0x6988, lambda host: _authenticated(host, tlv("97", bytes(3)))),
    "plain data object": (0x6988, lambda host: _authenticated(host, tlv("81", b"\x02\x01"))),
    "odd cryptogram tag": (0x6988, lambda host: _authenticated(host, tlv("85", bytes(16)))),
    "other padding indicator": (0x6988, lambda host: _padded(host, b"\x02")),
    "no padding indicator": (0x6988, lambda host: _padded(host, b"")),
    "empty cryptogram": (0x6988, lambda host: _authenticated(host, tlv("87", b"\x01"))),
    "half a block": (0x6988, lambda host: _authenticated(host, tlv("87", b"\x01" + bytes(8)))),
    "wrong padding": (0x6988, _wrong_padding),
    "wrong counter": (0x6988, lambda host: _skipping(host, 1)),
    "counter of the answer": (0x6988, lambda host: _skipping(host, -1)),
}


def _cut_mac(terminal: IsoHost, octets: int) -> bytes:
    whole = terminal.wrap(*GET_STATE)
    return apdu("0CCADF01", whole[5:8] + tlv("8E", whole[-9:-1][:octets]), 0)


def _after_mac(terminal: IsoHost, more: bytes) -> bytes:
    return apdu("0CCADF01", terminal.wrap(*GET_STATE)[5:-1] + more, 0)


def _skipping(terminal: IsoHost, steps: int) -> bytes:
    terminal.ssc += steps
    return terminal.wrap(*GET_STATE)


@pytest.mark.parametrize("name", ATTACKS)
def test_a_forged_command_is_refused_in_the_clear_and_ends_session_rights_and_pin_state(
    name: str,
) -> None:
    sw, forge = ATTACKS[name]
    card, terminal = _pace_session()
    assert send(card, forge(terminal)) == (b"", sw)
    _assert_session_is_gone(card, terminal)


def test_the_rights_of_an_authenticated_terminal_end_with_its_session() -> None:
    desk = desk_at()
    assert desk.authenticate() == OK
    assert desk.read(FOMS_ROOT, "9D") == OK
    assert send(desk.host.card, "00B09D0000") == (b"", 0x6987)
    assert send(desk.host.card, "00B09D0000") == (b"", 0x6982)


def test_the_helper_that_authenticates_any_objects_makes_good_commands_too() -> None:
    card, terminal = _pace_session()
    answer = card.execute(_authenticated(terminal, tlv("97", b"\x00")))
    assert terminal.unwrap(answer) == (b"\x0f", OK)


def test_a_repeated_command_is_6988() -> None:
    card, terminal = _pace_session()
    command = terminal.wrap(*GET_STATE)
    assert terminal.unwrap(card.execute(command)) == (b"\x0f", OK)
    assert send(card, command) == (b"", 0x6988)


def test_commands_in_another_order_are_6988() -> None:
    card, terminal = _pace_session()
    terminal.wrap(*GET_STATE)
    terminal.ssc += 1
    assert send(card, terminal.wrap(*GET_STATE)) == (b"", 0x6988)


def test_an_answer_sent_back_as_a_command_is_refused() -> None:
    card, terminal = _pace_session()
    answer = card.execute(terminal.wrap(*GET_STATE))
    assert send(card, apdu("0CCADF01", answer[:-2], 0)) == (b"", 0x6988)


def test_a_session_does_not_survive_a_reset_or_a_second_run() -> None:
    card, terminal = _pace_session()
    card.reset()
    assert send(card, terminal.wrap(*GET_STATE)) == (b"", 0x6985)
    other = PaceHost(card).run()
    assert other.send(*GET_STATE) == (b"\x0f", OK)
    assert send(card, terminal.wrap(*GET_STATE)) == (b"", 0x6988)


def _scp03_gone(host: Scp03Host) -> None:
    assert send(host.card, host.wrap("84CADF01", le=0)) == (b"", 0x6985)


def test_every_single_changed_bit_of_an_scp03_command_ends_the_session() -> None:
    card = new_blank()
    for position in range((4 + 1 + 16 + 8) * 8):
        host = open_session(card, TRANSPORT)
        changed = bytearray(host.wrap("84E28800", dgi("0101", b"x")))
        changed[position // 8] ^= 0x80 >> position % 8
        sw = send(card, bytes(changed))[1]
        class_or_instruction = position < 16
        assert sw in ((0x6982, 0x6D00, 0x6E00) if class_or_instruction else (0x6982, 0x6700))
        assert card.memory.get("file:FOMS_ROOT/0101") is None


@pytest.mark.parametrize("cut", [1, 4, 8, 9, 24])
def test_an_scp03_command_without_its_whole_mac_ends_the_session(cut: int) -> None:
    host = open_session(new_blank(), TRANSPORT)
    whole = host.wrap("84E28800", dgi("0101", b"x"))
    data = whole[5:-cut]
    assert send(host.card, apdu("84E28800", data)) == (b"", 0x6982)
    _scp03_gone(host)


def test_a_repeated_or_skipped_scp03_command_ends_the_session() -> None:
    host = open_session(new_blank(), TRANSPORT)
    command = host.wrap("84CADF01", le=0)
    assert host.unwrap(host.card.execute(command)) == (b"\x07", OK)
    assert send(host.card, command) == (b"", 0x6982)
    _scp03_gone(host)
    host = open_session(host.card, TRANSPORT)
    host.wrap("84CADF01", le=0)
    assert send(host.card, host.wrap("84CADF01", le=0)) == (b"", 0x6982)


def test_scp03_data_that_are_not_padded_blocks_end_the_session() -> None:
    for data in (b"\x01", bytes(15), bytes(16)):
        host = open_session(new_blank(), TRANSPORT)
        host.counter += 1
        body = cbc(host.s_enc, ecb(host.s_enc, bytes(15) + b"\x01"), data) if data[15:] else data
        assert send(host.card, host.mac_command("84E28800", body)) == (b"", 0x6982)
        _scp03_gone(host)


def test_an_scp03_refusal_keeps_the_session_and_carries_no_mac() -> None:
    host = open_session(new_blank(), TRANSPORT)
    assert host.send("84CA0066", le=0) == (b"", 0x6A88)
    assert host.send("84CADF01", le=0) == (b"\x07", OK)


def test_a_recorded_scp03_session_does_not_open_again() -> None:
    card = new_blank()
    send(card, apdu("00A4040C", FOMS_ROOT))
    host = Scp03Host(card, TRANSPORT)
    cryptogram, _ = host.start()
    recorded = host.mac_command("84823300", cryptogram)
    assert send(card, recorded)[1] == OK
    card.reset()
    send(card, apdu("00A4040C", FOMS_ROOT))
    send(card, apdu("80503000", b"\x11" * 8, 0))
    assert send(card, recorded)[1] == 0x6982


def test_the_transport_keys_of_one_card_do_not_open_another() -> None:
    from simulators.card import blank_card

    card = blank_card(bytes(8))
    send(card, apdu("00A4040C", FOMS_ROOT))
    host = Scp03Host(card, TRANSPORT)
    with pytest.raises(AssertionError):
        host.start()
    assert card.memory.get("file:FOMS_ROOT/0101") != ICCID

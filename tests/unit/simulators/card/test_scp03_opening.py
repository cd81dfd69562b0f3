"""INITIALIZE UPDATE, EXTERNAL AUTHENTICATE and PUT KEY."""

import pytest

from simulators.card import SoftwareCard, blank_card, image
from simulators.card.tampering import copy_of
from tests.unit.simulators.card.hosts import (
    FOMS_ID,
    FOMS_ROOT,
    OK,
    Scp03Host,
    StaticKeys,
    apdu,
    cbc,
    cmac,
    diversified,
    ecb,
    put_key_data,
    select_aid,
    send,
)
from tests.unit.simulators.card.issuing import (
    ISSUER,
    SERIAL,
    TRANSPORT,
    in_range,
    new_blank,
    open_session,
    personalized,
)

INITIALIZE = "8050300008" + "11" * 8


def _at_root(card: SoftwareCard) -> SoftwareCard:
    select_aid(card, FOMS_ROOT)
    return card


@pytest.mark.parametrize(
    ("command", "sw"),
    [
        ("8050300108" + "11" * 8, 0x6A86),
        ("8050300007" + "11" * 7, 0x6700),
        ("80503000", 0x6700),
        ("8050310008" + "11" * 8, 0x6A88),
        ("8050000008" + "11" * 8, OK),
        (INITIALIZE, OK),
        (INITIALIZE + "00", OK),
    ],
)
def test_initialize_update_is_checked_in_order(command: str, sw: int) -> None:
    assert send(_at_root(new_blank()), command)[1] == sw


def test_initialize_update_needs_the_root_application() -> None:
    card = new_blank()
    assert send(card, INITIALIZE)[1] == 0x6985
    select_aid(card, FOMS_ID)
    assert send(card, INITIALIZE)[1] == 0x6985


def test_the_last_counter_value_is_never_used() -> None:
    card = copy_of(new_blank(), changes={image.SEQUENCE_COUNTER: b"\xff\xff\xfe"})
    assert send(_at_root(card), INITIALIZE)[0][-3:] == b"\xff\xff\xff"
    assert send(card, INITIALIZE) == (b"", 0x6985)


def test_a_card_in_use_is_personalized_on_contact_only() -> None:
    card = personalized()
    assert send(_at_root(in_range(card)), "8050310008" + "11" * 8)[1] == 0x6985
    assert send(_at_root(card), "8050310008" + "11" * 8)[1] == OK
    assert send(_at_root(in_range(new_blank())), INITIALIZE)[1] == OK


def test_a_wrong_mac_is_6982_before_a_wrong_cryptogram_is_6300() -> None:
    host = Scp03Host(_at_root(new_blank()), TRANSPORT)
    host.start()
    assert send(host.card, "8482330010" + "00" * 16)[1] == 0x6982
    host.start()
    assert host.external_authenticate(bytes(8)) == 0x6300


@pytest.mark.parametrize("level", [0x00, 0x01, 0x03, 0x11, 0x13, 0x32, 0xFF])
def test_the_only_security_level_is_33(level: int) -> None:
    host = Scp03Host(_at_root(new_blank()), TRANSPORT)
    cryptogram, _ = host.start()
    assert host.external_authenticate(cryptogram, level) == 0x6A86


def test_a_failed_opening_must_start_again() -> None:
    host = Scp03Host(_at_root(new_blank()), TRANSPORT)
    cryptogram, _ = host.start()
    good = host.mac_command("84823300", cryptogram)
    assert send(host.card, good[:-1] + bytes((good[-1] ^ 1,)))[1] == 0x6982
    assert send(host.card, good)[1] == 0x6985


def test_a_command_between_the_two_halves_of_the_opening_breaks_it_off() -> None:
    host = Scp03Host(_at_root(new_blank()), TRANSPORT)
    cryptogram, _ = host.start()
    send(host.card, "00CADF0100")
    assert host.external_authenticate(cryptogram) == 0x6985


@pytest.mark.parametrize("length", [0, 7, 8, 9])
def test_a_cryptogram_of_another_length_is_refused(length: int) -> None:
    host = Scp03Host(_at_root(new_blank()), TRANSPORT)
    cryptogram, _ = host.start()
    sw = host.external_authenticate((cryptogram + b"\x00")[:length])
    assert sw == (OK if length == 8 else 0x6700)


def test_an_opening_without_any_mac_is_6982() -> None:
    host = Scp03Host(_at_root(new_blank()), TRANSPORT)
    host.start()
    assert send(host.card, "84823300")[1] == 0x6982


def test_lc_of_three_octets_is_covered_by_the_mac_as_it_stands() -> None:
    card = _at_root(new_blank())
    host = Scp03Host(card, TRANSPORT)
    host.extended = True
    assert host.open() == OK
    assert host.send("04CADF01", le=0) == (b"\x07", OK)
    host.extended = False
    assert host.send("84CADF01", le=0) == (b"\x07", OK)


@pytest.mark.parametrize("size", [16, 24, 32])
def test_a_card_with_keys_of_any_aes_size_opens_and_takes_new_ones(size: int) -> None:
    master = bytes(range(size))
    card = _at_root(blank_card(SERIAL, transport_master=master))
    host = Scp03Host(card, diversified(master, 0x30, SERIAL))
    assert host.open() == OK
    new = StaticKeys(0x31, bytes(size), b"\x01" * size, b"\x02" * size)
    kcvs = b"".join(ecb(key, b"\x01" * 16)[:3] for key in (new.enc, new.mac, new.dek))
    assert host.put_key(new) == (b"\x31" + kcvs, OK)
    select_aid(card, FOMS_ROOT)
    host = Scp03Host(card, new)
    assert host.open() == OK
    assert host.send("84CA00E0", le=0)[0][-1] == size


def test_put_key_replaces_the_set_at_once_and_counts_from_one_again() -> None:
    card = new_blank()
    host = open_session(card, TRANSPORT)
    assert host.put_key(ISSUER)[1] == OK
    assert host.send("84CA00E0", le=0)[0][5] == 0x31
    select_aid(card, FOMS_ROOT)
    assert send(card, INITIALIZE)[1] == 0x6A88
    answer, _ = send(card, "8050310008" + "11" * 8)
    assert (answer[10], answer[-3:]) == (0x31, b"\x00\x00\x01")


def test_a_key_field_with_its_length_in_front_is_taken_for_16_octets_too() -> None:
    card = new_blank()
    host = open_session(card, TRANSPORT)
    data = put_key_data(TRANSPORT.dek, ISSUER)
    fields = [data[1 + 22 * i : 1 + 22 * (i + 1)] for i in range(3)]
    longer = b"".join(b"\x88\x11\x10" + one[2:] for one in fields)
    assert host.send("84D83081", data[:1] + longer)[1] == OK


def _spoiled(data: bytes, position: int, octet: int) -> bytes:
    return data[:position] + bytes((octet,)) + data[position + 1 :]


@pytest.mark.parametrize(
    ("position", "octet"),
    [(0, 0x00), (0, 0x30), (0, 0x80), (1, 0x80), (2, 0x0F), (5, 0xEE), (19, 0x02), (20, 0xEE)],
)
def test_a_wrong_field_of_put_key_is_6a80_and_changes_nothing(position: int, octet: int) -> None:
    card = new_blank()
    host = open_session(card, TRANSPORT)
    before = card.memory.get(image.KEY_SET)
    data = _spoiled(put_key_data(TRANSPORT.dek, ISSUER), position, octet)
    assert host.send("84D83081", data) == (b"", 0x6A80)
    assert card.memory.get(image.KEY_SET) == before


@pytest.mark.parametrize("change", [b"\x00", b"\x88"])
def test_octets_after_the_third_key_are_6a80(change: bytes) -> None:
    host = open_session(new_blank(), TRANSPORT)
    data = put_key_data(TRANSPORT.dek, ISSUER)
    assert host.send("84D83081", data + change)[1] == 0x6A80
    assert host.send("84D83081", data[:-1])[1] == 0x6A80


def test_keys_of_different_sizes_in_one_set_are_6a80() -> None:
    host = open_session(new_blank(), TRANSPORT)
    mixed = StaticKeys(0x31, bytes(16), bytes(32), bytes(16))
    assert host.put_key(mixed)[1] == 0x6A80


@pytest.mark.parametrize(
    ("header", "sw"), [("84D83181", 0x6A88), ("84D80081", 0x6A88), ("84D83001", 0x6A86)]
)
def test_put_key_names_the_present_set_and_all_its_keys(header: str, sw: int) -> None:
    host = open_session(new_blank(), TRANSPORT)
    assert host.send(header, put_key_data(TRANSPORT.dek, ISSUER))[1] == sw


def test_the_transport_session_may_only_replace_its_keys() -> None:
    host = open_session(new_blank(), TRANSPORT)
    for header in ("84470000", "84E28800", "84F040FF"):
        assert host.send(header) == (b"", 0x6985)
    assert host.put_key(ISSUER)[1] == OK
    assert host.send("84470000") == (b"", 0x6985)


def test_the_plain_form_of_a_protected_command_is_6982() -> None:
    for header in ("80E28800", "80D83081", "80470000", "80F0400F", "80823300"):
        assert send(new_blank(), apdu(header))[1] == 0x6982


def test_the_session_keys_differ_from_the_static_ones() -> None:
    host = open_session(new_blank(), TRANSPORT)
    assert len({host.s_enc, host.s_mac, host.s_rmac, TRANSPORT.enc, TRANSPORT.mac}) == 5
    assert host.chain != cmac(host.s_mac, b"")


def test_a_192_bit_key_is_followed_by_zeros_only() -> None:
    host = open_session(new_blank(), TRANSPORT)
    new = StaticKeys(0x31, b"\x07" * 24, b"\x08" * 24, b"\x09" * 24)
    data = put_key_data(TRANSPORT.dek, new)
    filled = cbc(TRANSPORT.dek, bytes(16), new.enc + b"\x00" * 7 + b"\x01")
    assert host.send("84D83081", data[:4] + filled + data[36:])[1] == 0x6A80
    assert host.send("84D83081", data)[1] == OK

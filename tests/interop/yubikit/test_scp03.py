"""yubikit as the SCP03 host of our card: AES-128, S8, level 33, in short and extended length."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from yubikit.core import Version
from yubikit.core.smartcard import ApduError, SmartCardConnection, SmartCardProtocol

from simulators.card import Interface, SoftwareCard
from simulators.reader.daemon import PrivatePcscd
from tests.interop.yubikit.connection import (
    InProcessConnection,
    connect_over_pcsc,
    open_session,
    put_key,
)
from tests.pcsc_stack import card_in
from tests.unit.simulators.card.hosts import FOMS_ID, Scp03Host, apdu, select_aid, send
from tests.unit.simulators.card.issuing import (
    ISSUER,
    OWNER,
    TRANSPORT,
    Content,
    new_blank,
    personalized,
)

PUT_KEY, GENERATE, STORE_DATA, SET_STATUS, GET_DATA = 0xD8, 0x47, 0xE2, 0xF0, 0xCA
EXTENDED = Version(5, 7, 2)  # of a device that yubikit speaks extended length to
BLOCK = 200


def key_information(kvn: int) -> bytes:
    return b"\xe0\x12" + b"".join(bytes((0xC0, 4, one, kvn, 0x88, 16)) for one in (1, 2, 3))


@pytest.fixture
def card() -> SoftwareCard:
    return new_blank()


@pytest.fixture(params=["in process", pytest.param("PC/SC", marks=pytest.mark.pcsc)])
def connection(request: pytest.FixtureRequest, card: SoftwareCard) -> Iterator[SmartCardConnection]:
    """Connect yubikit to the blank card, both ways."""
    if request.param == "in process":
        yield InProcessConnection(card)
        return
    daemon: PrivatePcscd = request.getfixturevalue("pcscd")
    with card_in(daemon.slots[0], card):
        opened = connect_over_pcsc(daemon.slots[0].name)
        yield opened
        opened.close()


@pytest.fixture(params=["short", "extended"])
def protocol(request: pytest.FixtureRequest, connection: SmartCardConnection) -> SmartCardProtocol:
    """Speak short or extended length, where the C-MAC covers one octet of Lc or three."""
    made = SmartCardProtocol(connection)
    if request.param == "extended":
        made.configure(EXTENDED)
    return made


def test_the_key_set_is_replaced_and_the_new_one_opens_a_session(
    protocol: SmartCardProtocol,
) -> None:
    open_session(protocol, TRANSPORT)
    put_key(protocol, ISSUER, replaced=TRANSPORT.kvn)
    open_session(protocol, ISSUER)
    assert protocol.send_apdu(0x00, GET_DATA, 0x00, 0xE0) == key_information(ISSUER.kvn)
    with pytest.raises(ValueError, match="Incorrect SCP parameters"):
        open_session(protocol, TRANSPORT)


def test_get_data_is_answered_in_class_04_and_in_class_84(protocol: SmartCardProtocol) -> None:
    open_session(protocol, TRANSPORT)
    for cla in (0x00, 0x80):
        assert protocol.send_apdu(cla, GET_DATA, 0xDF, 0x01) == b"\x07"


def test_a_card_personalized_by_it_reads_as_personalized(
    protocol: SmartCardProtocol, card: SoftwareCard
) -> None:
    open_session(protocol, TRANSPORT)
    put_key(protocol, ISSUER, replaced=TRANSPORT.kvn)
    open_session(protocol, ISSUER)
    point = protocol.send_apdu(0x80, GENERATE, 0x00, 0x00)[5:]
    stream = Content().stream(Scp03Host(card, ISSUER), point)
    parts = [stream[at : at + BLOCK] for at in range(0, len(stream), BLOCK)]
    for number, part in enumerate(parts):
        is_last = number == len(parts) - 1
        protocol.send_apdu(0x80, STORE_DATA, 0x88 if is_last else 0x08, number, part)
    protocol.send_apdu(0x80, SET_STATUS, 0x40, 0x0F)
    card.reset()
    assert send(card, "00CADF0100") == (b"\x0f", 0x9000)
    assert select_aid(card, FOMS_ID) == 0x9000
    assert send(card, apdu("00B08100", le=0)) == (OWNER[:256], 0x9000)


def test_a_session_with_wrong_keys_does_not_open(protocol: SmartCardProtocol) -> None:
    with pytest.raises(ValueError, match="Incorrect SCP parameters"):
        open_session(protocol, replace(TRANSPORT, mac=bytes(16)))


def test_keys_under_another_dek_are_refused_and_the_session_goes_on(
    protocol: SmartCardProtocol,
) -> None:
    open_session(protocol, replace(TRANSPORT, dek=bytes(16)))
    with pytest.raises(ApduError) as refused:
        put_key(protocol, ISSUER, replaced=TRANSPORT.kvn)
    assert refused.value.sw == 0x6A80
    assert protocol.send_apdu(0x00, GET_DATA, 0x00, 0xE0) == key_information(TRANSPORT.kvn)


def test_a_made_card_refuses_a_session_in_range() -> None:
    card = personalized(interface=Interface.CONTACTLESS)
    with pytest.raises(ApduError) as refused:
        open_session(SmartCardProtocol(InProcessConnection(card)), ISSUER)
    assert refused.value.sw == 0x6985

"""SecurityInfos of EF.ChipSecurity and EF.CardAccess."""

import pytest

from cardservice.channel.elliptic_curve import load_point, x_of
from cardservice.channel.oids import Oid
from cardservice.channel.security_infos import (
    ChipAuthenticationInfo,
    PACEInfo,
    TerminalAuthenticationInfo,
    UnknownInfo,
    encode_card_access,
    encode_chip_security,
    parse_chip_security,
    parse_security_infos,
)
from cardservice.errors import MalformedDataError
from tests.shared import golden, vectors

GOLDEN = bytes.fromhex(golden("chip-security")["hex"])
POINT = bytes.fromhex(golden("chip-security")["fields"]["public_key"])
TA_INFO = bytes.fromhex("300D060804007F0007020202020101")
CA_INFO = bytes.fromhex("300F060A04007F00070202030202020101")
PACE_INFO = bytes.fromhex("3012060A04007F0007020204020202010202010C")
KEY_INFO = GOLDEN[GOLDEN.index(bytes.fromhex("3066")) :]


def tlv(tag: str, value: bytes) -> bytes:
    size = len(value)
    return bytes.fromhex(tag) + (bytes((size,)) if size < 128 else bytes((0x81, size))) + value


def file_of(*infos: bytes) -> bytes:
    return tlv("6E", tlv("31", b"".join(infos)))


def test_the_golden_file_is_encoded_octet_for_octet() -> None:
    assert encode_chip_security(POINT).hex() == GOLDEN.hex()


def test_the_golden_file_is_read() -> None:
    said = parse_chip_security(GOLDEN)
    assert said.public_key.point == POINT
    assert said.chip_authentication == ChipAuthenticationInfo(Oid.CA_ECDH_AES_CBC_CMAC_128, 1)
    assert said.terminal_authentication == TerminalAuthenticationInfo(1)
    assert said.pace == PACEInfo(Oid.PACE_ECDH_GM_AES_CBC_CMAC_128, 2, 12)
    assert said.unknown == ()


def test_a_card_without_pace_says_nothing_of_it() -> None:
    file = encode_chip_security(POINT, with_pace=False)
    assert file == file_of(TA_INFO, CA_INFO, KEY_INFO)
    assert parse_chip_security(file).pace is None


def test_card_access_is_the_contracts() -> None:
    assert encode_card_access().hex().upper() == "31143012060A04007F0007020204020202010202010C"
    (pace,) = parse_security_infos(encode_card_access())
    assert pace == parse_chip_security(GOLDEN).pace


def test_the_published_card_access_of_another_card_is_read() -> None:
    example = vectors("eac2_worked_example_ecdh")["examples"][0]
    infos = parse_security_infos(bytes.fromhex(example["ef_cardaccess"]))
    assert infos[:3] == (
        TerminalAuthenticationInfo(2),
        ChipAuthenticationInfo(Oid.CA_ECDH_AES_CBC_CMAC_128, 2, 1),
        PACEInfo(Oid.PACE_ECDH_GM_AES_CBC_CMAC_128, 2, 13),
    )
    assert all(isinstance(one, UnknownInfo) for one in infos[3:])
    assert len(infos) == 6


def test_the_minimal_published_card_access_is_read() -> None:
    raw = bytes.fromhex("31143012060A04007F0007020204020202010202010D")
    assert parse_security_infos(raw) == (PACEInfo(Oid.PACE_ECDH_GM_AES_CBC_CMAC_128, 2, 13),)


def test_the_order_of_the_set_and_unknown_members_do_not_matter() -> None:
    unknown = bytes.fromhex("300806032A0304020105")
    said = parse_chip_security(file_of(KEY_INFO, unknown, CA_INFO))
    assert said.public_key.point == POINT
    assert said.unknown == (UnknownInfo(bytes.fromhex("2A0304"), unknown),)
    assert said.terminal_authentication is None


def test_a_key_identifier_is_read() -> None:
    ca = bytes.fromhex("3012060A04007F00070202030202020101020105")
    key = tlv("30", KEY_INFO[2:] + bytes.fromhex("020105"))
    said = parse_chip_security(file_of(ca, key))
    assert (said.chip_authentication.key_id, said.public_key.key_id) == (5, 5)


BAD_FILES = {
    "empty": b"",
    "another root": tlv("6F", GOLDEN[3:]),
    "more after the root": GOLDEN + tlv("6E", b""),
    "padding after the root": GOLDEN + b"\x00",
    "no SET": tlv("6E", b""),
    "two SETs": tlv("6E", tlv("31", CA_INFO + KEY_INFO) + tlv("31", b"")),
    "a SEQUENCE for the SET": tlv("6E", tlv("30", CA_INFO + KEY_INFO)),
    "an INTEGER for a member": file_of(CA_INFO, KEY_INFO, bytes.fromhex("020101")),
    "an empty member": file_of(CA_INFO, KEY_INFO, bytes.fromhex("3000")),
    "a member of an OID only": file_of(CA_INFO, KEY_INFO, TA_INFO[:12].replace(b"\x0d", b"\x0a")),
    "no key": file_of(TA_INFO, CA_INFO),
    "no protocol": file_of(TA_INFO, KEY_INFO),
    "two keys": file_of(CA_INFO, KEY_INFO, KEY_INFO),
    "two protocols": file_of(CA_INFO, CA_INFO, KEY_INFO),
    "two terminal authentications": file_of(TA_INFO, TA_INFO, CA_INFO, KEY_INFO),
    "two PACEInfos": file_of(PACE_INFO, PACE_INFO, CA_INFO, KEY_INFO),
    "a fourth member": file_of(tlv("30", CA_INFO[2:] + b"\x02\x01\x01" * 2), KEY_INFO),
    "a negative version": file_of(CA_INFO[:-1] + b"\x81", KEY_INFO),
    "a version of no octets": file_of(tlv("30", CA_INFO[2:-3] + b"\x02\x00"), KEY_INFO),
    "a padded version": file_of(tlv("30", CA_INFO[2:-3] + b"\x02\x02\x00\x01"), KEY_INFO),
    "a huge version": file_of(tlv("30", CA_INFO[2:-3] + b"\x02\x05" + bytes(5)), KEY_INFO),
    "a BOOLEAN for the version": file_of(tlv("30", CA_INFO[2:-3] + b"\x01\x01\x01"), KEY_INFO),
    "another curve": file_of(
        CA_INFO, KEY_INFO.replace(b"\xce\x3d\x03\x01\x07", b"\xce\x3d\x03\x01\x06")
    ),
    "unused bits": file_of(CA_INFO, KEY_INFO.replace(b"\x03\x42\x00\x04", b"\x03\x42\x01\x04")),
    "a compressed point": file_of(CA_INFO, KEY_INFO.replace(b"\x42\x00\x04", b"\x42\x00\x03")),
    "an OCTET STRING for the key": file_of(
        CA_INFO, KEY_INFO.replace(b"\x03\x42\x00", b"\x04\x42\x00")
    ),
    "a non-minimal length": b"\x6e\x82\x00\x9f" + GOLDEN[3:],
}


@pytest.mark.parametrize("file", BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_is_not_its_own_grammar_is_malformed(file: bytes) -> None:
    with pytest.raises(MalformedDataError):
        parse_chip_security(file)


@pytest.mark.parametrize("point", [b"", POINT[:-1], b"\x02" + POINT[1:33], b"\x03" + POINT[1:]])
def test_only_an_uncompressed_point_is_encoded(point: bytes) -> None:
    with pytest.raises(MalformedDataError):
        encode_chip_security(point)


def test_wycheproof_points_are_taken_when_uncompressed_and_on_the_curve() -> None:
    tests = [
        test
        for group in vectors("wycheproof/ecdh_secp256r1_ecpoint_test")["testGroups"]
        for test in group["tests"]
    ]

    def taken(point: bytes) -> bool:
        try:
            load_point(point)
        except MalformedDataError:
            return False
        return True

    assert len(tests) == 355
    for test in tests:
        point = bytes.fromhex(test["public"])
        expected = test["result"] == "valid" and len(point) == 65 and point[0] == 4
        assert taken(point) is expected, test["tcId"]


def test_x_keeps_its_leading_zeros() -> None:
    point = b"\x04" + bytes(2) + b"\x01" * 30 + b"\x02" * 32
    assert x_of(point) == bytes(2) + b"\x01" * 30

"""The small words of certificates: references, days, authorization templates."""

from datetime import date

import pytest

from cardservice.errors import MalformedDataError, UsageError
from cardservice.pki.cv.chat import Chat
from cardservice.pki.cv.dates import encode_date, parse_date
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.cv.terms import ALL_RIGHTS, NO_RIGHTS, Role, TerminalRights, TerminalType
from tests.unit.pki.cv.office import PUBLISHED

CHATS = {(one["parsed"]["chat_oid"], one["parsed"]["chat"]) for one in PUBLISHED.values()}
TYPES = {
    "0.4.0.127.0.7.3.1.2.1": TerminalType.INSPECTION_SYSTEM,
    "0.4.0.127.0.7.3.1.2.2": TerminalType.AUTHENTICATION_TERMINAL,
}
IS = "0609 04007F000703010201"


@pytest.mark.parametrize("text", [one["parsed"]["chr"] for one in PUBLISHED.values()])
def test_published_references_are_read_and_written_back(text: str) -> None:
    reference = HolderReference.parse(text.encode())
    assert (reference.country, reference.sequence) == (text[:2], text[-5:])
    assert reference.encode() == text.encode()


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"DE00001",
        b"DEMNEMONIC1X00001",
        b"deMNEM00001",
        b"D1MNEM00001",
        b"DEMNEM0000-",
        b"DE\x00MNEM00001",
        b"DE\x7fMNEM00001",
        b"DEMNEM\xa000001",
    ],
)
def test_octets_of_another_form_are_no_reference(octets: bytes) -> None:
    with pytest.raises(MalformedDataError):
        HolderReference.parse(octets)


@pytest.mark.parametrize(
    "parts",
    [("D", "EMNEM", "00001"), ("DE", "", "00001"), ("DE", "MNEM", "001"), ("DE", "ЦЕНТР", "00001")],
)
def test_a_reference_of_parts_that_do_not_fit_is_our_mistake(parts: tuple[str, str, str]) -> None:
    with pytest.raises(UsageError):
        HolderReference(*parts)


def test_the_next_key_has_the_next_number_until_there_is_none() -> None:
    first = HolderReference("RU", "OMSCVCA", "00009")
    assert str(first.next()) == "RUOMSCVCA00010"
    assert first.next().is_same_holder(first)
    for last in ("99999", "DE019"):
        with pytest.raises(UsageError):
            HolderReference("RU", "OMSCVCA", last).next()


def test_holders_differ_by_country_or_mnemonic() -> None:
    one = HolderReference("RU", "OMSDV", "00001")
    assert not one.is_same_holder(HolderReference("BY", "OMSDV", "00001"))
    assert not one.is_same_holder(HolderReference("RU", "OMSDW", "00001"))


@pytest.mark.parametrize(
    ("day", "octets"),
    [
        (date(2014, 2, 11), "010400020101"),  # cv_certificates.json, DEDVeIDDPST00035
        (date(2000, 1, 1), "000000010001"),
        (date(2099, 12, 31), "090901020301"),
        (date(2028, 2, 29), "020800020209"),
    ],
)
def test_a_day_is_six_digits(day: date, octets: str) -> None:
    assert encode_date(day).hex() == octets
    assert parse_date(bytes.fromhex(octets)) == day


@pytest.mark.parametrize(
    "octets",
    [
        "",
        "0104000201",
        "01040002010100",
        "010400020A01",
        "01040001000A",
        "010400000101",
        "010400010302",
        "010400020300",
        "0106000202FF",
        "020700020209",
        "313430323131",
    ],
)
def test_what_is_no_day_is_malformed(octets: str) -> None:
    with pytest.raises(MalformedDataError):
        parse_date(bytes.fromhex(octets))


@pytest.mark.parametrize("year", [1999, 2100])
def test_a_year_that_two_digits_do_not_name_is_our_mistake(year: int) -> None:
    with pytest.raises(UsageError):
        encode_date(date(year, 1, 1))


@pytest.mark.parametrize(("oid", "template"), sorted(CHATS))
def test_published_templates_are_read_and_written_back(oid: str, template: str) -> None:
    chat = Chat(TYPES[oid], bytes.fromhex(template))
    assert Chat.parse(chat.encode()[3:]) == chat
    assert chat.role == int(template[:2], 16) >> 6


@pytest.mark.parametrize(
    ("role", "rights", "octet"),
    [
        (Role.CVCA, ALL_RIGHTS, "c7"),
        (Role.DOMESTIC_DV, TerminalRights.READ_POLICY | TerminalRights.READ_HISTORY, "83"),
        (Role.FOREIGN_DV, TerminalRights.WRITE_INSURER, "44"),
        (Role.TERMINAL, TerminalRights.READ_POLICY, "01"),
        (Role.TERMINAL, NO_RIGHTS, "00"),
    ],
)
def test_a_policy_terminals_template_is_one_octet(
    role: Role, rights: TerminalRights, octet: str
) -> None:
    chat = Chat.inspection_system(role, rights)
    assert chat.encode().hex() == "7f4c0e060904007f0007030102015301" + octet
    assert (chat.role, chat.rights) == (role, rights)


def test_bits_without_a_name_are_no_rights() -> None:
    assert Chat(TerminalType.INSPECTION_SYSTEM, b"\x3f").rights == ALL_RIGHTS
    assert Chat(TerminalType.INSPECTION_SYSTEM, b"\x38").rights == NO_RIGHTS
    with pytest.raises(UsageError):
        Chat.inspection_system(Role.TERMINAL, TerminalRights(8))


def test_the_bits_of_another_terminal_type_are_not_taken_for_rights() -> None:
    with pytest.raises(MalformedDataError):
        _ = Chat(TerminalType.AUTHENTICATION_TERMINAL, b"\x00\x00\x00\x00\x07").rights


@pytest.mark.parametrize(
    "content",
    [
        "",
        IS,
        f"530101 {IS}",
        f"{IS} 5300",
        f"{IS} 53020101",
        f"{IS} 530101 530101",
        "0609 04007F000703010202 530101",
        "0609 04007F000703010209 5300",
        "0609 04007F000703010209 5311" + "00" * 17,
    ],
)
def test_a_template_of_another_structure_or_length_is_malformed(content: str) -> None:
    with pytest.raises(MalformedDataError):
        Chat.parse(bytes.fromhex(content))


def test_a_template_of_an_unknown_type_is_kept() -> None:
    content = bytes.fromhex("0609 04007F000703010209 5303 C00001")
    chat = Chat.parse(content)
    assert (chat.role, chat.template.hex()) == (Role.CVCA, "c00001")
    assert chat.encode()[3:] == content

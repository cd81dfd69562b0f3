"""Terminal authentication: chains, dates, rights, and writing an insurer with them."""

from dataclasses import replace

import pytest

from simulators.card import image
from simulators.card.cv_certificate import parse_certificate, parse_enveloped_certificate
from simulators.card.tampering import copy_of
from simulators.card.tlv import MalformedObjectError
from tests.shared import vectors
from tests.unit.simulators.card.desks import Desk, card_with_trust_point, desk_at
from tests.unit.simulators.card.hosts import (
    FOMS_INS,
    FOMS_ROOT,
    OK,
    PaceHost,
    apdu,
    chip_authenticate,
    select_aid,
    send,
    tlv,
)
from tests.unit.simulators.card.issuing import (
    CHIP_POINT,
    CVCA,
    CVCA_2,
    DV,
    INSURER,
    TERMINAL,
    Content,
    Party,
    certificate,
    in_range,
    personalized,
    trust_point,
)

_INSPECTION_SYSTEM = bytes.fromhex("04007F000703010201")
_AUTHENTICATION_TERMINAL = bytes.fromhex("04007F000703010202")


def test_a_terminal_with_a_chain_reads_in_range_without_the_can() -> None:
    desk = desk_at()
    assert desk.read(FOMS_ROOT, "9D") == 0x6982
    assert desk.authenticate() == OK
    assert desk.read(FOMS_ROOT, "9D") == OK


@pytest.mark.parametrize(
    ("chats", "owner", "history"),
    [
        ((0xC7, 0x87, 0x03), OK, OK),
        ((0xC7, 0x87, 0x01), OK, 0x6982),
        ((0xC7, 0x87, 0x02), 0x6982, OK),
        ((0xC7, 0x82, 0x03), 0x6982, OK),
        ((0xC1, 0x87, 0x03), OK, 0x6982),
        ((0xC7, 0x87, 0x00), 0x6982, 0x6982),
    ],
)
def test_the_rights_are_what_every_certificate_of_the_chain_gives(
    chats: tuple[int, int, int], owner: int, history: int
) -> None:
    cvca, dv, terminal = (
        replace(party, chat=chat) for party, chat in zip((CVCA, DV, TERMINAL), chats, strict=True)
    )
    card = personalized(Content(cvca=trust_point(cvca)))
    desk = desk_at(copy_of(card, changes={"file:FOMS_INS/0305": INSURER}))
    assert desk.load(cvca, certificate(dv, cvca)) == OK
    assert desk.load(dv, certificate(terminal, dv)) == OK
    assert desk.prove(terminal) == OK
    assert desk.read(FOMS_ROOT, "9D") == owner
    assert desk.read(FOMS_INS, "85") == history


def test_after_pace_the_terminal_signs_the_cards_ephemeral_key_and_rights_add_up() -> None:
    card = in_range(copy_of(card_with_trust_point(), changes={"file:FOMS_INS/0305": INSURER}))
    pace = PaceHost(card)
    through = pace.run()
    desk = Desk(chip_authenticate(card, CHIP_POINT, through=through), pace.card_ephemeral[1:33])
    history_only = replace(TERMINAL, chat=0x02)
    assert desk.authenticate(history_only) == OK
    assert (desk.read(FOMS_ROOT, "9D"), desk.read(FOMS_INS, "85")) == (OK, OK)


def test_after_pace_a_signature_over_the_static_key_is_6300() -> None:
    card = in_range(card_with_trust_point())
    desk = Desk(chip_authenticate(card, CHIP_POINT, through=PaceHost(card).run()))
    assert desk.authenticate() == 0x6300


def test_a_new_chip_authentication_drops_the_terminals_rights() -> None:
    desk = desk_at()
    assert desk.authenticate() == OK
    again = Desk(chip_authenticate(desk.host.card, CHIP_POINT, through=desk.host, scalar=99))
    assert again.read(FOMS_ROOT, "9D") == 0x6982
    assert again.authenticate() == OK


def test_a_challenge_serves_once_and_a_failure_takes_earlier_rights() -> None:
    desk = desk_at()
    assert desk.authenticate() == OK
    assert desk.host.send("00820000", bytes(64))[1] == 0x6985
    assert desk.read(FOMS_ROOT, "9D") == OK
    desk.host.send("00840000", le=b"\x00")
    assert desk.host.send("00820000", bytes(64))[1] == 0x6300
    assert desk.read(FOMS_ROOT, "9D") == 0x6982


def test_a_challenge_from_before_chip_authentication_serves_nobody() -> None:
    card = in_range(card_with_trust_point())
    challenge, _ = send(card, "0084000008")
    desk = Desk(chip_authenticate(card, CHIP_POINT))
    desk.load(CVCA, certificate(DV, CVCA))
    desk.load(DV, certificate(TERMINAL, DV))
    assert desk.host.send("002281A4", tlv("83", TERMINAL.name))[1] == OK
    assert desk.host.send("00820000", desk.sign(TERMINAL, challenge))[1] == 0x6985


def test_a_signature_for_another_session_is_6300() -> None:
    desk = desk_at()
    desk.load(CVCA, certificate(DV, CVCA))
    desk.load(DV, certificate(TERMINAL, DV))
    desk.chip.ephemeral_x = bytes(32)
    assert desk.prove() == 0x6300


@pytest.mark.parametrize(
    ("le", "sw"), [(b"\x08", OK), (b"\x00", OK), (b"", OK), (b"\x04", 0x6700), (b"\x10", 0x6700)]
)
def test_a_challenge_has_eight_octets(le: bytes, sw: int) -> None:
    data, got = desk_at().host.send("00840000", le=le)
    assert (len(data), got) == (8 if sw == OK else 0, sw)


def test_a_challenge_takes_no_parameters_or_data() -> None:
    host = desk_at().host
    assert host.send("00840001", le=b"\x08")[1] == 0x6A86
    assert host.send("00840000", b"\x01", b"\x08")[1] == 0x6700


@pytest.mark.parametrize(
    ("header", "data"),
    [
        ("002281B6", tlv("83", CVCA.name)),
        ("002281A4", tlv("83", TERMINAL.name)),
        ("002A00BE", b"\x7f\x4e\x00"),
        ("102A00BE", b"\x7f\x4e\x00"),
        ("00820000", bytes(64)),
    ],
)
def test_without_chip_authentication_there_is_no_terminal_authentication(
    header: str, data: bytes
) -> None:
    card = card_with_trust_point()
    assert send(card, apdu(header, data)) == (b"", 0x6985)
    assert PaceHost(card).run().send(header, data) == (b"", 0x6985)


def test_without_a_trust_point_every_issuer_is_unknown() -> None:
    assert desk_at(personalized()).set_dst(CVCA.name) == 0x6A88
    card = personalized()
    select_aid(card, FOMS_ROOT)
    assert send(card, "00B09C0000") == (b"", 0x6A82)


def test_only_trust_points_and_the_last_dv_can_be_chosen_as_issuers() -> None:
    desk = desk_at()
    other = replace(DV, name=b"RUFUND00200001")
    assert desk.set_dst(DV.name) == 0x6A88
    assert desk.load(CVCA, certificate(DV, CVCA)) == OK
    assert desk.load(CVCA, certificate(other, CVCA)) == OK
    assert desk.set_dst(DV.name) == 0x6A88
    assert desk.set_dst(other.name) == OK
    assert desk.set_dst(TERMINAL.name) == 0x6A88
    assert desk.host.send("002281B6", b"")[1] == 0x6A80


def test_only_the_terminal_just_imported_can_be_chosen() -> None:
    desk = desk_at()
    assert desk.host.send("002281A4", tlv("83", TERMINAL.name))[1] == 0x6A88
    desk.load(CVCA, certificate(DV, CVCA))
    desk.load(DV, certificate(TERMINAL, DV))
    assert desk.host.send("002281A4", tlv("83", DV.name))[1] == 0x6A88
    oid = tlv("80", bytes.fromhex("04007F00070202020203"))
    assert desk.host.send("002281A4", oid + tlv("83", TERMINAL.name))[1] == OK
    assert desk.host.send("002281A4", oid[:-1] + b"\x04" + tlv("83", TERMINAL.name))[1] == 0x6A80
    assert desk.host.send("002281A4", oid)[1] == 0x6A80


def test_a_terminal_that_was_replaced_by_another_must_be_chosen_again() -> None:
    desk = desk_at()
    other = replace(TERMINAL, name=b"RUDESK00200001")
    assert desk.authenticate() == OK
    assert desk.load(DV, certificate(other, DV)) == OK
    challenge, _ = desk.host.send("00840000", le=b"\x08")
    assert desk.host.send("00820000", desk.sign(TERMINAL, challenge))[1] == 0x6985
    assert desk.prove(other) == OK


def test_each_certificate_needs_its_issuer_chosen_anew() -> None:
    desk = desk_at()
    assert desk.load(CVCA, certificate(DV, CVCA)) == OK
    assert desk.verify(certificate(DV, CVCA)) == 0x6985


def test_a_certificate_needs_its_issuer_chosen() -> None:
    assert desk_at().verify(certificate(DV, CVCA)) == 0x6985


@pytest.mark.parametrize(
    ("subject", "issuer"),
    [
        (TERMINAL, CVCA),
        (replace(DV, chat=0x47), CVCA),
        (DV, DV),
        (replace(CVCA_2, name=DV.name), DV),
    ],
    ids=["terminal-by-cvca", "foreign-dv", "dv-by-dv", "cvca-by-dv"],
)
def test_a_wrong_order_of_roles_is_6300(subject: Party, issuer: Party) -> None:
    desk = desk_at()
    assert desk.load(CVCA, certificate(DV, CVCA)) == OK
    assert desk.load(issuer, certificate(subject, issuer)) == 0x6300


def test_a_wrong_signature_or_issuer_name_is_6300_and_nothing_changes() -> None:
    desk = desk_at()
    before = desk.host.card.memory.cells()
    good = certificate(DV, CVCA, effective="270101")
    assert desk.load(CVCA, good[:-1] + bytes((good[-1] ^ 1,))) == 0x6300
    assert desk.load(CVCA, certificate(DV, replace(CVCA, name=CVCA_2.name))) == 0x6300
    assert desk.set_dst(DV.name) == 0x6A88
    assert desk.host.card.memory.cells() == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x7f\x4e",
        certificate(DV, CVCA)[:-1],
        certificate(DV, CVCA) + b"\x01\x00",
        certificate(DV, CVCA, with_domain=True),
        certificate(CVCA_2, CVCA, with_domain=False),
        certificate(replace(DV, name=b"SHORT"), CVCA),
        certificate(DV, CVCA, effective="261301"),
        certificate(DV, CVCA, expiry="270230"),
        tlv("7F21", certificate(DV, CVCA)),
        certificate(DV, CVCA).replace(bytes.fromhex("5F290100"), bytes.fromhex("5F290101")),
        certificate(DV, CVCA).replace(_INSPECTION_SYSTEM, _AUTHENTICATION_TERMINAL),
    ],
    ids=lambda content: content[:4].hex() + f"-{len(content)}",
)
def test_a_malformed_certificate_is_6a80(content: bytes) -> None:
    desk = desk_at()
    assert desk.load(CVCA, content) == 0x6A80


def test_an_expired_certificate_is_6300_and_the_day_of_expiry_is_still_good() -> None:
    desk = desk_at(
        copy_of(card_with_trust_point(), changes={image.CARD_DATE: bytes((2, 7, 0, 1, 0, 1))})
    )
    assert desk.load(CVCA, certificate(DV, CVCA, expiry="261231")) == 0x6300
    assert desk.load(CVCA, certificate(DV, CVCA, expiry="270101")) == OK


def test_a_later_effective_date_becomes_the_cards_date_and_never_goes_back() -> None:
    card = card_with_trust_point()
    desk = desk_at(card)
    assert desk.load(CVCA, certificate(DV, CVCA, effective="260601")) == OK
    assert card.memory.get(image.CARD_DATE) == bytes((2, 6, 0, 6, 0, 1))
    assert desk.load(DV, certificate(TERMINAL, DV, effective="260301")) == OK
    assert card.memory.get(image.CARD_DATE) == bytes((2, 6, 0, 6, 0, 1))


def test_a_link_certificate_replaces_the_trust_point_and_keeps_one_before() -> None:
    card = card_with_trust_point()
    desk = desk_at(card)
    link = certificate(CVCA_2, CVCA, effective="270301", expiry="300101")
    assert desk.load(CVCA, link) == OK
    assert card.memory.get(image.CARD_DATE) == bytes((2, 7, 0, 3, 0, 1))
    select_aid(card, FOMS_ROOT)
    names = tlv("42", CVCA_2.name) + tlv("42", CVCA.name)
    assert send(card, "00B09C0000") == (names.ljust(36, b"\x00"), OK)
    assert desk.set_dst(CVCA.name) == desk.set_dst(CVCA_2.name) == OK


def test_an_expired_link_is_taken() -> None:
    card = copy_of(card_with_trust_point(), changes={image.CARD_DATE: bytes((2, 9, 0, 1, 0, 1))})
    assert desk_at(card).load(CVCA, certificate(CVCA_2, CVCA)) == OK
    assert card.memory.get(image.CARD_DATE) == bytes((2, 9, 0, 1, 0, 1))


def test_a_link_under_the_previous_trust_point_is_6300() -> None:
    desk = desk_at()
    assert desk.load(CVCA, certificate(CVCA_2, CVCA)) == OK
    third = replace(CVCA_2, name=b"RUFOMSCVCA00003")
    assert desk.load(CVCA, certificate(third, CVCA)) == 0x6300
    assert desk.load(CVCA, certificate(DV, CVCA)) == OK
    assert desk.load(CVCA_2, certificate(third, CVCA_2)) == OK
    assert desk.set_dst(CVCA.name) == 0x6A88


def test_a_certificate_may_come_in_a_chain_of_protected_commands() -> None:
    desk = desk_at()
    content = certificate(CVCA_2, CVCA)
    assert desk.set_dst(CVCA.name) == OK
    assert desk.host.send("102A00BE", content[:200]) == (b"", OK)
    assert desk.host.send("102A00BE", content[200:400]) == (b"", OK)
    assert desk.host.send("002A00BE", content[400:]) == (b"", OK)
    assert desk.set_dst(CVCA_2.name) == OK


@pytest.mark.parametrize("header", ["00CADF01", "002A00BF", "102A01BE", "00840000"])
def test_another_command_in_a_chain_is_6883_and_drops_it(header: str) -> None:
    desk = desk_at()
    content = certificate(DV, CVCA)
    desk.set_dst(CVCA.name)
    assert desk.host.send("102A00BE", content[:100])[1] == OK
    assert desk.host.send(header, le=b"\x00") == (b"", 0x6883)
    assert desk.host.send("002A00BE", content[100:])[1] == 0x6A80
    assert desk.verify(content) == OK


def test_a_chain_of_more_than_2048_octets_is_6700() -> None:
    desk = desk_at()
    desk.set_dst(CVCA.name)
    for _ in range(10):
        assert desk.host.send("102A00BE", bytes(200))[1] == OK
    assert desk.host.send("102A00BE", bytes(48))[1] == OK
    assert desk.host.send("002A00BE", b"\x00")[1] == 0x6700


def test_other_security_operations_are_6a86() -> None:
    assert desk_at().host.send("002A9E9A", bytes(32))[1] == 0x6A86


@pytest.mark.parametrize(
    "entry", vectors("cv_certificates")["certificates"], ids=lambda entry: entry["name"]
)
def test_published_certificates_of_other_systems_are_refused_as_malformed(
    entry: dict[str, str],
) -> None:
    with pytest.raises(MalformedObjectError):
        parse_enveloped_certificate(bytes.fromhex(entry["hex"]))


def test_a_well_formed_certificate_is_parsed_into_its_fields() -> None:
    parsed = parse_certificate(certificate(TERMINAL, DV, effective="260203", expiry="260504"))
    assert (parsed.car, parsed.chr, parsed.rights) == (DV.name, TERMINAL.name, 0x07)
    assert parsed.effective + parsed.expiry == bytes((2, 6, 0, 2, 0, 3, 2, 6, 0, 5, 0, 4))

"""Every octet of a card has a name and, where it says something, that in plain words."""

import pytest

from simulators.card import blank_card, image
from simulators.card.files import EF_CVCA, FILES
from simulators.cardmap import MappedOctets, Part, Span, map_image
from simulators.cardmap.cv import CV_CERTIFICATE
from simulators.cardmap.security import CONTENT_INFO
from simulators.cardmap.shapes import Shape
from simulators.cardmap.walking import DEPTH_MAX, OCTETS_MAX, map_octets
from simulators.cardmap.words import Name, Reason
from tests.shared import vectors
from tests.unit.cardmap.cards import (
    SECRET_CELLS,
    file_of,
    made,
    named,
    odd,
    owner_of,
    said,
    with_owner,
    with_trust_point,
)


def _leaf(start: int, end: int) -> Span:
    return Span(start=start, end=end, part=Part.VALUE, name=Name.VALUE)


@pytest.mark.parametrize("children", [[(0, 2), (3, 4)], [(0, 2), (1, 4)], [(0, 3)], [(1, 4)]])
def test_a_tree_with_a_gap_or_an_overlap_cannot_be_made(children: list[tuple[int, int]]) -> None:
    leaves = tuple(_leaf(*one) for one in children)
    with pytest.raises(ValueError, match="named"):
        Span(start=0, end=4, part=Part.FILE, name=Name.FILE, children=leaves)


def test_a_map_of_other_octets_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="not of these octets"):
        MappedOctets(content=b"abc", span=_leaf(0, 2))


def test_all_files_of_an_issued_card_are_there_and_fit() -> None:
    cells = made(photo=True)
    card = map_image(cells)
    shown = [file for directory in card.directories for file in directory.files]
    assert [file.mapped.content for file in shown] == [
        cells[file.cell] for file in FILES if file.cell in cells
    ]
    assert [one for file in shown for one in odd(file.mapped.span)] == []


def test_the_owner_is_told_in_plain_words() -> None:
    owner = owner_of(made(photo=True))
    assert said(owner, Name.SURNAME) == ["“ИВАНОВ”"]
    assert said(owner, Name.SEX) == ["male"]
    assert said(owner, Name.BIRTH_DATE) == ["15.05.1980"]
    assert said(owner, Name.PHOTO_FORMAT) == ["JPEG"]
    (image_span,) = named(owner, Name.PHOTO_IMAGE)
    assert str(image_span.meaning).startswith("2052 octets, SHA-256 ")


def test_the_signed_data_name_each_hash_the_time_and_the_signer() -> None:
    sod = file_of(map_image(made(photo=True)), 0x011D).mapped.span
    hashes = [one.name for _, one in sod.walk() if one.name.startswith("hash ")]
    assert hashes == [
        Name.HASH_OF_OWNER,
        Name.HASH_OF_CARD_ID,
        Name.HASH_OF_INSURER,
        Name.HASH_OF_ICCID,
        Name.HASH_OF_PHOTO,
        Name.HASH_OF_CHIP_SECURITY,
    ]
    assert said(sod, Name.SIGNING_TIME) == ["2026-11-11 09:30:00 UTC"]
    assert said(sod, Name.SIGNER_ID) == [
        "C=RU, O=Policy Scheme, CN=Policy Root CA, serial number 123456789ABC"
    ]
    assert "CN=Policy Document Signer 77001" in said(sod, Name.SUBJECT)[0]


def test_security_infos_go_by_the_names_of_their_protocols() -> None:
    span = file_of(map_image(made()), 0x010E).mapped.span
    infos = [one.name for one in named(span, Name.SECURITY_INFOS)[0].objects]
    assert set(infos) == {
        Name.CHIP_AUTHENTICATION_INFO,
        Name.CHIP_PUBLIC_KEY_INFO,
        Name.TERMINAL_AUTHENTICATION_INFO,
        Name.PACE_INFO,
    }


def test_the_trust_point_and_the_padding_of_ef_cvca_are_named() -> None:
    cells = with_trust_point()
    card = map_image(cells)
    cvca = file_of(card, 0x011C).mapped
    assert said(cvca.span, Name.CAR_CURRENT) == ["“RUFOMSCVCA00001”"]
    (padding,) = named(cvca.span, Name.PADDING)
    assert padding.end == EF_CVCA.limit
    (cell,) = (one.mapped for one in card.cells if one.cell == image.CVCA_CURRENT)
    assert cell is not None
    assert odd(cell.span) == []
    assert said(cell.span, Name.EFFECTIVE_DATE) == ["01.01.2026"]
    assert "CVCA; read owner and current insurer" in said(cell.span, Name.CHAT_RIGHTS)[0]
    assert said(cell.span, Name.SIGNATURE) == ["ECDSA signature r‖s, 32 + 32 octets"]


def test_the_previous_cvca_is_told_from_the_current_one() -> None:
    cells = with_trust_point() | {EF_CVCA.cell: bytes.fromhex("420141420142").ljust(36, b"\0")}
    span = file_of(map_image(cells), 0x011C).mapped.span
    assert said(span, Name.CAR_CURRENT) + said(span, Name.CAR_PREVIOUS) == ["“A”", "“B”"]


def test_a_blank_card_has_its_directories_and_its_state() -> None:
    card = map_image(blank_card(bytes(8)).memory.cells())
    assert [one.name for one in card.directories] == ["MF", "foms_root", "FOMS_ID", "FOMS_INS"]
    said_of = {cell.cell: cell.mapped.span.meaning for cell in card.cells if cell.mapped}
    assert str(said_of[image.LIFE_CYCLE]) == "blank (07)"


def test_the_answer_to_select_is_what_the_card_answers() -> None:
    card = blank_card(bytes(8))
    card.power_up()
    file = file_of(map_image(card.memory.cells()), 0x2F01, "MF")
    fcp = card.execute(bytes.fromhex("00A40204022F0100"))
    assert fcp == file.control.content + b"\x90\x00"
    directory = map_image(card.memory.cells()).directories[1]
    fci = card.execute(bytes.fromhex("00A4040009666F6D735F726F6F7400"))
    assert fci == directory.control.content + b"\x90\x00"


def test_of_secrets_the_map_holds_no_octet() -> None:
    card = map_image(made())
    secrets = {cell.cell: str(cell.meaning) for cell in card.cells if cell.mapped is None}
    assert secrets == {
        **dict.fromkeys(SECRET_CELLS, "present"),
        image.KEY_SET: "version 31, present",
    }


def test_a_cell_nobody_knows_may_be_a_secret() -> None:
    (cell,) = (one for one in map_image(made() | {"later": b"x"}).cells if one.cell == "later")
    assert (cell.name, cell.mapped) == (Name.UNKNOWN_CELL, None)


@pytest.mark.parametrize(
    ("owner", "reason"),
    [
        ("6205 5F21 05 41", Reason.TOO_LONG),
        ("6203 5F2101", Reason.TOO_LONG),
        ("6203 5F2183", Reason.LENGTH_CUT),
        ("6203 5F2180", Reason.LENGTH_FORM),
        ("6204 5F218400", Reason.LENGTH_FORM),
        ("6202 5F21", Reason.LENGTH_CUT),
        ("6202 5FFF", Reason.TAG_CUT),
        ("6206 5FFFFFFF7F00", Reason.TAG_LONG),
        ("6208 5F210141 5F210142", Reason.REPEATED),
        ("6204 5F7F0141", Reason.NOT_HERE),
        ("6204 5F250109", Reason.UNREADABLE),
        ("6204 5F2101FF", Reason.UNREADABLE),
        ("6300", Reason.NOT_HERE),
        ("62045F210141 63", Reason.LENGTH_CUT),
    ],
)
def test_what_fits_nothing_is_said_with_its_reason(owner: str, reason: Reason) -> None:
    reasons = [one.reason for one in odd(owner_of(with_owner(bytes.fromhex(owner))))]
    assert reason in reasons


def test_a_length_of_more_octets_than_needed_is_said() -> None:
    owner = owner_of(with_owner(bytes.fromhex("6206 5F2182000141")))
    assert "1 octets (longer form than needed)" in said(owner, Name.LENGTH)


def test_what_is_nested_too_deep_is_not_opened() -> None:
    octets = b""
    for _ in range(DEPTH_MAX * 3):
        octets = bytes((0x62, 0x81, len(octets))) + octets
    span = map_octets(octets, Shape(name=Name.FILE, parts=(Shape(name=Name.OWNER, tag=0x62),))).span
    assert max(depth for depth, _ in span.walk()) <= DEPTH_MAX + 1
    assert [one.reason for _, one in span.walk() if one.reason] == [Reason.TOO_DEEP]


def test_what_is_longer_than_any_file_is_not_opened() -> None:
    span = owner_of(with_owner(bytes(OCTETS_MAX + 1)))
    assert [one.reason for one in span.leaves()] == [Reason.TOO_LARGE]


@pytest.mark.parametrize(
    ("expiry", "words"), [("00000000", "unlimited"), ("01011900", "unlimited"), ("01012030", None)]
)
def test_no_expiry_is_said_as_unlimited(expiry: str, words: str | None) -> None:
    owner = owner_of(with_owner(bytes.fromhex("6207 5F2804" + expiry)))
    assert said(owner, Name.EXPIRY_DATE) == [words or "01.01.2030"]


def test_published_cv_certificates_fit() -> None:
    shape = Shape(name=Name.FILE, parts=(CV_CERTIFICATE,))
    for one in vectors("cv_certificates")["certificates"]:
        span = map_octets(bytes.fromhex(one["hex"]), shape).span
        assert not [leaf for leaf in span.leaves() if leaf.part is Part.UNEXPECTED], one["name"]
        assert len(named(span, Name.CHR)) == 1


def test_published_security_objects_fit() -> None:
    sod = Shape(name=Name.SOD, tag=0x77, parts=(CONTENT_INFO,))
    for one in vectors("ef_sod_synthetic")["synthetic"]:
        octets = bytes.fromhex(one["files"]["ef_sod"])
        span = map_octets(octets, Shape(name=Name.EF_SOD, parts=(sod,))).span
        assert not [leaf for leaf in span.leaves() if leaf.part is Part.UNEXPECTED], one["name"]
        assert len(named(span, Name.HASH)) >= 2


def test_an_owner_ef_of_no_octets_has_an_empty_map() -> None:
    span = owner_of(with_owner(b""))
    assert (len(span), span.children) == (0, ())

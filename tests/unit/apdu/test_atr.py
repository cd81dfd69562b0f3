"""Answers to reset of real cards, good and bad: ISO/IEC 7816-3 8.2."""

from typing import Any

import pytest

from cardservice.apdu.atr import Atr, parse_atr
from cardservice.errors import MalformedDataError
from tests.shared import vectors

VECTORS = vectors("atr")
WHOLE = [one for one in VECTORS["atrs"] if "error" not in one["expected"]]
CUT = [one for one in VECTORS["atrs"] if "error" in one["expected"]]
NEGATIVE = VECTORS["negative"]
CONTACT = bytes.fromhex("3BF71300008131FE45464F4D534F4D53A9")


def named(case: dict[str, Any]) -> str:
    return str(case["atr"]) or "empty"


def as_published(atr: Atr) -> dict[str, Any]:
    return {
        "ts": f"{atr.octets[0]:02x}",
        "convention": atr.convention.name.lower(),
        "t0": f"{atr.octets[1]:02x}",
        "k": len(atr.historical),
        "interface": {name: f"{value:02x}" for name, value in atr.interface},
        "protocols": list(atr.protocols),
        "historical": atr.historical.hex(),
        "tck_required": atr.tck_required,
        "tck": None if atr.tck is None else f"{atr.tck:02x}",
        "tck_ok": atr.tck_ok,
        "trailing": atr.trailing.hex(),
        "unexpected_tck": atr.tck_superfluous,
        "Fi": atr.fi,
        "Di": atr.di,
        "valid": atr.is_well_formed,
        "mode": "specific" if atr.is_specific_mode else "negotiable",
    }


@pytest.mark.parametrize("case", WHOLE, ids=named)
def test_a_real_answer_is_taken_apart_as_published(case: dict[str, Any]) -> None:
    assert as_published(parse_atr(bytes.fromhex(case["atr"]))) == case["expected"]


@pytest.mark.parametrize("case", CUT, ids=named)
def test_a_cut_answer_is_malformed(case: dict[str, Any]) -> None:
    with pytest.raises(MalformedDataError, match="historical octets are cut off"):
        parse_atr(bytes.fromhex(case["atr"]))


@pytest.mark.parametrize("case", VECTORS["pyscard_tests"], ids=named)
def test_another_program_reads_the_same(case: dict[str, Any]) -> None:
    atr, expected = parse_atr(bytes.fromhex(case["atr"])), dict(case["expect"])
    facts = (
        as_published(atr) | {"interface_bytes": len(atr.interface)} | as_published(atr)["interface"]
    )
    assert {name: facts[name] for name in expected} == expected


@pytest.mark.parametrize("case", [one for one in NEGATIVE if one["expect"] == "error"], ids=named)
def test_what_is_no_answer_is_malformed(case: dict[str, Any]) -> None:
    with pytest.raises(MalformedDataError):
        parse_atr(bytes.fromhex(case["atr"]))


def test_a_wrong_check_octet_is_reported_and_parsing_goes_on() -> None:
    (case,) = [one for one in NEGATIVE if one["expect"] == "tck_ok false"]
    atr = parse_atr(bytes.fromhex(case["atr"]))
    assert (atr.tck_ok, atr.is_well_formed) == (False, False)
    assert atr.protocols == (1, 15)


@pytest.mark.parametrize("cut", range(2, 9))
def test_missing_interface_octets_are_malformed(cut: int) -> None:
    with pytest.raises(MalformedDataError):
        parse_atr(CONTACT[:cut])


def test_more_octets_than_the_standard_allows_are_malformed() -> None:
    with pytest.raises(MalformedDataError):
        parse_atr(CONTACT + bytes(33 - len(CONTACT)) + b"\x00")


@pytest.mark.parametrize(
    ("octets", "clock_hz", "kbit_s"),
    [
        ("3BF71300008131FE45464F4D534F4D53A9", 4_800_000, 51.6),
        ("3BD911008131FE8D0000464F4D53312E3132", 4_800_000, 12.9),
        ("3BF71800008131FE45464F4D534F4D53A2", 4_800_000, 154.8),
        ("3BF79600008131FE45464F4D534F4D532C", 4_800_000, 300.0),
        ("3BF79600008131FE45464F4D534F4D532C", 4_000_000, 250.0),
    ],
)
def test_the_policy_card_allows_its_bit_rates(octets: str, clock_hz: int, kbit_s: float) -> None:
    atr = parse_atr(bytes.fromhex(octets))
    rate = atr.bit_rate(clock_hz)
    assert rate is not None
    assert round(rate / 1000, 1) == kbit_s
    assert atr.is_well_formed
    assert b"FOMS" in atr.historical


def test_a_reserved_rate_is_not_guessed() -> None:
    assert parse_atr(bytes.fromhex("3B107F")).bit_rate(4_000_000) is None

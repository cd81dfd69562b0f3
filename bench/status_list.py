"""A country's status list: how long it takes, how long it is, and what a desk pays for it."""

import statistics
import time
import zlib
from collections.abc import Callable
from math import log2
from random import Random
from typing import Final

from bench.cards import in_turn
from bench.figures import FULL, Figure, Pace, rates_in_turn
from bench.status_list_country import NOT_VALID, URI, Country, country
from cardservice.pki.status_list import COMPRESSION
from cardservice.pki.status_list_tokens import TokenForm
from cardservice.pki.status_list_verifying import (
    ExpectedList,
    VerifiedStatusList,
    verify_status_list,
)

BUILD_TARGET_S: Final = 5
SIZE_TARGET_KB: Final = 400
LOOKUP_TARGET_US: Final = 2
LOAD_TARGET_MS: Final = 50
PLACES_IN_TURN: Final = 10_000  # look-ups go all over the list, as cards do
BITS_AN_OCTET: Final = 8
KB: Final = 1_000
MS: Final = 1_000
US: Final = 1_000_000
DIGITS: Final = 3
_SEED: Final = 5


def build(pace: Pace = FULL) -> Figure:
    """Measure the way from the register's rows to a signed CWT, the whole register at once."""
    whole = country(pace)
    octets = whole.build().kept.array.frozen().octets
    pairs = [
        (
            _seconds(lambda: whole.sign(whole.build().kept.array.frozen())),
            _seconds(lambda: zlib.compress(octets, COMPRESSION)),
        )
        for _ in range(pace.runs)
    ]
    return Figure(
        name="status_list.build",
        value=round(statistics.median(one for one, _ in pairs), DIGITS),
        unit="s",
        reference="bare zlib of the same octets at the same level",
        reference_value=round(statistics.median(one for _, one in pairs), DIGITS),
        note=f"{_what(whole)}; rows in memory; target {BUILD_TARGET_S} s",
    )


def size(pace: Pace = FULL) -> Figure:
    """Measure the length of the CWT."""
    whole = country(pace)
    listed = whole.build().kept.array.frozen()
    cwt, jwt = (len(whole.sign(listed, form)) for form in (TokenForm.CWT, TokenForm.JWT))
    bare = len(zlib.compress(listed.octets, COMPRESSION))
    return Figure(
        name="status_list.size",
        value=round(cwt / KB, DIGITS),
        unit="kB",
        reference="bare zlib of the same octets at the same level",
        reference_value=round(bare / KB, DIGITS),
        note=(
            f"{_what(whole)}; no code is shorter than {_bound(whole) / KB:.0f} kB on average; "
            f"JWT {jwt / KB:.0f} kB; target {SIZE_TARGET_KB} kB"
        ),
    )


def lookup(pace: Pace = FULL) -> Figure:
    """Measure one card's status from a list that is loaded."""
    whole = country(pace)
    verified = _verify(whole, whole.sign(whole.build().kept.array.frozen()))
    octets = verified.listed.octets

    def bare(place: int) -> int:
        return octets[place >> 2] >> ((place & 3) << 1) & 3

    draw = Random(_SEED)  # noqa: S311 - cards for measuring
    places = [draw.randrange(whole.places) for _ in range(PLACES_IN_TURN)]
    value, reference = rates_in_turn(
        in_turn(verified.status_of, places), in_turn(bare, places), pace
    )
    return Figure(
        name="status_list.lookup",
        value=round(US / value, DIGITS),
        unit="µs",
        reference="a bare Python function that cuts two bits from the same octets",
        reference_value=round(US / reference, DIGITS),
        note=f"places all over the list; target {LOOKUP_TARGET_US} µs",
    )


def load(pace: Pace = FULL) -> Figure:
    """Measure a desk's way from the file's octets to a list that answers: verified, inflated."""
    whole = country(pace)
    listed = whole.build().kept.array.frozen()
    token, bare = whole.sign(listed), zlib.compress(listed.octets, COMPRESSION)
    value, reference = rates_in_turn(
        lambda: _verify(whole, token), lambda: zlib.decompress(bare), pace
    )
    return Figure(
        name="status_list.load",
        value=round(MS / value, DIGITS),
        unit="ms",
        reference="bare zlib inflating the same octets",
        reference_value=round(MS / reference, DIGITS),
        note=f"{_what(whole)}; target {LOAD_TARGET_MS} ms",
    )


def _verify(whole: Country, token: bytes) -> VerifiedStatusList:
    expected = ExpectedList(uri=URI)
    return verify_status_list(token, expected=expected, signers=whole.signers, now=whole.issued)


def _what(whole: Country) -> str:
    return f"{whole.cards:,} cards in {whole.places:,} places, {NOT_VALID:.0%} not valid"


def _bound(whole: Country) -> float:
    """Return the octets that statuses drawn at random take on average, however they are coded."""
    share = len(whole.rows.cards) / whole.places
    which = share  # one bit more for each that is not valid: which of the two it is
    bits = -share * log2(share) - (1 - share) * log2(1 - share) + which
    return whole.places * bits / BITS_AN_OCTET


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start

"""What a scanner at a desk may be shown: every text is a statement or a refusal with a reason."""

from datetime import date
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.errors import Refusal
from cardservice.papers.statement import base45
from cardservice.papers.statement.cose import encode_cbor
from cardservice.papers.statement.signed import (
    PREFIX,
    STATEMENT_OCTETS,
    TEXT_LENGTH,
    sign_statement,
    verify_statement,
)
from tests.unit.papers.examples import ISSUED, key, statement, trusted

TEXT = sign_statement(statement(), key())
OCTETS = base45.decode(TEXT.removeprefix(PREFIX))
CODES = {
    "statement-other-type",
    "statement-too-long",
    "statement-malformed",
    "statement-unknown-key",
    "statement-altered",
    "statement-other-insurer",
    "statement-not-yet-valid",
    "statement-expired",
}


def _code(text: str) -> str:
    with pytest.raises(Refusal) as caught:
        verify_statement(text, [trusted()], ISSUED)
    assert caught.value.code in CODES
    return caught.value.code


def _framed(octets: bytes) -> str:
    return PREFIX + base45.encode(octets)


@pytest.mark.parametrize("bit", [0x01, 0x80])
def test_no_octet_can_be_altered(bit: int) -> None:
    for place in range(len(OCTETS)):
        altered = bytearray(OCTETS)
        altered[place] ^= bit
        assert _code(_framed(bytes(altered)))


def test_no_octet_can_be_left_out_or_put_in() -> None:
    for place in range(len(OCTETS)):
        assert _code(_framed(OCTETS[:place] + OCTETS[place + 1 :]))
        assert _code(_framed(OCTETS[:place] + b"\x00" + OCTETS[place:]))


def test_no_beginning_is_enough() -> None:
    for length in range(len(TEXT)):
        assert _code(TEXT[:length])


@given(st.text(max_size=TEXT_LENGTH + 10))
def test_any_text_is_refused(text: str) -> None:
    assert _code(text)
    assert _code(PREFIX + text)


@given(st.binary(max_size=STATEMENT_OCTETS))
def test_any_octets_are_refused(octets: bytes) -> None:
    assert _code(_framed(octets))


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.binary(max_size=40),
        st.text(max_size=20), st.dates(), st.uuids(), st.decimals(),
    ),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.integers(), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(VALUES)
def test_any_cbor_is_refused(value: Any) -> None:
    assert _code(_framed(cbor2.dumps(value)[:STATEMENT_OCTETS]))


@given(st.lists(VALUES, min_size=4, max_size=4))
def test_any_four_parts_under_the_right_tag_are_refused(parts: list[Any]) -> None:
    assert _code(_framed(cbor2.dumps(cbor2.CBORTag(18, parts))[:STATEMENT_OCTETS]))


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"\x81" * 300, id="300 arrays deep"),
        pytest.param(b"\xa1\x00" * 150, id="150 maps deep"),
        pytest.param(b"\xd2" * 300, id="300 tags deep"),
        pytest.param(b"\x9f" * 300, id="300 arrays without an end"),
        pytest.param(b"\xd2\x9b" + b"\xff" * 8, id="an array of 2 to the 64"),
        pytest.param(b"\xd2\x9b\x7f" + b"\xff" * 7, id="an array of 2 to the 63"),
        pytest.param(b"\xd2\x84\x5b\x00\x00\x00\x7f" + b"\xff" * 4, id="a string of 2 to the 39"),
        pytest.param(b"\xd2\x84\x7b" + b"\xff" * 8, id="a text of 2 to the 64"),
        pytest.param(b"\xbb" + b"\xff" * 8, id="a map of 2 to the 64"),
        pytest.param(b"\xd2\x84\x41\x00\xbb\x00\x00\x00\xff" + b"\x00" * 4, id="a map of 2 to 39"),
        pytest.param(b"\xc4\x82\x1b\x7f" + b"\xff" * 7 + b"\x01", id="10 to the power 2 to the 63"),
        pytest.param(b"\xc5\x82\x3b\x7f" + b"\xff" * 7 + b"\x01", id="2 to a huge power"),
        pytest.param(b"\xc4\x82\x1a\x3b\x9a\xc9\xff\x01", id="10 to the power 999,999,999"),
        pytest.param(b"\xc1\xfb\x7f\xef" + b"\xff" * 6, id="a time beyond all times"),
        pytest.param(b"\xc1\xf9\x7e\x00", id="a time that is no number"),
        pytest.param(b"\xc0\x63abc", id="a date that is none"),
        pytest.param(b"\xd8\x23\x66(a+)+$", id="a regular expression"),
        pytest.param(b"\xd8\x23\x61(", id="a broken regular expression"),
        pytest.param(b"\xd8\x24\x41\x00", id="a mail message"),
        pytest.param(b"\xd8\x1c\x81\xd8\x1d\x00", id="an array that holds itself"),
        pytest.param(b"\xd8\x1d\x05", id="a reference to nothing"),
        pytest.param(b"\xd9\x01\x00\x81\xd8\x19\x05", id="a string reference to nothing"),
        pytest.param(b"\xd9\x01\x02\x81\x80", id="a set of an array"),
        pytest.param(b"\xd9\x01\x04\x41\x00", id="an address of one octet"),
        pytest.param(b"\xd8\x1e\x82\x01\x00", id="one divided by nothing"),
        pytest.param(b"\xc2\x58\xff" + b"\xff" * 255, id="a number of 255 octets"),
        pytest.param(b"\xf9\x7e\x00", id="no number"),
        pytest.param(b"\xff", id="an end without a beginning"),
        pytest.param(b"\xd2\x84\x41\x00\xa2\x01\x00\x01\x00\x40\x40", id="a key twice"),
    ],
)  # fmt: skip
def test_a_bomb_is_refused(octets: bytes) -> None:
    assert _code(_framed(octets)) == "statement-malformed"


def test_megabytes_are_refused_by_their_length() -> None:
    assert _code(PREFIX + "0" * 10_000_000) == "statement-too-long"


@pytest.mark.parametrize(
    "text",
    [TEXT.lower(), TEXT + " ", " " + TEXT, TEXT + "\n", TEXT.replace("OMS1", "OMS2"), "\x00"],
)
def test_a_text_almost_right_is_refused(text: str) -> None:
    assert _code(text) in {"statement-other-type", "statement-malformed"}


def test_another_algorithm_is_not_taken_even_when_the_signature_fits() -> None:
    protected, unprotected, payload, signature = cbor2.loads(OCTETS).value
    headers = {**cbor2.loads(protected), 1: -47}
    parts = [encode_cbor(headers), dict(unprotected), payload, signature]
    assert _code(_framed(encode_cbor(cbor2.CBORTag(18, parts)))) == "statement-malformed"


def test_a_kid_of_a_trusted_key_does_not_make_a_signature() -> None:
    forged = sign_statement(statement(), key("forger"))
    octets = base45.decode(forged.removeprefix(PREFIX))
    mine, theirs = trusted("forger").kid, trusted().kid
    assert _code(_framed(octets.replace(mine, theirs))) == "statement-altered"


def test_the_last_day_of_the_calendar_does_not_trip_the_verifier() -> None:
    with pytest.raises(Refusal, match="expired"):
        verify_statement(TEXT, [trusted()], date.max)
    with pytest.raises(Refusal, match="not valid yet"):
        verify_statement(TEXT, [trusted()], date.min)

"""Status lists: what is set is read, what is written is read back, and any octets are answered."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardservice.errors import PeerError
from cardservice.pki.status_list import (
    StatusArray,
    StatusListError,
    StatusType,
    compress,
    inflate,
)
from cardservice.pki.status_list_claims import (
    StatusListClaims,
    decode_cwt_claims,
    decode_jwt_claims,
    encode_cwt_claims,
    encode_jwt_claims,
)
from cardservice.pki.status_list_encoding import decode_base64url, encode_base64url, encode_cbor
from cardservice.pki.status_list_tokens import TokenForm, read_token
from tests.unit.pki.status_lists import claims, desk, signed, verify

PLACES = 40
SIGNERS = desk()
TOKENS = {form: signed(form) for form in TokenForm}
WHOLE_SECONDS = st.integers(0, 2**33).map(lambda one: datetime.fromtimestamp(one, UTC))
CBOR: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([1, 2, 4, 6, 16, 33, 65533, 65534, "bits", "lst"]), inner)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.integers(0, PLACES - 1), st.sampled_from(StatusType)))
def test_every_place_has_the_status_that_was_set_last_and_the_others_are_valid(
    wanted: dict[int, StatusType],
) -> None:
    array = StatusArray(PLACES)
    for place, status in wanted.items():
        array.set(place, status)
    listed = inflate(compress(array.frozen()), bits=2, most_octets=PLACES // 4)
    found = {place: listed.status_at(place) for place in range(PLACES)}
    assert found == {place: wanted.get(place, StatusType.VALID) for place in range(PLACES)}


@given(
    bits=st.sampled_from([1, 2, 4, 8]), octets=st.binary(min_size=1, max_size=64), data=st.data()
)
def test_a_place_of_any_width_is_cut_from_the_list_as_one_number(
    bits: int, octets: bytes, data: st.DataObject
) -> None:
    listed = inflate(compress_octets(octets), bits=bits, most_octets=64)
    place = data.draw(st.integers(0, listed.places - 1))
    assert listed.status_at(place) == int.from_bytes(octets, "little") >> place * bits & (
        (1 << bits) - 1
    )


def compress_octets(octets: bytes) -> bytes:
    array = StatusArray(len(octets) * 4, octets)
    return compress(array.frozen())


@given(
    uri=st.text(min_size=1, max_size=60),
    issued=WHOLE_SECONDS,
    holds=st.integers(1, 10**6),
    ttl=st.none() | st.integers(1, 10**6),
    lst=st.binary(max_size=60),
)
def test_claims_are_read_back_as_they_were_written_in_both_forms(
    uri: str, issued: datetime, holds: int, ttl: int | None, lst: bytes
) -> None:
    made = StatusListClaims(
        uri=uri,
        issued=issued,
        expires=issued + timedelta(seconds=holds),
        ttl=None if ttl is None else timedelta(seconds=ttl),
        bits=2,
        lst=lst,
    )
    assert decode_cwt_claims(encode_cwt_claims(made)) == made
    assert decode_jwt_claims(encode_jwt_claims(made)) == made


@given(st.binary(max_size=60))
def test_base64url_is_lossless(octets: bytes) -> None:
    assert decode_base64url(encode_base64url(octets)) == octets


@pytest.mark.parametrize("form", list(TokenForm))
@settings(max_examples=150)
@given(at=st.data(), by=st.binary(max_size=6))
def test_a_damaged_list_is_refused_whatever_was_damaged(
    form: TokenForm, at: st.DataObject, by: bytes
) -> None:
    whole = TOKENS[form]
    start = at.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:start] + by + whole[start + at.draw(st.integers(0, 6)) :]
    try:
        found = verify(damaged, form, signers=SIGNERS)
    except StatusListError:
        return
    # A signature's last character has two spare bits, which say nothing.
    assert found.listed == verify(whole, form, signers=SIGNERS).listed


@pytest.mark.parametrize("form", list(TokenForm))
@settings(max_examples=150)
@given(st.binary(max_size=200))
def test_any_octets_are_a_token_or_a_peers_fault(form: TokenForm, octets: bytes) -> None:
    with suppress(PeerError):
        read_token(octets, form).unverified_claims()


@settings(max_examples=300)
@given(CBOR)
def test_any_cbor_is_a_claims_set_or_a_peers_fault(value: Any) -> None:
    with suppress(PeerError):
        assert decode_cwt_claims(encode_cbor(value)).uri


@settings(max_examples=200)
@given(st.sampled_from(["uri", "issued", "expires", "ttl", "bits", "lst"]))
def test_claims_have_no_printed_form_of_the_statuses(name: str) -> None:
    printed = repr(claims())
    assert (f"{name}=" in printed) is (name != "lst")

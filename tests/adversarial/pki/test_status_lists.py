"""Hostile lists: bombs, forgeries, lists of another place and time, bent envelopes.

The signed ones come from our own signer, so that what is refused is refused for that alone.
"""

import tracemalloc
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import cbor2
import pytest

from cardservice.errors import MalformedDataError
from cardservice.pki.status_list import StatusListError, StatusListFault
from cardservice.pki.status_list_claims import encode_cwt_claims, encode_jwt_claims
from cardservice.pki.status_list_encoding import (
    decode_base64url,
    decode_cbor,
    decode_json,
    encode_base64url,
    encode_cbor,
    encode_json,
)
from cardservice.pki.status_list_tokens import TokenForm
from cardservice.pki.suite import plain_from_der
from tests.unit.pki.office import key
from tests.unit.pki.status_lists import ISSUED, URI, claims, list_signer, signed, verify

MIB = 1 << 20
HEADERS: dict[int, Any] = {
    1: -7,
    16: "application/statuslist+cwt",
    33: list_signer().certificate.der,
}


def fault_of(octets: bytes, form: TokenForm = TokenForm.CWT, **expected: Any) -> StatusListFault:
    with pytest.raises(StatusListError) as caught:
        verify(octets, form, **expected)
    return caught.value.fault


def cwt(
    said: Any = None,
    *,
    headers: dict[Any, Any] | None = None,
    unprotected: Any = None,
    payload: bytes | None = None,
    by: str = "status list",
) -> bytes:
    """Return a COSE_Sign1 with whatever headers and claims, signed as it stands."""
    protected = encode_cbor(HEADERS if headers is None else headers)
    octets = encode_cwt_claims(claims()) if payload is None else payload
    if said is not None:
        octets = encode_cbor(said)
    covered = encode_cbor(["Signature1", protected, b"", octets])
    parts = [protected, unprotected or {}, octets, plain_from_der(key(by).sign(covered))]
    return encode_cbor(cbor2.CBORTag(18, parts))


def said(**changes: Any) -> dict[Any, Any]:
    """Return the claims set as a map with members changed; None takes one out."""
    names: dict[str, Any] = {"sub": 2, "exp": 4, "iat": 6, "ttl": 65534, "status_list": 65533}
    found = dict(decode_cbor(encode_cwt_claims(claims())))
    for name, value in changes.items():
        found[names[name]] = value
    return {label: value for label, value in found.items() if value is not None}


def jwt(header: dict[str, Any] | None = None, payload: bytes | None = None) -> bytes:
    """Return a JWS with members of the header changed, signed as it stands."""
    kept = decode_json(decode_base64url(signed(TokenForm.JWT).split(b".")[0].decode()))
    octets = encode_jwt_claims(claims()) if payload is None else payload
    covered = (
        f"{encode_base64url(encode_json({**kept, **(header or {})}))}.{encode_base64url(octets)}"
    )
    signature = plain_from_der(key("status list").sign(covered.encode()))
    return f"{covered}.{encode_base64url(signature)}".encode()


def test_the_forger_of_these_tests_makes_good_lists_when_nothing_is_bent() -> None:
    assert verify(cwt()).uri == URI
    assert verify(cwt(said())).uri == URI
    assert verify(jwt(), TokenForm.JWT).uri == URI


# bombs


def test_a_bomb_is_refused_after_no_more_memory_than_a_list_may_take() -> None:
    bomb = zlib.compress(bytes(256 * MIB))
    octets = signed(lst=bomb)
    tracemalloc.start()
    try:
        fault = fault_of(octets, most_places=4 * MIB)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert fault is StatusListFault.TOO_LONG
    assert peak < 8 * MIB


def test_a_bomb_that_nobody_signed_is_not_even_inflated(monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: object, **__: object) -> None:
        raise AssertionError("inflated before it was verified")

    monkeypatch.setattr("cardservice.pki.status_list_verifying.inflate", explode)
    assert fault_of(cwt(by="somebody")) is StatusListFault.ALTERED


def test_a_bomb_in_a_bomb_is_one_list_of_its_outer_octets() -> None:
    inner = zlib.compress(bytes(MIB))
    found = verify(signed(lst=zlib.compress(inner)))
    assert found.listed.octets == inner


def test_more_octets_than_a_list_can_have_are_not_even_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def read(*_: object) -> None:
        raise AssertionError("read though too long")

    monkeypatch.setattr("cardservice.pki.status_list_verifying.read_token", read)
    assert fault_of(bytes(MIB), most_places=1024) is StatusListFault.TOO_LONG


@pytest.mark.parametrize(
    "octets",
    [b"\x81" * 5_000, b"\xd8\x12" * 5_000, b"\x9b" + b"\xff" * 8, b"\x5b" + b"\xff" * 8, b"\xbf"],
    ids=["arrays in arrays", "tags in tags", "2⁶⁴ items", "2⁶⁴ octets", "an endless map"],
)
def test_cbor_that_promises_more_than_there_is_is_malformed(octets: bytes) -> None:
    assert fault_of(octets) is StatusListFault.MALFORMED


@pytest.mark.parametrize("payload", [b"[" * 100_000, b'{"exp":' + b"9" * 5_000 + b"}", b"NaN"])
def test_json_that_promises_more_than_there_is_is_malformed(payload: bytes) -> None:
    assert fault_of(jwt(payload=payload), TokenForm.JWT) is StatusListFault.MALFORMED


def test_a_list_whose_lengths_are_left_open_is_malformed() -> None:
    parts = decode_cbor(signed()).value
    opened = b"\xd2\x9f" + b"".join(map(encode_cbor, parts)) + b"\xff"
    closed = b"\xd2\x84" + b"".join(map(encode_cbor, parts))
    assert fault_of(opened) is StatusListFault.MALFORMED
    assert verify(closed).uri == URI


# forgeries


def test_a_list_signed_by_another_key_under_our_signers_certificate_is_altered() -> None:
    assert fault_of(cwt(by="another")) is StatusListFault.ALTERED


@pytest.mark.parametrize("form", list(TokenForm))
def test_the_signature_of_another_list_of_ours_proves_nothing(form: TokenForm) -> None:
    one, other = signed(form), signed(form, ttl=timedelta(minutes=31))
    tail = 64 if form is TokenForm.CWT else 86
    assert fault_of(one[:-tail] + other[-tail:], form) is StatusListFault.ALTERED


def test_a_statement_of_another_type_signed_by_the_same_key_is_no_list() -> None:
    other = cwt(headers={**HEADERS, 16: "x.oms-tc+cwt"})
    assert fault_of(other) is StatusListFault.MALFORMED


@pytest.mark.parametrize(
    "headers",
    [
        {**HEADERS, 1: -8},
        {**HEADERS, 1: 5},
        {**HEADERS, 2: [16]},
        {label: value for label, value in HEADERS.items() if label != 1},
        {label: value for label, value in HEADERS.items() if label != 16},
        {**HEADERS, 33: 7},
        {**HEADERS, 33: [7]},
    ],
    ids=["EdDSA", "HMAC", "crit", "no alg", "no typ", "a number for a chain", "a list of numbers"],
)
def test_headers_that_say_something_else_are_refused(headers: dict[Any, Any]) -> None:
    assert fault_of(cwt(headers=headers)) is StatusListFault.MALFORMED


@pytest.mark.parametrize("unprotected", [{1: -7}, {16: "application/statuslist+cwt"}, {2: [1]}])
def test_a_header_outside_the_signature_counts_for_nothing(unprotected: dict[int, Any]) -> None:
    assert fault_of(cwt(unprotected=unprotected)) is StatusListFault.MALFORMED


def test_a_type_that_only_stands_outside_the_signature_is_no_type() -> None:
    bare = {1: -7, 33: HEADERS[33]}
    octets = cwt(headers=bare, unprotected={16: HEADERS[16]})
    assert fault_of(octets) is StatusListFault.MALFORMED


def test_a_chain_outside_the_signature_or_with_its_issuer_is_taken() -> None:
    bare = {1: -7, 16: HEADERS[16]}
    assert verify(cwt(headers=bare, unprotected={33: HEADERS[33]})).uri == URI
    assert verify(cwt(headers={**HEADERS, 33: [HEADERS[33], b"any"]})).uri == URI


@pytest.mark.parametrize("chain", [[], b"", b"\x30\x00", b"\xff" * 20_000])
def test_a_chain_that_holds_no_certificate_is_refused(chain: Any) -> None:
    fault = fault_of(cwt(headers={**HEADERS, 33: chain}))
    assert fault in {StatusListFault.SIGNER_REFUSED, StatusListFault.MALFORMED}


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": None},
        {"typ": "JWT"},
        {"typ": None},
        {"crit": ["exp"]},
        {"b64": False},
        {"x5c": "MIIB"},
        {"x5c": []},
        {"x5c": [7]},
        {"x5c": ["*"]},
    ],
    ids=str,
)
def test_a_jwt_header_that_says_something_else_is_refused(header: dict[str, Any]) -> None:
    assert fault_of(jwt(header), TokenForm.JWT) is StatusListFault.MALFORMED


def test_an_algorithm_of_none_with_an_empty_signature_proves_nothing() -> None:
    _, payload, _ = signed(TokenForm.JWT).split(b".")
    header = encode_base64url(encode_json({"alg": "none", "typ": "statuslist+jwt"})).encode()
    assert fault_of(b".".join((header, payload, b"")), TokenForm.JWT) is StatusListFault.MALFORMED


# claims


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": None},
        {"sub": 1},
        {"sub": ""},
        {"iat": None},
        {"iat": True},
        {"iat": -1},
        {"iat": 1.5},
        {"iat": 1 << 70},
        {"iat": "0"},
        {"exp": None},
        {"exp": 0},
        {"exp": 1 << 40},
        {"ttl": 0},
        {"ttl": -1},
        {"ttl": "30"},
        {"status_list": None},
        {"status_list": []},
        {"status_list": {"bits": 2}},
        {"status_list": {"lst": b""}},
        {"status_list": {"bits": True, "lst": b""}},
        {"status_list": {"bits": 2, "lst": "eA"}},
        {"status_list": {"bits": 0, "lst": b""}},
    ],
    ids=str,
)
def test_a_signed_list_with_a_claim_out_of_form_is_malformed(changes: dict[str, Any]) -> None:
    assert fault_of(cwt(said(**changes))) is StatusListFault.MALFORMED


@pytest.mark.parametrize("changes", [{"bits": 4}, {"bits": 1}, {"bits": 3}])
def test_a_list_of_another_width_is_never_read_as_one_of_two_bits(changes: dict[str, Any]) -> None:
    assert fault_of(signed(**changes)) is StatusListFault.OTHER_WIDTH


def test_a_list_of_an_earlier_time_does_not_replace_the_known_one_though_it_still_holds() -> None:
    stale = signed(issued=ISSUED - timedelta(hours=1))
    assert verify(stale).issued == ISSUED - timedelta(hours=1)
    assert fault_of(stale, newest_known=ISSUED) is StatusListFault.OLDER


def test_the_list_of_another_number_does_not_stand_in_for_ours() -> None:
    assert fault_of(signed(uri=URI[:-1] + "2")) is StatusListFault.OTHER_LIST


def test_a_claim_that_comes_twice_is_refused_in_both_forms() -> None:
    twice = encode_jwt_claims(claims())[:-1] + b',"sub":"https://other.example"}'
    assert fault_of(jwt(payload=twice), TokenForm.JWT) is StatusListFault.MALFORMED
    octets = encode_cwt_claims(claims())
    more = bytes((octets[0] + 1,)) + octets[1:] + b"\x02\x61x"
    assert fault_of(cwt(payload=more)) is StatusListFault.MALFORMED


@pytest.mark.parametrize("form", list(TokenForm))
def test_a_list_cut_short_anywhere_is_refused(form: TokenForm) -> None:
    whole = signed(form)
    for end in range(0, len(whole), 7):
        assert fault_of(whole[:end], form) in {StatusListFault.MALFORMED, StatusListFault.ALTERED}


@pytest.mark.parametrize(
    ("form", "more"),
    [
        (TokenForm.CWT, b"\x00"),
        (TokenForm.JWT, b"."),
        (TokenForm.JWT, b"\n"),
        (TokenForm.JWT, b"="),
    ],
)
def test_nothing_may_follow_a_list(form: TokenForm, more: bytes) -> None:
    assert fault_of(signed(form) + more, form) is StatusListFault.MALFORMED


@pytest.mark.parametrize("lst", [b"", b"\x00", zlib.compress(b"\x00" * 4)[:-2]])
def test_a_signed_list_whose_stream_is_broken_is_malformed(lst: bytes) -> None:
    assert fault_of(signed(lst=lst)) is StatusListFault.MALFORMED


def test_a_signed_list_without_places_says_nothing_of_any_card() -> None:
    found = verify(signed(lst=zlib.compress(b"")))
    with pytest.raises(StatusListError) as caught:
        found.status_of(0)
    assert caught.value.fault is StatusListFault.NO_SUCH_PLACE


@pytest.mark.parametrize(
    "read", [decode_cbor, decode_json, decode_base64url], ids=["CBOR", "JSON", "base64url"]
)
def test_readers_of_the_encodings_refuse_what_is_none(read: Callable[[Any], Any]) -> None:
    with pytest.raises(MalformedDataError):
        read(b"\xff\xfe")

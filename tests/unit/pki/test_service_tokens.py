"""Tokens of the time and of trust: written and read again, and refused when bent."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cardservice.domain.numbers import Ogrn
from cardservice.errors import AuthenticationError, MalformedDataError, UsageError
from cardservice.pki.service_tokens import (
    MOST_LISTS,
    TIME_TYPE,
    TRUST_TYPE,
    TimeClaims,
    TrustClaims,
    read_service_token,
    sign_time,
    sign_trust,
    time_claims,
    trust_claims,
)
from cardservice.pki.status_list_encoding import decode_base64url, encode_base64url
from tests.unit.pki.office import NOW, START, key, root
from tests.unit.pki.status_lists import list_signer

CLAIMS = TrustClaims(
    issued=NOW,
    expires=NOW + timedelta(hours=96),
    roots=(root().certificate.der,),
    revocations=(b"\x30\x00",),
    statement_keys=((Ogrn("1027739445876"), key("insurer").public_key),),
    lists={1: "https://oms.example.org/statuslists/1"},
)
TIME = {"nonce": "AAAA", "now_ms": 1}
TRUST: dict[str, Any] = {
    "iat": 1,
    "exp": 2,
    "roots": [],
    "revocations": [],
    "statement_keys": [],
    "lists": [],
}
Change = Callable[[dict[str, Any]], object]


def test_a_time_is_read_as_it_was_signed() -> None:
    at = NOW + timedelta(milliseconds=7)
    read = read_service_token(sign_time(list_signer(), nonce="AAAA", at=at), typ=TIME_TYPE)
    read.require_signed()
    assert time_claims(read.said) == TimeClaims("AAAA", at)
    assert read.signer_der == list_signer().certificate.der


def test_trust_is_read_as_it_was_signed() -> None:
    read = read_service_token(sign_trust(list_signer(), CLAIMS), typ=TRUST_TYPE)
    read.require_signed()
    assert trust_claims(read.said) == CLAIMS


def test_no_token_passes_for_one_of_another_type() -> None:
    token = sign_trust(list_signer(), CLAIMS)
    for typ in (TIME_TYPE, "statuslist+jwt", "JWT"):
        with pytest.raises(MalformedDataError):
            read_service_token(token, typ=typ)


def test_a_token_changed_after_signing_is_not_signed() -> None:
    header, _, signature = sign_time(list_signer(), nonce="AAAA", at=NOW).split(".")
    payload = encode_base64url(json.dumps({"nonce": "AAAA", "now_ms": 2}).encode())
    with pytest.raises(AuthenticationError):
        read_service_token(f"{header}.{payload}.{signature}", typ=TIME_TYPE).require_signed()


def test_nothing_is_signed_outside_the_usage_period() -> None:
    early = START - timedelta(seconds=1)
    with pytest.raises(UsageError):
        sign_time(list_signer(), nonce="AAAA", at=early)
    with pytest.raises(UsageError):
        sign_trust(list_signer(), TrustClaims(issued=early, expires=NOW, roots=(), revocations=()))


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"nonce": "AAAA"},
        {**TIME, "now_ms": True},
        {**TIME, "now_ms": 1.5},
        {**TIME, "now_ms": -1},
        {**TIME, "now_ms": 1 << 60},
        {**TIME, "nonce": 7},
    ],
)
def test_a_time_of_another_form_is_malformed(said: dict[str, Any]) -> None:
    with pytest.raises(MalformedDataError):
        time_claims(said)


SPKI = b64encode(b"\x30\x00").decode()
WRONG: list[Any] = [None, {}, "x", [7]]
BENT: list[dict[str, Any]] = [
    *({name: value} for name in TRUST for value in WRONG),
    {"iat": "1"},
    {"exp": 1 << 60},
    {"roots": ["-"]},
    {"lists": [{"number": 1, "uri": "a"}, {"number": 1, "uri": "b"}]},
    {"lists": [{"number": one, "uri": "a"} for one in range(MOST_LISTS + 1)]},
    {"lists": [{"number": 1}]},
    {"lists": [{"number": 1, "uri": "a" * 2_049}]},
    {"statement_keys": [{"insurer": "1027739445875", "spki": SPKI}]},
    {"statement_keys": [{"insurer": "1027739445876"}]},
]


@pytest.mark.parametrize("bent", BENT)
def test_trust_of_another_form_is_malformed(bent: dict[str, Any]) -> None:
    trust_claims(TRUST)
    with pytest.raises(MalformedDataError):
        trust_claims({**TRUST, **bent})


@pytest.mark.parametrize("name", list(TRUST))
def test_no_claim_of_trust_may_be_left_out(name: str) -> None:
    with pytest.raises(MalformedDataError):
        trust_claims({key: value for key, value in TRUST.items() if key != name})


def test_a_claim_that_is_there_twice_is_malformed() -> None:
    token = sign_time(list_signer(), nonce="AAAA", at=NOW)
    header, payload, signature = token.split(".")
    twice = decode_base64url(payload)[:-1] + b',"now_ms":1}'
    with pytest.raises(MalformedDataError):
        read_service_token(f"{header}.{encode_base64url(twice)}.{signature}", typ=TIME_TYPE)

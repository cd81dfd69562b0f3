"""Signed lists in both forms: the draft's own, ours read back, and ours read by another library."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from joserfc import jws
from joserfc.jwk import ECKey

from cardservice.errors import AuthenticationError, MalformedDataError, UsageError
from cardservice.pki.status_list import inflate
from cardservice.pki.status_list_encoding import decode_base64url, decode_json
from cardservice.pki.status_list_tokens import StatusListSigner, TokenForm, read_token
from tests.shared import vectors
from tests.unit.pki.office import key, root
from tests.unit.pki.status_lists import ISSUED, URI, claims, list_signer, lst, signed

VECTORS: Any = vectors("token_status_list")
# draft-ietf-oauth-status-list, section 5.2: the example in CWT format.
DRAFT_CWT = bytes.fromhex(
    "d2845820a2012610781a6170706c69636174696f6e2f7374617475736c6973742b63"
    "7774a1044231325850a502782168747470733a2f2f6578616d706c652e636f6d2f73"
    "74617475736c697374732f31061a648c5bea041a8898dfea19fffe19a8c019fffda2"
    "646269747301636c73744a78dadbb918000217015d584093fa4d01032b18c35e2fe1"
    "101b77fd6cc9440022caa4694450c4e4e9feab4e99d1fa6d9772ce2bf3a12e0323de"
    "d7c982c5e101a5e67f0cbc1e2b6f57ce99c279"
)
DRAFT = {TokenForm.CWT: DRAFT_CWT, TokenForm.JWT: VECTORS["status_list_jwt"].encode("ascii")}
FORMS = list(TokenForm)


def draft_key() -> bytes:
    jwk = VECTORS["signing_key_jwk"]
    x, y = (int.from_bytes(decode_base64url(jwk[name])) for name in "xy")
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("form", FORMS)
def test_the_signed_list_of_the_draft_verifies_and_states_what_it_states(form: TokenForm) -> None:
    token = read_token(DRAFT[form], form)
    token.require_signed_by(draft_key())
    said = token.unverified_claims()
    assert said.uri == "https://example.com/statuslists/1"
    assert said.issued == datetime.fromtimestamp(1686920170, UTC)
    assert said.expires == datetime.fromtimestamp(2291720170, UTC)
    assert said.ttl == timedelta(seconds=43200)
    listed = inflate(said.lst, bits=said.bits, most_octets=2)
    assert listed.octets.hex() == VECTORS["small"][0]["bytes"]
    assert token.signer_der is None


@pytest.mark.parametrize("form", FORMS)
def test_the_signed_list_of_the_draft_does_not_verify_under_another_key(form: TokenForm) -> None:
    with pytest.raises(AuthenticationError):
        read_token(DRAFT[form], form).require_signed_by(key("another").public_key)


@pytest.mark.parametrize("form", FORMS)
def test_what_we_sign_is_read_back_with_its_signer(form: TokenForm) -> None:
    token = read_token(signed(form), form)
    token.require_signed_by(list_signer().key.public_key)
    assert token.unverified_claims() == claims()
    assert token.signer_der == list_signer().certificate.der


@pytest.mark.parametrize("form", FORMS)
def test_a_list_without_a_time_to_live_says_none(form: TokenForm) -> None:
    token = read_token(signed(form, ttl=None), form)
    assert token.unverified_claims().ttl is None


def test_another_library_verifies_our_jwt_and_finds_its_type_and_claims() -> None:
    registry = jws.JWSRegistry(algorithms=["ES256"])
    registry.max_header_length = 4096
    public = ECKey.import_key(_pem(list_signer().certificate.public_key))
    found = jws.deserialize_compact(signed(TokenForm.JWT), public, registry=registry)
    assert found.headers()["typ"] == "statuslist+jwt"
    said = decode_json(found.payload or b"")
    assert said["sub"] == URI
    assert said["iat"] == int(ISSUED.timestamp())
    assert decode_base64url(said["status_list"]["lst"]) == lst()


def _pem(public_key: bytes) -> bytes:
    loaded = load_der_public_key(public_key)
    return loaded.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("form", FORMS)
def test_a_list_of_one_form_is_not_taken_for_the_other(form: TokenForm) -> None:
    other = TokenForm.JWT if form is TokenForm.CWT else TokenForm.CWT
    with pytest.raises(MalformedDataError):
        read_token(signed(form), other)


def test_forms_have_the_media_types_of_the_draft() -> None:
    assert [form.media_type for form in FORMS] == [
        "application/statuslist+cwt",
        "application/statuslist+jwt",
    ]


def test_a_signer_signs_only_while_its_key_may() -> None:
    late = list_signer().usage.end + timedelta(seconds=1)
    with pytest.raises(UsageError):
        list_signer().sign(claims(issued=late, expires=late + timedelta(hours=1)), TokenForm.CWT)


def test_a_signer_with_anothers_key_is_refused() -> None:
    with pytest.raises(UsageError):
        StatusListSigner(list_signer().certificate, root().key)


@pytest.mark.parametrize(
    "changes",
    [{"uri": ""}, {"uri": "u" * 2049}, {"expires": ISSUED}],
    ids=["no URI", "a URI without end", "expired when issued"],
)
def test_claims_that_no_reader_would_take_cannot_be_made(changes: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        claims(**changes)

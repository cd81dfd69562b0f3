"""Programs: API tokens and assertions signed with a key of their own."""

import hmac
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from cardservice.accounts.api_tokens import ApiToken
from cardservice.accounts.assertions import Assertions, RegisteredProgram
from cardservice.accounts.dice import base64url
from cardservice.accounts.rights import Right
from cardservice.accounts.roles import Role
from cardservice.accounts.session import Subject
from cardservice.errors import AuthenticationError, Refusal
from tests.unit.accounts.office import Clock, Office

WEEK = timedelta(days=7)
AUDIENCE = "https://office.example/oauth/token"


def _issue(
    office: Office,
    *,
    label: str = "Desk 1",
    role: Role = Role.CLINIC,
    scopes: frozenset[Right] = frozenset({Right.COVERAGE_ASK}),
    lasts: timedelta = WEEK,
) -> tuple[ApiToken, str]:
    return office.tokens.issue(label, role=role, scopes=scopes, region="00000", lasts=lasts)


def test_a_token_is_recognised_and_only_its_hash_and_prefix_are_kept() -> None:
    office = Office()
    record, token = _issue(office)
    program = office.tokens.recognise(token)
    assert program is not None
    assert program.scopes == {Right.COVERAGE_ASK}
    assert program.subject.roles == {Role.CLINIC}
    assert token.startswith(record.prefix)
    assert len(record.prefix) == 12
    assert token not in repr(record)


def test_an_expired_token_is_nobodys() -> None:
    office = Office()
    _, token = _issue(office)
    office.clock.move(days=7)
    assert office.tokens.recognise(token) is None


def test_a_revoked_token_is_nobodys_at_once() -> None:
    office = Office()
    record, token = _issue(office)
    office.tokens.revoke(record.id)
    office.tokens.revoke(record.id)
    office.tokens.revoke(uuid4())
    assert office.tokens.recognise(token) is None


@pytest.mark.parametrize("token", ["", "epc_", "epc_" + "A" * 43, "x" * 10**5, "epc_\x00"])
def test_what_is_no_token_is_nobodys(token: str) -> None:
    assert Office().tokens.recognise(token) is None


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"role": Role.ADMINISTRATOR, "scopes": frozenset({Right.ACCOUNTS})}, "token-role"),
        ({"scopes": frozenset()}, "token-scopes"),
        ({"scopes": frozenset({Right.PERSON_READ})}, "token-scopes"),
        ({"lasts": timedelta(days=367)}, "token-term"),
        ({"lasts": timedelta(0)}, "token-term"),
        ({"label": ""}, "token-label"),
        ({"label": "a\x00"}, "token-label"),
    ],
)
def test_a_token_beyond_the_rules_is_refused(wish: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as caught:
        _issue(Office(), **wish)
    assert caught.value.code == code


def hs256(claims: dict[str, Any], secret: bytes) -> str:
    """Return a token whose MAC key is what everybody knows; no library makes one any more."""
    head, body = (base64url(json.dumps(one).encode()) for one in ({"alg": "HS256"}, claims))
    return f"{head}.{body}.{base64url(hmac.digest(secret, f'{head}.{body}'.encode(), 'sha256'))}"


class Signer:
    """A station with a key; ``office`` knows the public half."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.key = ECKey.generate_key("P-256")
        subject = Subject(
            id=uuid4(), region="00000", roles=frozenset({Role.STATION}), label="Station 1"
        )
        public = ECKey.import_key(self.key.as_dict(private=False))
        self.program = RegisteredProgram(
            subject=subject, scopes=frozenset({Right.ORDER_MAKE}), key=public
        )
        self.judge = Assertions({"station-1": self.program}, audience=AUDIENCE, clock=self.clock)

    def claims(self, **other: object) -> dict[str, Any]:
        claims = {
            "iss": "station-1",
            "sub": "station-1",
            "aud": AUDIENCE,
            "exp": int(self.clock().timestamp()) + 60,
            "jti": str(uuid4()),
        }
        return {name: one for name, one in (claims | other).items() if one is not None}

    def sign(self, **other: object) -> str:
        return jwt.encode({"alg": "ES256"}, self.claims(**other), self.key)


def test_an_assertion_names_its_program() -> None:
    signer = Signer()
    assert signer.judge.verify(signer.sign()) is signer.program
    assert signer.judge.verify(signer.sign(aud=["other", AUDIENCE])) is signer.program


def test_an_assertion_is_good_once() -> None:
    signer = Signer()
    assertion = signer.sign()
    signer.judge.verify(assertion)
    with pytest.raises(AuthenticationError, match="used already"):
        signer.judge.verify(assertion)


NOW = int(Clock()().timestamp())


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "station-2"},
        {"sub": "station-2"},
        {"aud": "https://other.example"},
        {"aud": None},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"exp": NOW},
        {"exp": NOW + 3600},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 200},
    ],
)
def test_an_assertion_that_is_not_for_us_now_is_refused(claims: dict[str, object]) -> None:
    signer = Signer()
    with pytest.raises(AuthenticationError):
        signer.judge.verify(signer.sign(**claims))


def test_an_assertion_with_another_key_is_refused() -> None:
    signer, thief = Signer(), Signer()
    with pytest.raises(AuthenticationError):
        signer.judge.verify(thief.sign())


def test_the_public_key_is_no_shared_secret() -> None:
    signer = Signer()
    forged = hs256(signer.claims(), signer.program.key.as_pem(private=False))
    with pytest.raises(AuthenticationError):
        signer.judge.verify(forged)


@pytest.mark.parametrize("text", ["", ".", "a.b.c", "é.é.é", "x" * 10_000, "e30.bnVsbA.", "\x00"])
def test_what_is_no_assertion_is_refused(text: str) -> None:
    with pytest.raises(AuthenticationError):
        Signer().judge.verify(text)

"""A desk's assertion is one that the service's own judge takes, once, and for itself alone."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from joserfc.jwk import ECKey

from cardservice.accounts.assertions import Assertions, RegisteredProgram
from cardservice.accounts.session import Subject
from cardservice.desklink.assertions import AssertionKey, public_jwk
from cardservice.errors import AuthenticationError
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.pki.status_list_encoding import decode_base64url

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
AUDIENCE = "https://clinics.example.org/api/v1/token"
KEYS = InsecureMemoryKeyStore(production=False)
KEY = AssertionKey(client_id="desk-1", key=KEYS.generate("assertion-00001"))


def judge(at: datetime = NOW, audience: str = AUDIENCE) -> Assertions:
    subject = Subject(id=UUID(int=1), region="45000", roles=frozenset(), label="desk")
    program = RegisteredProgram(
        subject=subject, scopes=frozenset(), key=ECKey.import_key(dict(public_jwk(KEY.key)))
    )
    return Assertions({"desk-1": program}, audience=audience, clock=lambda: at)


def assertion(identifier: str = "one") -> str:
    return KEY.assertion(audience=AUDIENCE, identifier=identifier, at=NOW)


def test_the_services_judge_takes_it_once() -> None:
    judging, said = judge(), assertion()
    assert judging.verify(said).subject.label == "desk"
    with pytest.raises(AuthenticationError):
        judging.verify(said)


@pytest.mark.parametrize("late", [timedelta(minutes=2), timedelta(minutes=-4)])
def test_it_is_good_for_two_minutes(late: timedelta) -> None:
    with pytest.raises(AuthenticationError):
        judge(NOW + late).verify(assertion())


def test_it_is_for_that_service_alone() -> None:
    with pytest.raises(AuthenticationError):
        judge(audience="https://other.example.org/api/v1/token").verify(assertion())


def test_the_public_key_has_coordinates_of_full_width_and_nothing_private() -> None:
    for number in range(40):
        jwk = public_jwk(InsecureMemoryKeyStore(production=False).generate(f"k{number}"))
        assert set(jwk) == {"kty", "crv", "x", "y"}
        assert {len(decode_base64url(jwk[one])) for one in ("x", "y")} == {32}


def test_the_key_is_not_shown() -> None:
    assert "key" not in repr(KEY)

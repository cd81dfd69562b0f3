"""Programs that prove themselves with a key of their own instead of a token.

Source: RFC 7523, sections 2.2 and 3 (private_key_jwt).
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from cardservice.accounts.dice import Clock
from cardservice.accounts.rights import Right
from cardservice.accounts.session import Subject
from cardservice.errors import AuthenticationError

ALGORITHMS: Final = ("ES256", "PS256", "RS256")
LONGEST: Final = timedelta(minutes=5)  # an assertion is made for one request
MAX_ASSERTION: Final = 8 * 1024  # characters
MAX_IDENTIFIER: Final = 128  # characters of a jti
MAX_SPENT: Final = 100_000  # identifiers kept until they expire; then programs must wait


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredProgram:
    """A program and its public key; no secret is shared."""

    subject: Subject
    scopes: frozenset[Right]
    key: ECKey | RSAKey


class Assertions:
    """Judges assertions; each is good once.

    Args:
        programs: by client id.
        audience: our address, which an assertion must name.
        clock: now.
    """

    def __init__(
        self, programs: Mapping[str, RegisteredProgram], *, audience: str, clock: Clock
    ) -> None:
        self._programs = programs
        self._audience = audience
        self._clock = clock
        self._lock = Lock()
        self._spent: dict[tuple[str, str], datetime] = {}

    def verify(self, assertion: str) -> RegisteredProgram:
        """Return the program that made the assertion.

        Raises:
            AuthenticationError: it did not, or not for us, not now, or not for the first time.
        """
        program, claims = self._signed(assertion)
        client = str(claims.get("iss"))
        if claims.get("sub") != client or not self._names_us(claims.get("aud")):
            raise AuthenticationError("the assertion is for somebody else")
        until, identifier = self._expiry(claims), claims.get("jti")
        if not isinstance(identifier, str) or not 0 < len(identifier) <= MAX_IDENTIFIER:
            raise AuthenticationError("the assertion has no identifier")
        self._spend((client, identifier), until)
        return program

    def _signed(self, assertion: str) -> tuple[RegisteredProgram, dict[str, Any]]:
        if len(assertion) > MAX_ASSERTION:
            raise AuthenticationError("the assertion is too long")
        program = self._programs.get(_unverified_issuer(assertion))
        if program is None:
            raise AuthenticationError("the assertion is not of a registered program")
        try:
            token = jwt.decode(assertion, program.key, algorithms=ALGORITHMS)
        except (JoseError, ValueError, KeyError, TypeError, RecursionError):
            raise AuthenticationError("the assertion is not signed by its program") from None
        return program, dict(token.claims)

    def _names_us(self, audience: object) -> bool:
        return self._audience in (audience if isinstance(audience, list) else [audience])

    def _expiry(self, claims: dict[str, Any]) -> datetime:
        now, expires = self._clock(), claims.get("exp")
        if isinstance(expires, bool) or not isinstance(expires, int | float):
            raise AuthenticationError("the assertion has no term")
        left = expires - now.timestamp()
        if not 0 < left <= LONGEST.total_seconds():
            raise AuthenticationError("the assertion is too old or lasts too long")
        return now + timedelta(seconds=left)

    def _spend(self, key: tuple[str, str], until: datetime) -> None:
        with self._lock:
            now = self._clock()
            for old in [one for one, end in self._spent.items() if end <= now]:
                del self._spent[old]
            # When full, refusing is the safe side: a forgotten identifier could be replayed.
            if key in self._spent or len(self._spent) >= MAX_SPENT:
                raise AuthenticationError("the assertion was used already")
            self._spent[key] = until


def _unverified_issuer(assertion: str) -> str:
    """Return whom an assertion claims to be from; only to look the key up."""
    try:
        body = assertion.split(".")[1]
        claims = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return str(claims["iss"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""

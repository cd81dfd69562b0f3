"""The access token of a desk: asked for with an assertion, kept, renewed before it ends.

Source: RFC 6749, 4.4 and 5.1; RFC 6750, 2.1; RFC 7523, 2.2.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from typing import Final, TypeGuard

from cardservice.desklink.answers import Answer, Members, members_of, not_its_form
from cardservice.desklink.assertions import AssertionKey
from cardservice.desklink.link import Question, ServiceLink

TOKEN_PATH: Final = "/token"  # noqa: S105 - a path, not a token
_ASSERTED: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST: Final = 4_096  # characters of a token
_LONGEST_TERM_S: Final = 3_600
_USED_OF_TERM: Final = 0.8  # then a new one is asked for: what is under way still arrives in time


@dataclass(frozen=True, slots=True)
class _Kept:
    token: str = field(repr=False)
    until: float


class DeskTokens:
    """The access token of one desk; safe for threads and for several links.

    Args:
        key: what the desk proves itself with.
        now: the desk's own time, aware.
        monotonic: seconds that never go back.
        identifier: draws the name of one assertion, never the same.
    """

    def __init__(
        self,
        key: AssertionKey,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        identifier: Callable[[], str],
    ) -> None:
        self._key = key
        self._now, self._monotonic, self._identifier = now, monotonic, identifier
        self._lock = threading.Lock()
        self._kept: _Kept | None = None

    def token(self, link: ServiceLink) -> str:
        """Return a token that is good for some time yet.

        Raises:
            SourceUnavailableError: as ``link.ask``.
            Refusal: ``client-unknown``: the desk was ended, or its clock is far from the truth.
            KeyStoreError: the assertion key cannot be used now.
        """
        with self._lock:
            kept = self._kept
            if kept is not None and self._monotonic() < kept.until:
                return kept.token
            self._kept = None
            asked_at = self._monotonic()
            members = members_of(link.ask(self._question(link)))
            self._kept = _kept_of(members, asked_at)
            return self._kept.token

    def drop(self, token: str) -> None:
        """Forget that token: the service does not take it any more."""
        with self._lock:
            if self._kept is not None and self._kept.token == token:
                self._kept = None

    def ask(self, link: ServiceLink, question: Question) -> Answer:
        """Return the answer to a question that only a desk may ask; raises as ``token``.

        A token that is refused is replaced once: the service may have changed its own key.
        """
        token = self.token(link)
        answer = link.ask(_with_token(question, token))
        if answer.status != HTTPStatus.UNAUTHORIZED:
            return answer
        self.drop(token)
        return link.ask(_with_token(question, self.token(link)))

    def _question(self, link: ServiceLink) -> Question:
        address = link.terms.base + TOKEN_PATH
        assertion = self._key.assertion(
            audience=address, identifier=self._identifier(), at=self._now()
        )
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTED,
            "client_assertion": assertion,
        }
        return Question(method="POST", address=address, form=form)


def _with_token(question: Question, token: str) -> Question:
    return replace(question, headers={**question.headers, "Authorization": f"Bearer {token}"})


def _kept_of(members: Members, asked_at: float) -> _Kept:
    token, term = members.get("access_token"), members.get("expires_in")
    if not _is_token(token) or type(term) is not int or not 0 < term <= _LONGEST_TERM_S:
        raise not_its_form()
    if str(members.get("token_type")).lower() != "bearer":
        raise not_its_form()
    return _Kept(token, asked_at + term * _USED_OF_TERM)


def _is_token(token: object) -> TypeGuard[str]:
    if not isinstance(token, str) or not 0 < len(token) <= _LONGEST:
        return False
    return token.isascii() and token.isprintable() and " " not in token

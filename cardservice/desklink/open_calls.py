"""What anybody may ask the service: enrolment with a code, and what is signed.

Nothing that comes here is believed for having come: times, trust and lists are verified by
``cardservice.desk``, a bundle by ``cardservice.home.enrolment``.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from cardservice.desklink.answers import (
    Answer,
    Members,
    members_of,
    not_its_form,
    octets_of,
    wrong,
)
from cardservice.desklink.link import Question, ServiceLink
from cardservice.desklink.terms import JSON_OCTETS, LIST_OCTETS, TRUST_OCTETS
from cardservice.domain.numbers import parse_okato
from cardservice.errors import Refusal, SourceUnavailableError, UsageError
from cardservice.pki.status_list_cose import CWT_TYPE
from cardservice.pki.status_list_encoding import encode_base64url

NONCE_OCTETS: Final = 32
_LONGEST_NAME: Final = 64  # characters of a desk's or clinic's name
_MOST_RIGHTS: Final = 16
_LONGEST_ID: Final = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a code is for; ``rights`` as the service named them."""

    clinic: str
    desk: str
    rights: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """What a desk is told once; nothing of it is verified.

    Attributes:
        client_id: the service's name for the desk.
        region: OKATO, five digits.
        bundle: the file of a ``DeskBundle``.
        trust: token of whom to trust.
    """

    client_id: str
    clinic: str
    desk: str
    region: str
    bundle: bytes = field(repr=False)
    trust: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedTime:
    """A signed time, not verified; the moments are of the clock that was given."""

    token: str = field(repr=False)
    nonce: str
    sent_at: float
    received_at: float


@dataclass(frozen=True, slots=True)
class Fetched:
    """Something that changed, not verified, and the tag under which it is asked for again."""

    octets: bytes = field(repr=False)
    etag: str | None


class OpenCalls:
    """The calls that need no token.

    Args:
        link: to the service.
        entropy: octets that nobody can foretell.
        monotonic: seconds that never go back: the clock of the desk's proven time.
    """

    def __init__(
        self,
        link: ServiceLink,
        *,
        entropy: Callable[[int], bytes],
        monotonic: Callable[[], float],
    ) -> None:
        self._link, self._entropy, self._monotonic = link, entropy, monotonic

    def preview(self, code: str) -> Preview:
        """Return what a code is for; it is not used up.

        Raises:
            Refusal: ``enrolment-code-wrong``, ``clinic-left``.
            SourceUnavailableError: as every call here: no answer, or none in the service's form.
        """
        members = self._post("/enrolments/previews", {"code": code})
        rights = members.get("rights")
        if not isinstance(rights, list) or not 0 < len(rights) <= _MOST_RIGHTS:
            raise not_its_form()
        return Preview(
            clinic=text_of(members, "clinic", most=_LONGEST_NAME),
            desk=text_of(members, "desk", most=_LONGEST_NAME),
            rights=tuple(str(one) for one in rights),
        )

    def enrol(self, code: str, *, key: Mapping[str, Any], request: bytes) -> Enrolled:
        """Return what the service says to a desk; the same key may ask again for a lost answer.

        Args:
            code: of the desk, good once.
            key: JWK of the assertion key.
            request: the file of a desk's request.

        Raises:
            Refusal: the code, the request or the clinic is not taken.
        """
        said = {"code": code, "key": dict(key), "request": json.loads(request)}
        members = self._post("/enrolments", said)
        try:
            region = parse_okato(text_of(members, "region"))
        except Refusal:
            raise not_its_form() from None
        return Enrolled(
            client_id=text_of(members, "client_id", most=_LONGEST_ID),
            clinic=text_of(members, "clinic", most=_LONGEST_NAME),
            desk=text_of(members, "desk", most=_LONGEST_NAME),
            region=region,
            bundle=file_of(members, "bundle"),
            trust=text_of(members, "trust", most=TRUST_OCTETS),
        )

    def time(self) -> SignedTime:
        """Return the time as the service signs it, in answer to a nonce of our own."""
        nonce = encode_base64url(self._entropy(NONCE_OCTETS))
        sent_at = self._monotonic()
        members = self._post("/time", {"nonce": nonce})
        received_at = self._monotonic()
        token = text_of(members, "time", most=JSON_OCTETS)
        return SignedTime(token=token, nonce=nonce, sent_at=sent_at, received_at=received_at)

    def trust(self, etag: str | None = None) -> Fetched | None:
        """Return the token of whom to trust, ASCII; None: it is still the one of that tag."""
        address = f"{self._link.terms.base}/trust"
        answer = self._link.ask(_get(address, etag, most=TRUST_OCTETS))
        if _is_unchanged(answer, etag):
            return None
        token = text_of(members_of(answer), "trust", most=TRUST_OCTETS)
        if not token.isascii():
            raise not_its_form()
        return Fetched(token.encode("ascii"), answer.etag)

    def status_list(
        self, number: int, uri: str, *, etag: str | None = None, most: int = LIST_OCTETS
    ) -> Fetched | None:
        """Return the octets of a list as CWT; None: it is still the one of that tag.

        It is asked for where its URI says, which may be a network of caches, without our token;
        then at the service itself.

        Args:
            number, uri: of the list, as the trust token has them.
            most: octets; never more than 2 MiB.
        """
        own = f"{self._link.terms.root}/statuslists/{number}.cwt"
        for address in self._elsewhere(f"{uri}.cwt", own):
            try:
                return self._list_at(address, etag, most)
            except SourceUnavailableError as error:
                if self._link.stopped:
                    raise error from None
            except Refusal:
                pass  # not there; the service itself may have it
        return self._list_at(own, etag, most)

    def _elsewhere(self, address: str, own: str) -> tuple[str, ...]:
        if address == own:
            return ()
        try:
            return (self._link.terms.require_usable(address),)
        except UsageError:
            return ()

    def _list_at(self, address: str, etag: str | None, most: int) -> Fetched | None:
        question = _get(address, etag, most=min(most, LIST_OCTETS), whole_s=self._link.terms.list_s)
        answer = self._link.ask(question)
        if _is_unchanged(answer, etag):
            return None
        octets = octets_of(answer)
        if answer.kind != CWT_TYPE:
            raise wrong("has something else where the status list should be")
        return Fetched(octets, answer.etag)

    def _post(self, path: str, body: Members) -> Members:
        question = Question(method="POST", address=self._link.terms.base + path, body=dict(body))
        return members_of(self._link.ask(question))


def text_of(members: Members, name: str, *, most: int = _LONGEST_NAME) -> str:
    """Return a text of an answer, 1 to ``most`` characters that print; raises as every call."""
    value = members.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= most or not value.isprintable():
        raise not_its_form()
    return value


def file_of(members: Members, name: str) -> bytes:
    """Return an object of an answer as the file that it is; raises as every call."""
    value = members.get(name)
    if not isinstance(value, dict):
        raise not_its_form()
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        raise not_its_form() from None


def _get(address: str, etag: str | None, *, most: int, whole_s: float | None = None) -> Question:
    headers = {} if etag is None else {"If-None-Match": etag}
    return Question(method="GET", address=address, headers=headers, most=most, whole_s=whole_s)


def _is_unchanged(answer: Answer, etag: str | None) -> bool:
    """Return whether it is; raises when "unchanged" answers a question that named no tag."""
    if answer.status != HTTPStatus.NOT_MODIFIED:
        return False
    if etag is None:
        raise wrong("says that what it never sent has not changed")
    return True

"""What only an enrolled desk may ask the service."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from cardservice.desk.presentations import Presentation
from cardservice.desk.signed_answers import AnswerProver
from cardservice.desk.substitutes import (
    RegisterUnreachableError,
    SubstituteAnswer,
    SubstituteQuestion,
)
from cardservice.desklink.answers import Members, members_of, not_its_form, wrong
from cardservice.desklink.link import Question, ServiceLink
from cardservice.desklink.open_calls import file_of, text_of
from cardservice.desklink.presentations import card_number_text, read_moment, say_presentation
from cardservice.desklink.terms import JSON_OCTETS
from cardservice.desklink.tokens import DeskTokens
from cardservice.domain.cover import Programme
from cardservice.domain.lives import PolicyState
from cardservice.domain.numbers import Enp, parse_ogrn, parse_okato
from cardservice.domain.register import CardStatus, RegisterAnswer
from cardservice.errors import (
    AuthenticationError,
    MalformedDataError,
    Refusal,
    SourceUnavailableError,
)
from cardservice.pki.keys import KeyStoreError

MOST_PRESENTATIONS: Final = 100


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of presentations: taken now or before, or refused for good, with its code."""

    taken: frozenset[UUID]
    refused: Mapping[UUID, str]


class DeskCalls:
    """The calls that need a token; safe for threads.

    Args:
        link: to the service; the page has one of its own, so that it never waits for a list.
        tokens: may be shared by several links.
        prover: judges what the service signs.
    """

    def __init__(self, link: ServiceLink, tokens: DeskTokens, prover: AnswerProver) -> None:
        self._link, self._tokens, self._prover = link, tokens, prover

    def renew_certificate(self, request: bytes) -> bytes:
        """Return the bundle for a renewal's request, not verified.

        Raises:
            Refusal: ``desk-ended``, ``clinic-left``, ``desk-request-damaged`` and others of
                ``home.terminals.enrol``; ``client-unknown`` as every call here.
            SourceUnavailableError: as every call here: no answer, or none in its form.
            KeyStoreError: as every call here: the assertion key cannot be used.
        """
        return file_of(
            self._post("/terminal-certificates", {"request": json.loads(request)}), "bundle"
        )

    def report(self, presentations: Sequence[Presentation]) -> Taken:
        """Return which of at most 100 presentations the service has now, or never will.

        An id that was not sent makes the whole answer none.
        """
        said = [say_presentation(one) for one in presentations[:MOST_PRESENTATIONS]]
        members = self._post("/presentations", {"presentations": said})
        taken = frozenset(_uuid(one) for one in _list(members, "taken"))
        refused = {_uuid(one.get("id")): _code(one) for one in _objects(members, "refused")}
        sent = {one.id for one in presentations}
        if not taken | refused.keys() <= sent or taken & refused.keys():
            raise wrong("speaks of presentations that it was not told of")
        return Taken(taken, refused)

    def ask_status(self, enp: Enp, card_number: int | None) -> RegisterAnswer:
        """Return what the register says of a policy and a card now, as the service signed it."""
        question: dict[str, Any] = {"enp": enp}
        if card_number is not None:
            question["card_number"] = card_number_text(card_number)
        members = self._proved("status-questions", question)
        try:
            return _status(members)
        except (KeyError, ValueError, TypeError, MalformedDataError):
            raise not_its_form() from None

    def ask_substitute(self, question: SubstituteQuestion) -> SubstituteAnswer:
        """Return what a policy covers here today, signed; recorded once with its reason.

        Raises:
            Refusal: ``not-found``: no such policy, or another birth date; the question's faults.
        """
        members = self._proved(
            "substitutes",
            {
                "id": str(question.id),
                "enp": question.enp,
                "birth_date": question.birth_date.isoformat(),
                "reason": question.reason.value,
            },
        )
        try:
            return _cover(members)
        except (KeyError, ValueError, TypeError, Refusal):
            raise not_its_form() from None

    def _proved(self, asked: str, question: Members) -> Members:
        wanted = self._prover.ask(asked, dict(question))
        members = self._post(f"/{asked}", {**question, "nonce": wanted.nonce})
        try:
            return dict(self._prover.verify(text_of(members, "signed", most=JSON_OCTETS), wanted))
        except (AuthenticationError, MalformedDataError):
            raise wrong("does not prove its answer") from None

    def _post(self, path: str, body: Members) -> Members:
        address = self._link.terms.base + path
        question = Question(method="POST", address=address, body=dict(body))
        return members_of(self._tokens.ask(self._link, question))


class ServiceSubstitutes:
    """The register behind the service: ``desk.substitutes.SubstituteRegister``."""

    def __init__(self, calls: DeskCalls) -> None:
        self._calls = calls

    def ask(self, question: SubstituteQuestion) -> SubstituteAnswer:
        """Return what is known; raises Refusal or RegisterUnreachableError."""
        try:
            return self._calls.ask_substitute(question)
        except (SourceUnavailableError, KeyStoreError) as error:
            raise RegisterUnreachableError(str(error)) from None


class ServiceAnswers:
    """The service as ``desk.knowledge.AskService``: None when it has no answer for this desk.

    Args:
        calls: by a link that keeps nobody waiting for long.
        is_online: while it says no, nothing is asked.
        lost: hears that the service did not answer.
    """

    def __init__(
        self, calls: DeskCalls, *, is_online: Callable[[], bool], lost: Callable[[], None]
    ) -> None:
        self._calls, self._is_online, self._lost = calls, is_online, lost

    def __call__(self, enp: Enp, card_number: int | None) -> RegisterAnswer | None:
        """Return the answer; never raises."""
        if not self._is_online():
            return None
        try:
            return self._calls.ask_status(enp, card_number)
        except SourceUnavailableError:
            self._lost()
        except (KeyStoreError, Refusal):
            pass
        return None


def _status(members: Members) -> RegisterAnswer:
    newest, layer = members["newest_record"], members["trust_layer"]
    if type(layer) is not bool:
        raise TypeError
    return RegisterAnswer(
        newest_record=None if newest is None else read_moment(newest),
        trust_layer=layer,
        card=CardStatus(members["card"]),
        as_of=read_moment(members["as_of"]),
    )


def _cover(members: Members) -> SubstituteAnswer:
    insurer, until, in_force = members["insurer"], members["valid_until"], members["in_force"]
    if type(in_force) is not bool or not isinstance(members["programmes"], list):
        raise TypeError
    return SubstituteAnswer(
        in_force=in_force,
        state=PolicyState(members["state"]),
        valid_until=None if until is None else date.fromisoformat(until),
        insurer=None if insurer is None else parse_ogrn(str(insurer["ogrn"])),
        okato=None if insurer is None else parse_okato(str(insurer["okato"])),
        programmes=frozenset(Programme(one) for one in members["programmes"]),
        asked_on=date.fromisoformat(members["asked_on"]),
    )


def _list(members: Members, name: str) -> list[Any]:
    value = members.get(name, [])
    if not isinstance(value, list) or len(value) > MOST_PRESENTATIONS:
        raise not_its_form()
    return value


def _objects(members: Members, name: str) -> list[Members]:
    found = _list(members, name)
    if not all(isinstance(one, dict) for one in found):
        raise not_its_form()
    return found


def _uuid(value: object) -> UUID:
    try:
        return UUID(value if isinstance(value, str) else "-")
    except ValueError:
        raise not_its_form() from None


def _code(refused: Members) -> str:
    code = refused.get("code")
    if not isinstance(code, str) or not code.isascii() or not code.isprintable():
        raise not_its_form()
    return code

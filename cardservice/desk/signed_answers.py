"""Answers of the service as it signs them: what a desk asks of one before it acts on it.

Without a signature whoever sits on the line, or at the service's address, could call a card good
that a list has blocked. The signer is the lists' own, judged as that of the time: it is no reason
to refuse that its revocation list is stale or missing, since the desk judges its own age by that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from cardservice.domain.verdict import Outcome, Reason
from cardservice.errors import AuthenticationError, MalformedDataError
from cardservice.pki.service_tokens import (
    ANSWER_TYPE,
    LONGEST_ANSWER_TOKEN,
    answer_claims,
    read_service_token,
)
from cardservice.pki.status_list_encoding import encode_base64url
from cardservice.pki.status_list_trust import ListSigners
from cardservice.pki.trust import CLOCK_TOLERANCE, SignerJudgement

NONCE_OCTETS: Final = 16
_LET_PASS: Final = frozenset({Reason.REVOCATIONS_STALE, Reason.REVOCATIONS_UNAVAILABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """One question as it was asked.

    Attributes:
        asked: the route, as ``status-questions``.
        question: its members, without the nonce.
        nonce: base64url, drawn for it alone.
    """

    asked: str
    question: Mapping[str, Any] = field(repr=False)
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerProver:
    """Draws nonces, and judges what comes back.

    Attributes:
        signers: whom the desk believes now.
        now: the desk's own time, aware.
        entropy: octets that nobody can foretell.
    """

    signers: Callable[[], ListSigners]
    now: Callable[[], datetime]
    entropy: Callable[[int], bytes]

    def ask(self, asked: str, question: Mapping[str, Any]) -> AskedQuestion:
        """Return the question with a nonce of its own."""
        nonce = encode_base64url(self.entropy(NONCE_OCTETS))
        return AskedQuestion(asked=asked, question=question, nonce=nonce)

    def verify(self, token: str, asked: AskedQuestion) -> Mapping[str, Any]:
        """Return the answer that the token proves; raises as ``verify_answer``."""
        return verify_answer(token, asked, signers=self.signers(), now=self.now())


def verify_answer(
    token: str, asked: AskedQuestion, *, signers: ListSigners, now: datetime
) -> Mapping[str, Any]:
    """Return the members of the answer that the token proves.

    Args:
        token: from anybody, in answer to ``asked``.
        asked: the question.
        signers: whom the desk believes.
        now: the desk's own time, aware.

    Raises:
        AuthenticationError: nobody believed signed it, or it answers another question, or it is
            of a time to come.
        MalformedDataError: it is no such token.
    """
    if len(token) > LONGEST_ANSWER_TOKEN:
        raise MalformedDataError("an answer token of a length that none has")
    read = read_service_token(token, typ=ANSWER_TYPE)
    claims = answer_claims(read.said)
    _require_trusted(signers.judge(read.signer_der, issued=claims.at, now=now))
    read.require_signed()
    same = (claims.nonce, claims.asked, claims.question)
    if same != (asked.nonce, asked.asked, asked.question):
        raise AuthenticationError("the signed answer is one to another question")
    if claims.at > now + CLOCK_TOLERANCE:
        raise AuthenticationError("the signed answer is of a time to come")
    return claims.answer


def _require_trusted(judged: SignerJudgement) -> None:
    if judged.outcome is Outcome.VALID:
        return
    if judged.outcome is Outcome.INVALID or judged.reason not in _LET_PASS:
        raise AuthenticationError("nobody whom this desk believes signed the answer")

"""A signed answer: one acceptance, and a refusal for each thing that is asked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from cardservice.desk.signed_answers import NONCE_OCTETS, AnswerProver, AskedQuestion, verify_answer
from cardservice.errors import AuthenticationError, MalformedDataError
from cardservice.pki.extensions import POLICY_DOCUMENT_TYPE
from cardservice.pki.service_tokens import (
    ANSWER_TYPE,
    LONGEST_ANSWER_TOKEN,
    AnswerClaims,
    sign_answer,
)
from cardservice.pki.status_list_encoding import encode_json
from cardservice.pki.status_list_jose import write_jws
from cardservice.pki.status_list_tokens import StatusListSigner, TokenForm
from tests.unit.desk.world import NONCE, time_token, trust_token
from tests.unit.pki.office import NOW, START, root
from tests.unit.pki.status_lists import SERIAL, desk, list_signer, signed

QUESTION = {"enp": "0000000000000000", "card_number": "000100000a3f"}
ANSWER = {"card": "active", "newest_record": None, "trust_layer": True}
ASKED = AskedQuestion(asked="status-questions", question=QUESTION, nonce=NONCE)


def answer_token(
    signer: StatusListSigner | None = None, *, at: datetime = NOW, **changes: Any
) -> str:
    said = {"nonce": NONCE, "asked": ASKED.asked, "question": QUESTION, "answer": ANSWER}
    return sign_answer(signer or list_signer(), AnswerClaims(at=at, **{**said, **changes}))


def raw_token(**changes: Any) -> str:
    said = {"nonce": NONCE, "now_ms": 1, "asked": ASKED.asked, "question": {}, "answer": {}}
    signer = list_signer()
    payload = encode_json({**said, **changes})
    return write_jws(payload, signer.certificate.der, signer.key, typ=ANSWER_TYPE).decode()


def test_a_signed_answer_to_this_question_is_believed() -> None:
    assert verify_answer(answer_token(), ASKED, signers=desk(), now=NOW) == ANSWER


def test_a_desk_whose_revocation_list_is_stale_believes_it_too() -> None:
    later = START + timedelta(days=80)
    token = answer_token(at=later)
    assert verify_answer(token, ASKED, signers=desk(), now=later) == ANSWER
    assert verify_answer(answer_token(), ASKED, signers=desk(held=False), now=NOW) == ANSWER


NOT_ITS_FORM: list[Callable[[], str]] = [
    lambda: "",
    lambda: "a.b",
    lambda: "ответ",
    lambda: "a" * (LONGEST_ANSWER_TOKEN + 1),
    time_token,
    trust_token,
    lambda: signed(TokenForm.JWT).decode(),
    lambda: raw_token(answer=[1]),
    lambda: raw_token(question="x"),
    lambda: raw_token(nonce=7),
    lambda: raw_token(asked=None),
    lambda: raw_token(now_ms=True),
    lambda: raw_token(now_ms=1 << 70),
]


@pytest.mark.parametrize("make", NOT_ITS_FORM)
def test_what_is_no_answer_token_is_refused(make: Callable[[], str]) -> None:
    with pytest.raises(MalformedDataError):
        verify_answer(make(), ASKED, signers=desk(), now=NOW)


OTHERS: list[Callable[[], str]] = [
    lambda: answer_token(nonce=NONCE + "A"),
    lambda: answer_token(asked="substitutes"),
    lambda: answer_token(question={**QUESTION, "card_number": "000100000a40"}),
    lambda: answer_token(question={}),
    lambda: answer_token(at=NOW + timedelta(minutes=10)),
    lambda: answer_token(list_signer(root("other"))),
    lambda: answer_token(list_signer(None, POLICY_DOCUMENT_TYPE)),
    lambda: answer_token()[:-8] + "AAAAAAAA",
]


@pytest.mark.parametrize("make", OTHERS)
def test_an_answer_that_proves_nothing_of_this_question_is_refused(
    make: Callable[[], str],
) -> None:
    with pytest.raises(AuthenticationError):
        verify_answer(make(), ASKED, signers=desk(), now=NOW)


def test_a_revoked_signer_proves_no_answer() -> None:
    with pytest.raises(AuthenticationError):
        verify_answer(answer_token(), ASKED, signers=desk(revoked=(SERIAL,)), now=NOW)


def test_each_question_has_a_nonce_of_its_own() -> None:
    drawn = iter(range(2))
    prover = AnswerProver(
        signers=desk, now=lambda: NOW, entropy=lambda count: bytes([next(drawn)]) * count
    )
    first, second = (prover.ask("substitutes", QUESTION) for _ in range(2))
    assert replace(first, nonce=second.nonce) == second
    assert first.nonce != second.nonce
    assert len(first.nonce) * 6 // 8 == NONCE_OCTETS

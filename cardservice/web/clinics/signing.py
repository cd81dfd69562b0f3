"""Answers that the service signs for who asks with a nonce."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from cardservice.web.clinics.app_parts import ClinicService

Nonce = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_-]{22,86}$"),
    Field(
        description="Base64url of 16 to 64 fresh random octets, without padding.",
        examples=["q83vEjRWeJCrze8SNFZ4kA"],
    ),
]
Signed = Annotated[
    str | None,
    Field(
        description="A JWS of type `policycard-answer+jwt` with nonce, question and answer, for "
        "who asked with a nonce."
    ),
]


def signed_answer(
    service: ClinicService, asked: str, question: BaseModel, answer: BaseModel, *, nonce: str
) -> str:
    """Return the answer as a token; raises as ``FreshnessSigner.signer``.

    Args:
        service: whose signer signs.
        asked: the route.
        question: as it was understood; what was left out of it stays out.
        answer: what is told in the clear besides.
        nonce: the question's own.
    """
    return service.signer.answer_token(
        asked,
        question.model_dump(mode="json", exclude={"nonce"}, exclude_none=True),
        answer.model_dump(mode="json", exclude={"signed"}),
        nonce=nonce,
    )

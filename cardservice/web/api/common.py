"""What every route of the API shares: keys, versions, answers, pages, problems."""

import re
from typing import Annotated, Any, Final, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Response
from pydantic import BaseModel, ConfigDict, Field

from cardservice.domain.findings import Severity
from cardservice.errors import CardServiceError
from cardservice.registry.commands import Answer
from cardservice.web.at_once import at_once

API: Final = "/api/v1"
JSON_MAX: Final = 256 * 1024  # octets of a request; an application with 30 documents has 20 KiB
# The digest that the ETag of something read ends with is for If-None-Match alone.
_TAG: Final = re.compile(r'"([1-9][0-9]{0,8})(?:-[0-9a-f]{16})?"', re.ASCII)

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=100,
        pattern=r"^[!-~]+$",
        description="Your name for this command: sent again with the same key it is answered as "
        "before and changes nothing.",
        examples=["0190c6b2-apply-1"],
    ),
]


class VersionNeededError(CardServiceError):
    """A change without ``If-Match``, or with one that is no ETag of ours."""

    def __init__(self) -> None:
        super().__init__('name the version you saw: If-Match: "3"')


def version_of(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description="The ETag you saw, or its version alone; needed (428).",
            examples=['"3"'],
        ),
    ] = None,
) -> int:
    """Return the version that the sender saw.

    Raises:
        VersionNeededError: it is not named (428).
    """
    found = _TAG.fullmatch(if_match or "")
    if found is None:
        raise VersionNeededError
    return int(found[1])


SeenVersion = Annotated[int, Depends(at_once(version_of))]


class Model(BaseModel):
    """A value of the API; unknown members of a request are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)


class Done(Model):
    """What a command came to: ids, states and numbers."""

    id: UUID
    version: int = Field(description="The next change names it: If-Match.")
    state: str | None = None
    number: str | None = None
    made: dict[str, str] = Field(default={}, description="Name → id of what came into being.")


T = TypeVar("T")


class PageOf(Model, Generic[T]):
    """A page of a list; ``next`` is the cursor of the following one, null on the last."""

    items: list[T]
    next: str | None = None


def done(answer: Answer, response: Response) -> Done:
    """Return what a route answers about ``answer``, and set its ETag."""
    response.headers["ETag"] = f'"{answer.version}"'
    return Done(
        id=answer.id,
        version=answer.version,
        state=answer.state,
        number=answer.number,
        made=dict(answer.made),
    )


class FoundFault(BaseModel):
    """What is wrong or doubtful in a field; only an error stands in the way."""

    field: str
    code: str
    sentence: str
    severity: Severity


class Problem(BaseModel):
    """Problem details (RFC 9457); ``code`` and ``findings`` where a rule said no."""

    type: str
    title: str
    status: int
    detail: str | None = None
    code: str | None = None
    field: str | None = None
    findings: list[FoundFault] | None = None


def problems(*statuses: int) -> dict[int | str, Any]:
    """Return the documentation of answers with problem details, those of every route included."""
    every = {400, 401, 403, 409, 412, 413, 421, 422, 428, 429, 503, *statuses}
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {one: {"description": "Problem details", "content": content} for one in sorted(every)}


NOT_FOUND: Final = problems(404)

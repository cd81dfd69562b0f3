"""Answers: ETags, what is not sent twice, and where a new thing is."""

from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Header, Response
from pydantic import BaseModel

from cardservice.registry.commands import Answer
from cardservice.web.api.common import API, Done, done

DIGEST_DIGITS: Final = 16  # hexadecimal digits; 64 bits tell two answers of one address apart
TAGS_MAX: Final = 500  # characters of an If-None-Match

Known = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        max_length=TAGS_MAX,
        description="The ETag of what you have; unchanged, it is not sent again (304).",
    ),
]
"""What the sender has already."""

SEEN: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "It is as you have it."},
}
"""The documentation of a reading route's answers, besides the thing itself."""


def answered(
    value: BaseModel, known: str | None, *, version: int | None = None, name: str | None = None
) -> Response:
    """Return ``value`` as JSON with its ETag, or 304 if the sender has it.

    The ETag is ``"VERSION-DIGEST"`` (``"DIGEST"`` for lists): a change names it or only the
    version, since what hangs on a thing may change while its own version stays.

    Args:
        value: what is shown.
        known: If-None-Match as it was sent.
        version: of the thing itself, for the next change.
        name: of the file, for what a person is to keep.
    """
    body = value.model_dump_json().encode()
    digest = sha256(body).hexdigest()[:DIGEST_DIGITS]
    tag = f'"{digest}"' if version is None else f'"{version}-{digest}"'
    headers = {"ETag": tag}
    if has_tag(known, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if name is not None:
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(body, media_type="application/json", headers=headers)


def created(answer: Answer, response: Response, *, under: str, id_: UUID | None = None) -> Done:
    """Return what a route answers that made something, and set Location and ETag.

    Args:
        answer: of the command.
        response: the one to set headers of.
        under: the plural noun in its address.
        id_: of what was made, if it is not the answer's own.
    """
    response.headers["Location"] = f"{API}/{under}/{id_ or answer.id}"
    return done(answer, response)


def has_tag(known: str | None, tag: str) -> bool:
    """Return whether If-None-Match names ``tag``, compared weakly (RFC 9110, 13.1.2)."""
    tags = (one.strip().removeprefix("W/") for one in (known or "").split(","))
    return any(one in (tag, "*") for one in tags)

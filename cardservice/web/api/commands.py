"""How a command comes in: its key, the version it was made on, and where its answer goes."""

from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from cardservice.registry.commands import Answer
from cardservice.web.api.answers import created
from cardservice.web.api.common import Done, IdempotencyKey, SeenVersion, done
from cardservice.web.at_once import at_once


@dataclass(frozen=True, slots=True)
class Sending:
    """A command that makes something.

    Attributes:
        key: the sender's name for it.
    """

    key: str
    response: Response = field(repr=False)

    def done(self, answer: Answer) -> Done:
        """Return what the route answers; its ETag is set."""
        return done(answer, self.response)

    def created(self, answer: Answer, *, under: str, id_: UUID | None = None) -> Done:
        """Return what the route answers that made ``id_``; its ETag and Location are set."""
        return created(answer, self.response, under=under, id_=id_)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changing(Sending):
    """A command that changes something; ``version`` is the one that was seen."""

    version: int


def _sending(key: IdempotencyKey, response: Response) -> Sending:
    return Sending(key, response)


def _changing(key: IdempotencyKey, version: SeenVersion, response: Response) -> Changing:
    return Changing(key, response, version=version)


Sent = Annotated[Sending, Depends(at_once(_sending))]
Change = Annotated[Changing, Depends(at_once(_changing))]

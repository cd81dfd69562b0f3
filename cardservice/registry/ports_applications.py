"""Applications and the documents that come with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Protocol
from uuid import UUID

from cardservice.registry.ports_base import FIRST, Ask, Json, Page, Versioned, VersionedRows

MOST_COUNTED: Final = 1_000
"""As many applications in a state are counted; so many say: more than anybody can look through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application(Versioned):
    """A wish for a policy, from draft to decision.

    Attributes:
        number: given when it is made; with the birth date it opens the status page.
        birth_date: of the person to be insured, copied from the draft for that page.
        draft: the form as far as it is filled in.
        source: stable name of the row of a table it came from, so that it is taken once.
    """

    number: str
    state: str
    channel: str
    reason: str
    category: str | None = None
    person_id: UUID | None = None
    birth_date: date | None = field(default=None, repr=False)
    draft: Json = field(repr=False)
    due_on: date | None = None
    source: str | None = None
    entered_by: str
    entered_at: datetime
    submitted_at: datetime | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    ground: str | None = None
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Versioned):
    """What a document says of itself, and where its scan is.

    Attributes:
        content_hash: 32 octets, keyed by the installation; names the encrypted file.
        size: octets of the scan in clear.
    """

    application_id: UUID | None = None
    person_id: UUID | None = None
    kind: str
    number: str | None = field(default=None, repr=False)
    issued_on: date | None = None
    issuer: str | None = field(default=None, repr=False)
    expires_on: date | None = None
    content_hash: bytes | None = None
    wrapped_key: bytes | None = field(default=None, repr=False)
    media_type: str | None = None
    size: int | None = None
    uploaded_by: str
    uploaded_at: datetime
    erased_at: datetime | None = None


class Applications(VersionedRows[Application], Protocol):
    """Applications of all regions."""

    def queue(self, region: str, state: str, ask: Ask = FIRST) -> Page[Application]:
        """Return applications in a state, the soonest due first."""
        ...

    def by_number(self, number: str, birth_date: date) -> tuple[Application, ...]:
        """Return what the status page may show to who knows both."""
        ...

    def numbered(self, region: str, number: str) -> Application | None:
        """Return the application with this number, or None; for the office, which needs no more."""
        ...

    def counts(self, region: str) -> Mapping[str, int]:
        """Return state → how many applications are in it, counted up to ``MOST_COUNTED``."""
        ...

    def by_source(self, region: str, source: str) -> Application | None:
        """Return the application made from this row of a table, or None."""
        ...

    def of_person(self, region: str, person_id: UUID) -> tuple[Application, ...]:
        """Return a person's applications, oldest first; at most 200."""
        ...


class Documents(VersionedRows[Document], Protocol):
    """What documents say of themselves; scans lie elsewhere."""

    def of_application(self, region: str, application_id: UUID) -> tuple[Document, ...]:
        """Return the documents of an application, in the order they came."""
        ...

    def of_person(self, region: str, person_id: UUID) -> tuple[Document, ...]:
        """Return the documents of a person, in the order they came."""
        ...

    def with_content(self, content_hash: bytes) -> tuple[Document, ...]:
        """Return documents with this scan; when none is left its file may go."""
        ...

"""Tables of people that employers sent, and what became of each row."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from cardservice.registry.ports_base import (
    FIRST,
    Ask,
    Json,
    Page,
    Record,
    Rows,
    Versioned,
    VersionedRows,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload(Versioned):
    """A table that was sent; taken, known and refused come to ``rows`` when it is done.

    Attributes:
        sender: account id of who sent it.
        name: of the file, as the sender has it.
        content_hash: 32 octets; a table sent again has the same.
        rows: people in the table.
        taken: rows that became applications.
        known: rows that had become applications before.
        refused: rows with something wrong.
    """

    sender: str
    name: str = field(repr=False)
    content_hash: bytes
    state: str
    rows: int
    taken: int = 0
    known: int = 0
    refused: int = 0
    received_at: datetime
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadRow(Record):
    """What became of one row; nothing of what stands in it.

    Attributes:
        number: the row's, as a person counts in the file.
        source: its fingerprint; None where there was too much wrong to make one.
        application_id: what it became.
        findings: a list of ``{"field": …, "code": …}``: what is wrong; of a row that became an
            application, what is doubtful in it.
    """

    upload_id: UUID
    number: int
    source: str | None = None
    application_id: UUID | None = None
    findings: Json


class Uploads(VersionedRows[Upload], Protocol):
    """Tables that were sent."""

    def of_region(self, region: str, ask: Ask = FIRST) -> Page[Upload]:
        """Return the uploads of a region, oldest first."""
        ...

    def of_sender(self, region: str, sender: str, ask: Ask = FIRST) -> Page[Upload]:
        """Return somebody's uploads, oldest first."""
        ...

    def newest(self, region: str, sender: str | None, *, limit: int) -> tuple[Upload, ...]:
        """Return the newest uploads, the newest first; ``sender`` None: of the whole region."""
        ...

    def with_content(self, region: str, sender: str, content_hash: bytes) -> tuple[Upload, ...]:
        """Return a sender's uploads of this content, oldest first; at most 200."""
        ...


class UploadRows(Rows[UploadRow], Protocol):
    """What became of rows."""

    def of_upload(self, region: str, upload_id: UUID, ask: Ask = FIRST) -> Page[UploadRow]:
        """Return the rows of an upload in the order of the file."""
        ...

    def refused_of(self, region: str, upload_id: UUID, ask: Ask = FIRST) -> Page[UploadRow]:
        """Return the rows that became nothing, in the order of the file."""
        ...

    def numbers(
        self, region: str, upload_id: UUID, *, among: Collection[int] | None = None
    ) -> frozenset[int]:
        """Return the numbers of the rows that something became of; ``among``: of these only."""
        ...

    def made_of(self, region: str, sources: Collection[str]) -> Mapping[str, UUID]:
        """Return source → id of the application made from it, for those there are."""
        ...

"""Uploaded tables, and what became of their rows."""

from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select

from cardservice.storage.paging import FIRST, MAX_PAGE, Ask, Page
from cardservice.storage.repositories.base import Rows, Scope, Shape, VersionedRows
from cardservice.storage.rows.uploads import Upload, UploadRow
from cardservice.storage.tables.applications import applications
from cardservice.storage.tables.uploads import upload_rows, uploads

_UPLOAD: Final = Shape(uploads, Upload)
_ROW: Final = Shape(upload_rows, UploadRow)
_WANTED: Final[BindParameter[Any]] = bindparam("wanted", expanding=True)
# Made once: every batch of a table asks with them.
_NUMBERS: Final = select(upload_rows.c.number).where(
    upload_rows.c.region == bindparam("home"), upload_rows.c.upload_id == bindparam("upload")
)
_SOME_NUMBERS: Final = _NUMBERS.where(upload_rows.c.number.in_(_WANTED))
_MADE: Final = select(applications.c.source, applications.c.id).where(
    applications.c.region == bindparam("home"), applications.c.source.in_(_WANTED)
)


class Uploads(VersionedRows[Upload]):
    """Tables that were sent."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _UPLOAD, "upload")

    def of_region(self, region: str, ask: Ask = FIRST) -> Page[Upload]:
        """Return the uploads of a region, oldest first."""
        return self.page(
            self.select().where(uploads.c.region == region), ("received_at", "id"), ask
        )

    def of_sender(self, region: str, sender: str, ask: Ask = FIRST) -> Page[Upload]:
        """Return somebody's uploads, oldest first."""
        theirs = uploads.c.region == region, uploads.c.sender == sender
        return self.page(self.select().where(*theirs), ("received_at", "id"), ask)

    def newest(self, region: str, sender: str | None, *, limit: int) -> tuple[Upload, ...]:
        """Return the newest uploads, the newest first; ``sender`` None: of the whole region."""
        wanted = self.select().where(uploads.c.region == region)
        if sender is not None:
            wanted = wanted.where(uploads.c.sender == sender)
        newest = wanted.order_by(uploads.c.received_at.desc(), uploads.c.id.desc())
        return self.all_of(newest.limit(min(limit, MAX_PAGE)))

    def with_content(self, region: str, sender: str, content_hash: bytes) -> tuple[Upload, ...]:
        """Return a sender's uploads of this content, oldest first; at most 200."""
        table = uploads.c
        same = table.sender == sender, table.content_hash == content_hash
        wanted = self.select().where(table.region == region, *same).order_by(table.id)
        return self.all_of(wanted.limit(MAX_PAGE))


class UploadRows(Rows[UploadRow]):
    """What became of rows."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _ROW, "row of an upload")

    def of_upload(self, region: str, upload_id: UUID, ask: Ask = FIRST) -> Page[UploadRow]:
        """Return the rows of an upload in the order of the file."""
        its = upload_rows.c.region == region, upload_rows.c.upload_id == upload_id
        return self.page(self.select().where(*its), ("number",), ask)

    def refused_of(self, region: str, upload_id: UUID, ask: Ask = FIRST) -> Page[UploadRow]:
        """Return the rows that became nothing, in the order of the file."""
        its = upload_rows.c.region == region, upload_rows.c.upload_id == upload_id
        wanted = self.select().where(*its, upload_rows.c.application_id.is_(None))
        return self.page(wanted, ("number",), ask)

    def numbers(
        self, region: str, upload_id: UUID, *, among: Collection[int] | None = None
    ) -> frozenset[int]:
        """Return the numbers of the rows that something became of; ``among``: of these only."""
        its = {"home": region, "upload": upload_id}
        found = (
            self.scope.connection.execute(_NUMBERS, its)
            if among is None
            else self.scope.connection.execute(_SOME_NUMBERS, {**its, "wanted": list(among)})
        )
        return frozenset(found.scalars())

    def made_of(self, region: str, sources: Collection[str]) -> Mapping[str, UUID]:
        """Return source → id of the application made from it, for those there are."""
        its = {"home": region, "wanted": list(sources)}
        made = self.scope.connection.execute(_MADE, its)
        return {source: id_ for source, id_ in made if source}

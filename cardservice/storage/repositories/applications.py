"""Applications: the clerk's queue, the status page, documents."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam

from cardservice.storage.paging import FIRST, MAX_PAGE, Ask, Page, paged
from cardservice.storage.repositories.base import Scope, Shape, VersionedRows
from cardservice.storage.rows.applications import Application, Document
from cardservice.storage.tables.applications import applications, documents

_APPLICATION: Final = Shape(applications, Application)
_DOCUMENT: Final = Shape(documents, Document)
_BY_DUE: Final = (applications.c.due_on, applications.c.id)
_IN_STATE: Final = _APPLICATION.selected.where(
    applications.c.region == bindparam("home"), applications.c.state == bindparam("wanted")
)
# The page that every clerk looks at all day: its statements are built once.
_QUEUE: Final = {first: paged(_IN_STATE, _BY_DUE, first=first) for first in (True, False)}


class Applications(VersionedRows[Application]):
    """Applications of all regions."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _APPLICATION, "application")

    def queue(self, region: str, state: str, ask: Ask = FIRST) -> Page[Application]:
        """Return applications in a state, the soonest due first; those without a date last."""
        values = {"home": region, "wanted": state}
        return self.page_of(_QUEUE[ask.after is None], _BY_DUE, ask, values)

    def by_number(self, number: str, birth_date: date) -> tuple[Application, ...]:
        """Return what the status page may show to who knows both; mostly one, or none."""
        known = applications.c.number == number, applications.c.birth_date == birth_date
        return self.all_of(self.select().where(*known).limit(MAX_PAGE))

    def by_source(self, region: str, source: str) -> Application | None:
        """Return the application made from this row of a table, or None."""
        made = applications.c.region == region, applications.c.source == source
        found = self.all_of(self.select().where(*made))
        return found[0] if found else None

    def of_person(self, region: str, person_id: UUID) -> tuple[Application, ...]:
        """Return a person's applications, oldest first; at most 200."""
        theirs = applications.c.region == region, applications.c.person_id == person_id
        wanted = self.select().where(*theirs).order_by(applications.c.id)
        return self.all_of(wanted.limit(MAX_PAGE))


class Documents(VersionedRows[Document]):
    """What documents say of themselves; scans lie elsewhere."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _DOCUMENT, "document")

    def of_application(self, region: str, application_id: UUID) -> tuple[Document, ...]:
        """Return the documents of an application, in the order they came."""
        its = documents.c.region == region, documents.c.application_id == application_id
        return self.all_of(self.select().where(*its).order_by(documents.c.id))

    def of_person(self, region: str, person_id: UUID) -> tuple[Document, ...]:
        """Return the documents of a person, in the order they came."""
        theirs = documents.c.region == region, documents.c.person_id == person_id
        return self.all_of(self.select().where(*theirs).order_by(documents.c.id))

    def with_content(self, content_hash: bytes) -> tuple[Document, ...]:
        """Return documents with this scan; when none is left its file may go. At most 200."""
        same = documents.c.content_hash == content_hash
        return self.all_of(self.select().where(same).limit(MAX_PAGE))

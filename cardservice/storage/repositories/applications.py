"""Applications: the clerk's queue, the status page, documents."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Select, bindparam, func, literal, select, union_all

from cardservice.domain.lives import ApplicationState
from cardservice.registry.ports_applications import MOST_COUNTED
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
_NUMBERED: Final = _APPLICATION.selected.where(
    applications.c.region == bindparam("home"), applications.c.number == bindparam("wanted")
)
_BY_SOURCE: Final = _APPLICATION.selected.where(
    applications.c.region == bindparam("home"), applications.c.source == bindparam("wanted")
)
_OF_PERSON: Final = (
    _APPLICATION.selected.where(
        applications.c.region == bindparam("home"),
        applications.c.person_id == bindparam("wanted"),
    )
    .order_by(applications.c.id)
    .limit(MAX_PAGE)
)
# The page that every clerk looks at all day: its statements are built once.
_QUEUE: Final = {first: paged(_IN_STATE, _BY_DUE, first=first) for first in (True, False)}


def _count(state: ApplicationState) -> Select[str, int]:
    some = (
        select(applications.c.id)
        .where(applications.c.region == bindparam("home"), applications.c.state == state.value)
        .limit(MOST_COUNTED)
        .subquery()
    )
    return select(literal(state.value).label("state"), func.count().label("counted")).select_from(
        some
    )


_COUNTS: Final = union_all(*map(_count, ApplicationState))


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

    def numbered(self, region: str, number: str) -> Application | None:
        """Return the application with this number, or None; for the office, which needs no more."""
        found = self.all_of(_NUMBERED, {"home": region, "wanted": number})
        return found[0] if found else None

    def counts(self, region: str) -> dict[str, int]:
        """Return state → how many applications are in it, counted up to ``MOST_COUNTED``.

        The index alone is read, and of each state no more than that, however many there are.
        """
        records = self.scope.connection.execute(_COUNTS, {"home": region})
        return {one.state: one.counted for one in records}

    def by_source(self, region: str, source: str) -> Application | None:
        """Return the application made from this row of a table, or None."""
        found = self.all_of(_BY_SOURCE, {"home": region, "wanted": source})
        return found[0] if found else None

    def of_person(self, region: str, person_id: UUID) -> tuple[Application, ...]:
        """Return a person's applications, oldest first; at most 200."""
        return self.all_of(_OF_PERSON, {"home": region, "wanted": person_id})


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

"""The register's cards as the status list reads them: streamed, in one reading transaction."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, exists, func, select

from cardservice.domain.lives import CardState
from cardservice.registry.status_lists import NOT_MADE, Mark
from cardservice.storage.engine import Database
from cardservice.storage.tables.audit import audit_entries
from cardservice.storage.tables.making import card_numbers, cards

_AT_ONCE: Final = 200  # ids in one statement
_STREAMED: Final = 10_000  # rows fetched together
_LISTED: Final = ("card", "order")
"""What entries of the log are about when they can change a card's status: a lease of an order
gives out a place, everything else is written about the card."""


class RegisterRows:
    """``StatusRows`` of the office's database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def marks(self) -> Mapping[str, Mark]:
        """Return region → the newest entry of its audit log."""
        log = audit_entries.c
        newest = select(log.region, func.max(log.number).label("number")).group_by(log.region)
        last = newest.subquery()
        its = (log.region == last.c.region) & (log.number == last.c.number)
        found = select(log.region, log.number, log.hash).join(last, its)
        return {region: Mark(number, hash_) for region, number, hash_ in self._rows(found)}

    def knows(self, region: str, mark: Mark) -> bool:
        """Say whether the region's log has that very entry."""
        log = audit_entries.c
        its = select(log.hash).where(log.region == region, log.number == mark.number)
        return self._connection.execute(its).scalar() == mark.hash

    def not_active(self) -> Iterator[tuple[int, str | None]]:
        """Yield every card that is not active, and every place given out that has no card."""
        its = select(cards.c.number, cards.c.state).where(cards.c.state != CardState.ACTIVE.value)
        for number, state in self._rows(its):
            yield number, state
        for (number,) in self._rows(select(card_numbers.c.number).where(~_has_card())):
            yield number, NOT_MADE

    def touched(self, region: str, after: int) -> Iterator[int]:
        """Yield the numbers of the cards and orders that later entries are about."""
        log = audit_entries.c
        wanted = select(log.subject_kind, log.subject_id).distinct()
        wanted = wanted.where(log.region == region, log.number > after)
        wanted = wanted.where(log.subject_kind.in_(_LISTED))
        subjects = iter(self._connection.execute(wanted).all())
        while batch := list(islice(subjects, _AT_ONCE)):
            ids = {
                kind: [UUID(one.subject_id) for one in batch if one[0] == kind] for kind in _LISTED
            }
            yield from self._numbers_of(cards.c, "id", region, ids["card"])
            yield from self._numbers_of(card_numbers.c, "order_id", region, ids["order"])

    def states(self, numbers: Iterable[int]) -> Iterator[tuple[int, str | None]]:
        """Yield the states of the cards with those numbers, and places without a card."""
        wanted = sorted(numbers)
        if not wanted:
            return
        made = select(cards.c.number, cards.c.state).where(cards.c.number.in_(wanted))
        for number, state in self._connection.execute(made).all():
            yield number, state
        given = select(card_numbers.c.number).where(card_numbers.c.number.in_(wanted))
        for (number,) in self._connection.execute(given.where(~_has_card())).all():
            yield number, NOT_MADE

    def _numbers_of(self, table: Any, by: str, region: str, ids: list[UUID]) -> Iterator[int]:
        if ids:
            its = select(table.number).where(table.region == region, table[by].in_(ids))
            yield from self._connection.execute(its).scalars().all()

    def _rows(self, wanted: Select[Any]) -> Iterator[Any]:
        return iter(self._connection.execute(wanted.execution_options(yield_per=_STREAMED)))


@contextmanager
def register_rows(database: Database) -> Iterator[RegisterRows]:
    """Lend the register's rows; all that is read until the end is of one moment."""
    with database.reading_tables() as connection:
        yield RegisterRows(connection)


def _has_card() -> ColumnElement[bool]:
    return exists().where(cards.c.number == card_numbers.c.number)

"""From a row of a table to a policy order, or to everything that is wrong with the row.

Source: domain.md, "Rules with teeth"; the columns are those of the demonstration table.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Concatenate, ParamSpec, TypeVar, cast

from cardservice.domain import order_columns as columns
from cardservice.domain.enp import disagreements
from cardservice.domain.holder import Holder
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.order_columns import Column, Row
from cardservice.domain.orders import Contact, IdentityDocument, PolicyOrder
from cardservice.errors import Refusal

P = ParamSpec("P")
T = TypeVar("T")


class RowRefused(Refusal):
    """A row is no policy order; ``refusals`` are all its faults, not only the first.

    ``code``, ``sentence`` and ``field`` are those of the first.
    """

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        first = refusals[0]
        super().__init__(first.code, first.sentence, field=first.field)
        self.refusals = tuple(refusals)


class RowJudgement:
    """One row under judgement: applies rules to it and keeps what they refuse."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self.refusals: list[Refusal] = []

    def take(self, rule: Callable[Concatenate[Row, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what ``rule`` reads; when it refuses, that is kept and nothing good returned."""
        try:
            return rule(self._row, *args, **kwargs)
        except Refusal as refusal:
            self.refusals.append(refusal)
            # Nobody looks at it: a single refusal is enough for no order to leave this file.
            return cast("T", None)

    def require_good(self) -> None:
        """Do nothing if no rule refused anything; raises RowRefused with all that was."""
        if self.refusals:
            raise RowRefused(self.refusals)


def parse_row(row: Row, *, today: date) -> PolicyOrder:
    """Return the order that one row asks for.

    Args:
        row: column name → cell, as typed; a column that is not there counts as empty, one
            that is not ours is ignored.
        today: the day on which the row is judged.

    Raises:
        RowRefused: something is wrong with it; all of it is named.
    """
    judgement = RowJudgement(row)
    order = _order(judgement, today)
    judgement.require_good()
    return order


def _order(judgement: RowJudgement, today: date) -> PolicyOrder:
    take = judgement.take
    return PolicyOrder(
        holder=_holder(judgement, today),
        category=take(columns.card_category),
        document=_document(judgement),
        contact=Contact(
            address=take(columns.note, Column.ADDRESS),
            phone=take(columns.note, Column.PHONE),
            email=take(columns.note, Column.EMAIL),
        ),
        insurance=InsurancePeriod(
            ogrn=take(columns.ogrn),
            okato=take(columns.okato),
            start_date=take(columns.insurance_start, today),
        ),
        channel=take(columns.channel),
    )


def _holder(judgement: RowJudgement, today: date) -> Holder:
    take = judgement.take
    return Holder(
        surname=take(columns.name, Column.SURNAME),
        given_name=take(columns.name, Column.GIVEN_NAME),
        patronymic=take(columns.optional_name, Column.PATRONYMIC),
        sex=take(columns.sex),
        birth_date=take(columns.birth_date, today),
        birth_place=take(columns.birth_place),
        citizenship=take(columns.citizenship),
        snils=take(columns.snils),
        enp=take(columns.enp),
    )


def _document(judgement: RowJudgement) -> IdentityDocument | None:
    kind = judgement.take(columns.note, Column.DOCUMENT_TYPE)
    number = judgement.take(columns.note, Column.DOCUMENT_NUMBER)
    return IdentityDocument(kind=kind, number=number) if kind and number else None


def warnings_of(order: PolicyOrder) -> tuple[str, ...]:
    """Return what in a good order a person should look at again, in plain words."""
    holder = order.holder
    found = disagreements(holder.enp, birth_date=holder.birth_date, sex=holder.sex)
    if order.insurance.start_date < holder.birth_date:
        found += ("The insurance begins before the person's birth.",)
    return found

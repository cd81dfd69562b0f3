"""Reading applications: the status page, the clerk's queue, what is due, one as a whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.application import Application as Draft
from cardservice.domain.lives import ApplicationState, OrderState
from cardservice.domain.terms import Standing, standing
from cardservice.registry.actor import Actor
from cardservice.registry.applications import KIND, draft_of
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Act, Office
from cardservice.registry.ports_applications import Application, Document
from cardservice.registry.ports_base import FIRST, Ask, Page
from cardservice.registry.ports_making import Order
from cardservice.registry.ports_policies import TemporaryCertificate

_DUE: Final = (ApplicationState.SUBMITTED, ApplicationState.DOCUMENTS_NEEDED)
# From arrival on a card waits for its person, not for us.
_MAKING: Final = (
    OrderState.QUEUED,
    OrderState.LEASED,
    OrderState.SPOILED,
    OrderState.PERSONALIZED,
    OrderState.IN_DELIVERY,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What who knows the number and the birth date may see.

    Attributes:
        words: what is needed, or why it was refused.
        orders: the states of its orders, oldest first.
    """

    state: str
    due_on: date | None
    standing: Standing | None
    words: str | None = field(repr=False)
    orders: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """A line of the queue: nothing of the person."""

    id: UUID
    number: str
    version: int
    state: str
    channel: str
    reason: str
    category: str | None
    due_on: date | None
    standing: Standing | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ApplicationFile:
    """An application as a clerk sees it."""

    application: Application
    draft: Draft
    documents: tuple[Document, ...]
    certificates: tuple[TemporaryCertificate, ...]
    orders: tuple[Order, ...]


def status_of(office: Office, *, number: str, birth_date: date) -> Status:
    """Return the status of an application, without anybody signed in.

    Raises:
        Refusal: ``not-found``, the same whether the number or the date is wrong.
    """
    with office.database.reading() as work:
        found = work.applications.by_number(number.strip().upper(), birth_date)
        if not found:
            raise not_found(KIND)
        one = found[0]
        orders = work.orders.of_application(one.region, one.id)
    return Status(
        state=one.state,
        due_on=one.due_on,
        standing=_standing(office, one.due_on, one.state),
        words=one.ground,
        orders=tuple(order.state for order in orders),
    )


def queue(
    office: Office, actor: Actor, *, region: str, state: ApplicationState, ask: Ask = FIRST
) -> Page[QueueLine]:
    """Return applications in a state, the soonest due first; raises ``role-not-allowed``."""
    actor.require(Right.APPLICATION_READ)
    with office.database.reading() as work:
        page = work.applications.queue(region, state.value, ask)
    return Page(rows=tuple(_line(office, one) for one in page.rows), after=page.after)


def queue_counts(office: Office, actor: Actor, *, region: str) -> Mapping[ApplicationState, int]:
    """Return how many applications are in each state, counted up to ``MOST_COUNTED``.

    Raises:
        Refusal: ``role-not-allowed``.
    """
    actor.require(Right.APPLICATION_READ)
    with office.database.reading() as work:
        counts = work.applications.counts(region)
    return {one: counts[one.value] for one in ApplicationState}


def find_application(office: Office, actor: Actor, *, region: str, number: str) -> QueueLine:
    """Return the application with this number, without anything of its person.

    The office needs no birth date: it sees the whole queue, and opening one is recorded.

    Raises:
        Refusal: ``not-found``, ``role-not-allowed``.
    """
    actor.require(Right.APPLICATION_READ)
    with office.database.reading() as work:
        found = work.applications.numbered(region, number.strip().upper())
    if found is None:
        raise not_found(KIND)
    return _line(office, found)


def applications_due(
    office: Office, actor: Actor, *, region: str, state: ApplicationState, ask: Ask = FIRST
) -> Page[QueueLine]:
    """Return what is overdue or nearly, the longest overdue first; raises ``role-not-allowed``."""
    page = queue(office, actor, region=region, state=state, ask=ask)
    late = tuple(one for one in page.rows if one.standing not in (None, Standing.IN_TIME))
    # They are sorted by it: after the first in time there is no other.
    return Page(rows=late, after=page.after if len(late) == len(page.rows) else None)


def orders_due(
    office: Office, actor: Actor, *, region: str, state: OrderState, ask: Ask = FIRST
) -> Page[tuple[Order, Standing]]:
    """Return orders overdue or nearly, the longest overdue first; raises ``role-not-allowed``.

    An order that arrived is none: it waits for its person.
    """
    actor.require(Right.ORDER_READ)
    if state not in _MAKING:
        return Page(rows=(), after=None)
    with office.database.reading() as work:
        page = work.orders.queue(region, state.value, ask)
    late = tuple(_late(office, page.rows))
    return Page(rows=late, after=page.after if len(late) == len(page.rows) else None)


def view_application(
    office: Office, actor: Actor, *, region: str, application_id: UUID
) -> ApplicationFile:
    """Return one application as a whole; the look at its person is recorded.

    Raises:
        Refusal: ``not-found``, ``role-not-allowed``.
    """

    def read(act: Act) -> ApplicationFile:
        actor.require(Right.APPLICATION_READ)
        found = act.work.applications.get(region, application_id)
        act.look_at_application(found, actor.ground or f"{KIND}/{found.id}")
        return ApplicationFile(
            application=found,
            draft=draft_of(found),
            documents=act.work.documents.of_application(region, found.id),
            certificates=act.work.certificates.of_application(region, found.id),
            orders=act.work.orders.of_application(region, found.id),
        )

    return office.look(actor, region, read)


def _line(office: Office, one: Application) -> QueueLine:
    return QueueLine(
        id=one.id,
        number=one.number,
        version=one.version,
        state=one.state,
        channel=one.channel,
        reason=one.reason,
        category=one.category,
        due_on=one.due_on,
        standing=_standing(office, one.due_on, one.state),
    )


def _standing(office: Office, due_on: date | None, state: str) -> Standing | None:
    if due_on is None or state not in _DUE:
        return None
    days = office.settings.rules.warning_days.value
    return standing(due_on, office.today, warning_days=days)


def _late(office: Office, orders: tuple[Order, ...]) -> Iterator[tuple[Order, Standing]]:
    days = office.settings.rules.warning_days.value
    for one in orders:
        if one.due_on is not None:
            where = standing(one.due_on, office.today, warning_days=days)
            if where is not Standing.IN_TIME:
                yield one, where

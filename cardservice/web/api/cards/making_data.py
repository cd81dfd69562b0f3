"""What a station needs to make a card or to write a record, read for as long as it has the order.

Documents and contacts stay with the office, for nothing of them goes onto a card.
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from cardservice.domain.holder import Category, Sex
from cardservice.errors import Refusal
from cardservice.personalization.jobs import Work as CardWork
from cardservice.registry.frame import Act
from cardservice.registry.policies_insurers import newest
from cardservice.registry.ports_people import Person
from cardservice.registry.ports_policies import Policy, PolicyInsurer
from cardservice.registry.stations import expect_lease
from cardservice.web.api.common import Model
from cardservice.web.office.asking import Asking

_KIND: Final = "order"
_NOT_LEASED: Final = "lease-not-yours"


class HolderToMake(Model):
    """The person as they go onto the card."""

    enp: str
    surname: str
    given_name: str
    patronymic: str | None
    sex: Sex
    birth_date: date
    birth_place: str | None
    citizenship_code: str | None
    citizenship_name: str | None
    snils: str | None


class InsuranceToMake(Model):
    """Who insures from when on; what the insurer record of the card says."""

    ogrn: str
    okato: str
    start_date: date
    end_date: date | None


class OrderToMake(Model):
    """An order that the asking station has leased.

    ``card_number``: of the card that there is and that the work is done to; ``new_card_number``:
    list number and index for EF.CardID of a new card; ``valid_until``: last day of the policy,
    null: unlimited.
    """

    id: UUID
    version: int
    leased_until: datetime | None
    due_on: date | None
    making: CardWork
    card_number: int | None
    new_card_number: int | None
    holder: HolderToMake
    category: Category
    insurance: InsuranceToMake | None
    valid_until: date | None


def order_to_make(asking: Asking, order_id: UUID) -> OrderToMake:
    """Return what a station needs to do an order; the look at its person is recorded.

    Raises:
        Refusal: ``lease-not-yours``, ``not-found``.
    """

    def read(act: Act) -> OrderToMake:
        order = act.work.orders.get(act.region, order_id)
        expect_lease(act, order)
        policy = act.work.policies.get(act.region, order.policy_id)
        person = act.work.people.get(act.region, policy.person_id)
        act.look(person.id, f"{_KIND}/{order.id}")
        period = newest(act.work.insurers.of_policy(act.region, policy.id))
        card = None if order.card_id is None else act.work.cards.get(act.region, order.card_id)
        return OrderToMake(
            id=order.id,
            version=order.version,
            leased_until=order.leased_until,
            due_on=order.due_on,
            making=CardWork(order.work),
            card_number=None if card is None else card.number,
            new_card_number=order.new_card_number,
            holder=_holder(person, policy),
            category=Category(person.category),
            insurance=None if period is None else _insurance(period),
            valid_until=policy.valid_until,
        )

    return asking.office.look(asking.actor, asking.region, read)


def order_to_make_if_leased(asking: Asking, order_id: UUID) -> OrderToMake | None:
    """Return what ``order_to_make`` does, or None if the order is not this station's any more."""
    try:
        return order_to_make(asking, order_id)
    except Refusal as refusal:
        if refusal.code != _NOT_LEASED:
            raise
        return None


def _holder(person: Person, policy: Policy) -> HolderToMake:
    return HolderToMake(
        enp=policy.enp,
        surname=person.surname,
        given_name=person.given_name,
        patronymic=person.patronymic,
        sex=Sex(person.sex),
        birth_date=person.birth_date,
        birth_place=person.birth_place,
        citizenship_code=person.citizenship_code,
        citizenship_name=person.citizenship_name,
        snils=person.snils,
    )


def _insurance(period: PolicyInsurer) -> InsuranceToMake:
    return InsuranceToMake.model_validate(period)

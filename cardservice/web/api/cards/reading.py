"""Cards as they are looked up: by id, by number, and one's own."""

from typing import Final
from uuid import UUID

from cardservice.domain.lives import ApplicationState
from cardservice.domain.roles import Role
from cardservice.errors import Refusal
from cardservice.registry.errors import not_found
from cardservice.registry.ports_making import Card
from cardservice.web.api.applications.reading import own_id
from cardservice.web.office.asking import Asking

_KIND: Final = "card"


def view_card(asking: Asking, card_id: UUID) -> Card:
    """Return a card; raises Refusal ``not-found``, or ``role-not-allowed`` for an applicant."""
    _expect_staff(asking)
    with asking.office.database.reading() as work:
        return work.cards.get(asking.region, card_id)


def card_of_number(asking: Asking, number: int) -> Card:
    """Return the card of one's own region with that list number and index; raises as above."""
    _expect_staff(asking)
    with asking.office.database.reading() as work:
        found = [one for one in work.cards.by_number(number) if one.region == asking.region]
    if not found:
        raise not_found(_KIND)
    return found[0]


def own_cards(asking: Asking) -> tuple[Card, ...]:
    """Return the cards of the person whose application was signed in to, oldest first."""
    region = asking.region
    with asking.office.database.reading() as work:
        application = work.applications.find(region, own_id(asking))
        # Until it is approved nobody has seen whose application it is: anybody may type a name.
        if application is None or application.state != ApplicationState.APPROVED:
            return ()
        if application.person_id is None:
            return ()
        policies = work.policies.of_person(region, application.person_id)
        return tuple(card for one in policies for card in work.cards.of_policy(region, one.id))


def _expect_staff(asking: Asking) -> None:
    # An applicant may end a card of theirs; which other ids and numbers there are, nobody tells.
    if asking.actor.role is Role.APPLICANT:
        raise Refusal("role-not-allowed", "One's own cards: /own-application/cards")

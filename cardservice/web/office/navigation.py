"""What stands in the bar of every page: where one may go."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from cardservice.accounts.rights import Right


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the bar; ``title`` is English and a key of the catalogs."""

    address: str
    title: str
    right: Right


PLACES: Final = (
    Place("/application", "My application", Right.APPLICATION_OWN),
    Place("/office/queue", "Applications", Right.APPLICATION_READ),
    Place("/office/enter", "Enter an application", Right.APPLICATION_ENTER),
    Place("/office/people", "People", Right.PERSON_READ),
    Place("/office/delivery", "Delivery", Right.DELIVERY),
    Place("/office/hand-over", "Hand-over", Right.CARD_HAND_OVER),
    Place("/office/uploads", "Tables of people", Right.APPLICATION_UPLOAD),
    Place("/office/orders", "Orders", Right.STATISTICS),
    Place("/office/complaints", "Complaints", Right.COMPLAINT_ANSWER),
    Place("/office/places", "Places", Right.PLACE_EDIT),
    Place("/office/erasures", "Erasure of a person's data", Right.PERSON_ERASE),
    Place("/office/signs", "Signs of abuse", Right.ABUSE),
    Place("/office/audit", "Audit log", Right.AUDIT_READ),
    Place("/office/accounts", "Accounts", Right.ACCOUNTS),
)
VISITORS: Final = (
    Place("/apply", "Apply for a policy", Right.OPEN),
    Place("/status", "Where is my policy?", Right.OPEN),
    Place("/lost", "Report a lost card", Right.OPEN),
    Place("/places", "Places of issue", Right.OPEN),
    Place("/organisations", "Clinics", Right.OPEN),
    Place("/complaint", "Complaint", Right.OPEN),
)


def places_for(may: Callable[[Right], bool] | None) -> Iterator[Place]:
    """Yield where someone may go; None: a visitor."""
    if may is None:
        yield from VISITORS
        return
    yield from (one for one in PLACES if may(one.right))

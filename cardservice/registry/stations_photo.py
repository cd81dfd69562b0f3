"""The photo that goes onto a new card, for the station that makes it."""

from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.applications import draft_of
from cardservice.registry.frame import Act, Office
from cardservice.registry.ports_applications import Document
from cardservice.registry.ports_making import Order
from cardservice.registry.stations import expect_lease


def photo_of_order(office: Office, actor: Actor, *, region: str, order_id: UUID) -> Document:
    """Return the holder's photo, a document whose scan there is; the look is recorded.

    Raises:
        Refusal: ``no-photo``: the application has none, or it was erased; ``lease-not-yours``;
            ``not-found``, ``role-not-allowed``.
    """

    def read(act: Act) -> Document:
        act.actor.require(Right.ORDER_MAKE)
        order = act.work.orders.get(act.region, order_id)
        expect_lease(act, order)
        found = _photo(act, order)
        policy = act.work.policies.get(act.region, order.policy_id)
        act.look(policy.person_id, f"order/{order.id}")
        return found

    return office.look(actor, region, read)


def _photo(act: Act, order: Order) -> Document:
    applied = order.application_id
    named = None if applied is None else draft_of(act.work.applications.get(act.region, applied))
    if applied is not None and named is not None and named.photo is not None:
        for one in act.work.documents.of_application(act.region, applied):
            # One that was erased keeps its row and has no scan any more.
            if str(one.id) == named.photo and one.content_hash is not None:
                return one
    raise Refusal("no-photo", "There is no photo for the card of this order.")

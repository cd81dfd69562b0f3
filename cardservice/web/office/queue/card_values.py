"""What is printed on the card of an order, from the register; the look is recorded."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.errors import Refusal
from cardservice.papers.values import CardFace
from cardservice.policycard.photo import Photo
from cardservice.printing.portrait_apart import fit_portrait_apart
from cardservice.registry.applications import draft_of
from cardservice.registry.frame import Act
from cardservice.registry.policies_insurers import newest
from cardservice.registry.ports_making import Order
from cardservice.uploads.scans import ScanKind
from cardservice.web.office.asking import Asking
from cardservice.web.office.queue.paper_values import insurer_named, kept_person
from cardservice.web.office.queue.papers import papers_of
from cardservice.web.office.typed import id_of

KIND: Final = "order"
_PICTURES: Final = frozenset({ScanKind.JPEG.value, ScanKind.PNG.value})


def card_face(asking: Asking, order_id: UUID, *, number: str, can: str) -> CardFace:
    """Return what is printed on the card of an order.

    Args:
        asking: who wants to see it.
        order_id: the order.
        number: of the card; ``can``: its PACE password, both as the station read them.

    Raises:
        Refusal: ``not-found``, ``role-not-allowed``, ``papers-missing``.
    """
    known = papers_of(asking.parts).insurer

    def read(act: Act) -> tuple[CardFace, str | None]:
        act.actor.require(Right.ORDER_READ)
        order = act.work.orders.get(act.region, order_id)
        policy = act.work.policies.get(act.region, order.policy_id)
        person = act.work.people.get(act.region, policy.person_id)
        period = newest(act.work.insurers.of_policy(act.region, policy.id))
        act.look(person.id, f"{KIND}/{order.id}")
        face = CardFace(
            person=kept_person(person, policy.enp),
            insurer=insurer_named(known, period.ogrn, period.okato) if period else known,
            card_number=number,
            can=can,
            valid_until=policy.valid_until,
        )
        return face, _photo_address(act, order)

    face, address = asking.office.look(asking.actor, asking.region, read)
    return face if address is None else _with_photo(asking, face, address)


def _with_photo(asking: Asking, face: CardFace, address: str) -> CardFace:
    octets = b"".join(asking.parts.vault.read(address))
    return replace(face, photo=printed_photo(octets))


def printed_photo(octets: bytes) -> Photo | None:
    """Return a picture out of the vault as a card shows it; None if it cannot be.

    Whoever sent it is a stranger: a process apart decodes it.
    """
    try:
        return fit_portrait_apart(octets)
    except Refusal:
        return None


def _photo_address(act: Act, order: Order) -> str | None:
    if order.application_id is None:
        return None
    application = act.work.applications.find(act.region, order.application_id)
    document_id = id_of(draft_of(application).photo or "") if application else None
    document = act.work.documents.find(act.region, document_id) if document_id else None
    if document is None or document.application_id != order.application_id:
        return None
    is_picture = document.media_type in _PICTURES and document.content_hash is not None
    return document.content_hash.hex() if document.content_hash and is_picture else None

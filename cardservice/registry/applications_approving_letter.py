"""What an applicant is told when their application is approved: what comes next, where, by when."""

from typing import Final

from cardservice.domain.categories import card_eligibility
from cardservice.domain.holder import Category
from cardservice.domain.reasons import ApplyReason
from cardservice.registry.delivery import where_is
from cardservice.registry.frame import Act
from cardservice.registry.outbox_values import Template
from cardservice.registry.ports_applications import Application
from cardservice.registry.ports_people import Person
from cardservice.registry.ports_places import Place

_DAY_FORM: Final = "%d.%m.%Y"  # as letters write a day


def tell_approval(act: Act, approved: Application, person: Person, *, place: Place | None) -> bool:
    """Put the letter into the outbox, in this transaction; return whether there is one.

    Args:
        act: the approval.
        approved: as it is to be kept.
        person: whose policy it is; the letter goes to their address.
        place: where the card, or the paper, can be had; None: not known yet.
    """
    until = (approved.due_on or act.today).strftime(_DAY_FORM)
    said = {"application": approved.number, "until": until}
    template = _template(act, approved, person, at_place=place is not None)
    if place is not None and template is not Template.APPROVED_CHANGE:
        said["place"] = where_is(place)
    return act.notify(template, said, email=person.email, phone=person.phone)


def _template(act: Act, approved: Application, person: Person, *, at_place: bool) -> Template:
    if approved.reason == ApplyReason.INSURER_CHANGE:
        return Template.APPROVED_CHANGE
    if card_eligibility(Category(person.category), act.settings.rules).may_have:
        return Template.APPROVED_CARD_AT if at_place else Template.APPROVED_CARD
    return Template.APPROVED_PAPER_AT if at_place else Template.APPROVED_PAPER

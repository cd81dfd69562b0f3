"""Approving an application: the person, the policy, the card and the certificate in one act."""

from dataclasses import dataclass, replace
from uuid import UUID

from cardservice.accounts.four_eyes import Act as SecondPersonAct
from cardservice.accounts.rights import Right
from cardservice.domain.application_order import order_of
from cardservice.domain.categories import card_eligibility
from cardservice.domain.findings import Finding, has_errors
from cardservice.domain.lives import ApplicationEvent
from cardservice.domain.numbers import Enp
from cardservice.domain.reasons import ApplyReason, effect_of
from cardservice.errors import Refusal
from cardservice.personalization.jobs import Work as CardWork
from cardservice.registry.actor import Actor
from cardservice.registry.applications import draft_of, get, keep, moved
from cardservice.registry.applications_approving_letter import tell_approval
from cardservice.registry.applications_finding import Record
from cardservice.registry.applications_person import make_person, update_person
from cardservice.registry.applications_policy import (
    PolicyWish,
    insure_as_wished,
    open_policy,
    present_policy,
)
from cardservice.registry.applications_submitting import Judged, day_of, judged
from cardservice.registry.certificates import give, serving
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.errors import FindingsRefusal, not_found
from cardservice.registry.frame import Act, Office
from cardservice.registry.policies_orders import (
    CardWish,
    card_in_use,
    end_lost_cards,
    order_card,
    will_have_record,
)
from cardservice.registry.ports_applications import Application
from cardservice.registry.ports_people import Person
from cardservice.registry.ports_policies import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveApplication(OfficeCommand):
    """Grant what is applied for.

    Attributes:
        enp: the policy number that the federal register gave, for a person without one here.
        person_id: who of the similar persons it is for, when the records leave that open.
        new_person: it is for none of them; the approver has compared.
        place_id: where the card is to be handed over.
    """

    application_id: UUID
    version: int
    enp: str = ""
    person_id: UUID | None = None
    new_person: bool = False
    place_id: UUID | None = None


def approve(office: Office, actor: Actor, command: ApproveApplication) -> Answer:
    """Return the approved application; ``made`` names person, policy, order and certificate.

    Its applicant is told what comes next.

    Raises:
        FindingsRefusal: ``form-has-errors``: something does not hold any more.
        Refusal: ``not-found``, ``stale``, ``role-not-allowed``, ``state-application-…``,
            ``second-person-needed``, ``person-undecided``, ``policy-elsewhere``,
            ``policy-exists``, ``policy-closed``, ``enp-needed``, ``enp-differs``, ``enp-taken``.
    """
    return office.carry_out(actor, command, _approve)


def _approve(act: Act, command: ApproveApplication) -> Answer:
    act.actor.require(Right.APPLICATION_DECIDE)
    found = get(act, command.application_id, command.version)
    place = act.work.places.get(act.region, command.place_id) if command.place_id else None
    state = moved(act, found, ApplicationEvent.APPROVE)
    act.settings.four_eyes.require_second(
        SecondPersonAct.APPROVE_APPLICATION, first=found.entered_by, second=act.actor.name
    )
    draft, record = draft_of(found), _record(act, command, _judged(act, found))
    filed_on = day_of(found.submitted_at or act.now, act.settings)
    wish = PolicyWish(draft=draft, filed_on=filed_on, enp=command.enp.strip(" "))
    person, policy = _insured(act, wish, record)
    approved = replace(
        found,
        state=state,
        person_id=person.id,
        decided_by=act.actor.name,
        decided_at=act.now,
    )
    made = {"person": str(person.id), "policy": str(policy.id)}
    end_lost_cards(act, policy, draft.ground.cause)
    made |= _card(act, command, approved, policy) | _certificate(act, approved)
    tell_approval(act, approved, person, place=place)
    given = keep(act, approved, "application.approve", **made)
    return replace(given, made=made)


def _judged(act: Act, found: Application) -> Judged:
    # By the day it was filed: that it lay here does not make it late.
    filed_on = day_of(found.submitted_at or act.now, act.settings)
    judgement = judged(act.work, found, act.settings, on=filed_on)
    if has_errors(judgement.findings):
        raise FindingsRefusal(judgement.findings)
    return judgement


def _record(act: Act, command: ApproveApplication, judgement: Judged) -> Record | None:
    """Return the person it is for; None: a new one."""
    same, maybe = judgement.records.same, judgement.records.maybe
    if command.person_id is not None:
        chosen = (one for one in (*same, *maybe) if one.person.id == command.person_id)
        record = next(chosen, None)
        if record is None:
            raise not_found("similar person")
    elif len(same) == 1:
        record = same[0]
    elif same or (maybe and not command.new_person):
        sentence = "There are persons who may be this one; say which, or that it is none of them."
        raise Refusal("person-undecided", sentence, field="person_id")
    else:
        record = None
    if record is not None and record.person.region != act.region:
        sentence = "The policy of this person is kept in another region."
        raise Refusal("policy-elsewhere", sentence)
    return record


def _insured(act: Act, wish: PolicyWish, record: Record | None) -> tuple[Person, Policy]:
    if record is None:
        person = make_person(act, wish.draft)
        return person, open_policy(act, wish, person)
    policy = present_policy(record, wish)
    person = update_person(act, record.person, wish.draft)
    if policy is None:
        return person, open_policy(act, wish, person)
    if wish.draft.reason is ApplyReason.INSURER_CHANGE:
        insure_as_wished(act, wish, policy)
    return person, policy


def _card(
    act: Act, command: ApproveApplication, approved: Application, policy: Policy
) -> dict[str, str]:
    draft = draft_of(approved)
    category, reason = draft.person.category, draft.reason
    if category is None or reason is None:
        raise FindingsRefusal([Finding("reason", "reason-missing", "The reason is missing.")])
    if not card_eligibility(category, act.settings.rules).may_have:
        return {}
    card = None
    if effect_of(reason, draft.ground.cause).new_card:
        # What a station will need is looked for now, while somebody can still ask for it.
        start, rules = act.today, act.settings.rules
        order_of(draft, enp=Enp(policy.enp), insurance_start=start, rules=rules)
    else:
        card = card_in_use(act, policy)
        if card is None or will_have_record(act, policy):
            return {}
    wish = CardWish(
        application_id=approved.id,
        due_on=approved.due_on,
        place_id=command.place_id,
        card_id=card.id if card else None,
        work=CardWork.CHANGE_INSURER if card else CardWork.NEW_CARD,
    )
    order_id = order_card(act, policy, wish)
    return {"order": str(order_id)}


def _certificate(act: Act, approved: Application) -> dict[str, str]:
    # Who changes the insurer holds a policy that serves meanwhile.
    is_change = approved.reason == ApplyReason.INSURER_CHANGE.value
    if is_change or any(serving(act, approved.id)):
        return {}
    return {"certificate": str(give(act, approved).id)}

"""From an approved application to the policy: opened once, and its number never changed."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from cardservice.domain.application import Application as Draft
from cardservice.domain.categories import validity
from cardservice.domain.enp import SERIAL_WIDTH, demonstration_number
from cardservice.domain.holder import Category, Sex
from cardservice.domain.lives import POLICY
from cardservice.domain.numbers import Enp, parse_enp
from cardservice.domain.reasons import ApplyReason
from cardservice.domain.required_documents import stay_until
from cardservice.errors import Refusal
from cardservice.registry.applications_finding import Record
from cardservice.registry.frame import MOST_DRAWS, Act
from cardservice.registry.policies_insurers import FIRST_INSURER, KIND, insure, insurer_reason
from cardservice.registry.ports_people import Person
from cardservice.registry.ports_policies import Policy

_SERIAL_OCTETS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyWish:
    """What an approved application wants.

    Attributes:
        filed_on: the day it was filed.
        enp: the number as the federal register gave it, or empty: then the draft's.
    """

    draft: Draft
    filed_on: date
    enp: str = field(default="", repr=False)

    @property
    def number(self) -> str:
        """The policy number given; empty: none was."""
        return self.enp or self.draft.person.enp.strip(" ")


def open_policy(act: Act, wish: PolicyWish, person: Person) -> Policy:
    """Keep and return a new policy, with the insurer applied to.

    Raises:
        Refusal: ``enp-needed``, ``enp-taken`` or what ``parse_enp`` and ``validity`` say.
    """
    number = _number(act, wish, person)
    if act.work.policies.by_enp(number) is not None:
        raise Refusal("enp-taken", "Another person has this policy number.", field="enp")
    category = Category(person.category)
    good = validity(
        category,
        stay_until=stay_until(category, wish.draft.documents),
        start=act.today,
        rules=act.settings.rules,
    )
    policy = Policy(
        region=act.region,
        id=act.new_id(),
        person_id=person.id,
        enp=number,
        state=POLICY.initial.value,
        opened_on=act.today,
        valid_until=good.until,
        created_at=act.now,
    )
    act.work.policies.add(policy)
    act.record("policy.open", KIND, policy.id, person=str(person.id))
    insure_as_wished(act, wish, policy)
    return policy


def present_policy(record: Record, wish: PolicyWish) -> Policy | None:
    """Return the policy that the person has; None: they have none that is open.

    Raises:
        Refusal: ``policy-exists``: a first one was applied for; ``enp-differs``: another number
            was given; ``policy-closed``: theirs was closed, and nobody gets a second number.
    """
    present = record.open_policies
    if not present and record.policies:
        sentence = "The person's policy was closed; it is for the register to open it again."
        raise Refusal("policy-closed", sentence)
    if not present:
        return None
    if wish.draft.reason is ApplyReason.FIRST_POLICY:
        sentence = "This person has a policy already; it stays the same for life."
        raise Refusal("policy-exists", sentence, field="reason")
    given = wish.number or present[0].enp
    if given != present[0].enp:
        sentence = "The person has a policy with another number; it never changes."
        raise Refusal("enp-differs", sentence, field="enp")
    return present[0]


def insure_as_wished(act: Act, wish: PolicyWish, policy: Policy) -> None:
    """Add the insurer applied to."""
    draft, ground = wish.draft, wish.draft.ground.change_ground
    is_change = draft.reason is ApplyReason.INSURER_CHANGE
    reason = insurer_reason(ground, wish.filed_on) if is_change and ground else FIRST_INSURER
    ogrn, okato = draft.insurer_ogrn.strip(" "), draft.okato.strip(" ")
    insure(act, policy, ogrn=ogrn, okato=okato, reason=reason)


def _number(act: Act, wish: PolicyWish, person: Person) -> Enp:
    if wish.number:
        return parse_enp(wish.number)
    if not act.settings.draws_policy_numbers:
        sentence = "The policy number that the federal register gave is missing."
        raise Refusal("enp-needed", sentence, field="enp")
    for _ in range(MOST_DRAWS):
        serial = int.from_bytes(act.office.draw(_SERIAL_OCTETS)) % 10**SERIAL_WIDTH
        drawn = demonstration_number(person.birth_date, Sex(person.sex), serial)
        if act.work.policies.by_enp(drawn) is None:
            return drawn
    raise Refusal("numbers-used-up", "No free number was found; try again.")

"""What a clinic asks before it bills: is a policy in force, who insures, what is covered here.

Of the person nothing is told; who asks knows number and birth date already.

Source: domain.md, "What a clinic asks" and "Rules with teeth", 8.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from hmac import compare_digest, digest
from typing import Final
from uuid import UUID

from cardservice.desk.presentations import Substitute
from cardservice.domain.cover import Programme, programmes_here
from cardservice.domain.lives import PolicyState
from cardservice.domain.numbers import parse_enp, parse_okato
from cardservice.domain.roles import Role
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.errors import NOT_FOUND, key_reused, not_found
from cardservice.registry.frame import Act, Office
from cardservice.registry.ports import Work
from cardservice.registry.ports_clinics import ClinicDesk, SubstituteQuestion
from cardservice.registry.ports_policies import Policy, PolicyInsurer

_LOOK: Final = "coverage"
_SUBSTITUTE: Final = "substitute"
_KIND: Final = "policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageQuestion:
    """The number of a policy, the birth date of who shows it, and the region of the clinic."""

    enp: str = field(repr=False)
    birth_date: date = field(repr=False)
    okato: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InsurerNow:
    """Who insures today: OGRN and the region of the policy."""

    ogrn: str
    okato: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Whether a policy is in force today, who insures, and which programmes pay here.

    Attributes:
        programmes: empty while it is not in force, or nobody insures.
    """

    in_force: bool
    state: PolicyState
    valid_until: date | None
    insurer: InsurerNow | None
    programmes: tuple[Programme, ...]
    asked_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstituteAsk:
    """A desk asks the register because no chip could be asked.

    Attributes:
        id: drawn at the desk; it is written down once, however often it is sent.
    """

    id: UUID
    enp: str = field(repr=False)
    birth_date: date = field(repr=False)
    reason: Substitute


def ask_coverage(
    office: Office, actor: Actor, question: CoverageQuestion, *, reason: str = _LOOK
) -> Coverage:
    """Return what a policy covers today; the look at the person is recorded with ``reason``.

    Raises:
        Refusal: ``enp-…``; ``not-found``: a wrong number and a wrong date are answered alike.
    """
    policy = _policy(office, question.enp)
    # The look belongs to the person's own region, where they are told of it.
    return office.look(actor, policy.region, lambda act: _covered(act, policy, question, reason))


def record_substitute(
    office: Office, desk: ClinicDesk, ask: SubstituteAsk, *, key: bytes
) -> Coverage:
    """Return what a policy covers where the desk is; why no chip was asked is written down.

    The same id is written down once, and is one question: else it could ask for everybody.

    Args:
        key: 32 octets, the installation's; for hashes of what was asked.

    Raises:
        Refusal: ``key-reused``: the id belongs to another question; and as ``ask_coverage``.
    """
    question = CoverageQuestion(enp=ask.enp, birth_date=ask.birth_date, okato=desk.region)
    asked = _question_hash(desk, ask, key)
    with office.database.reading() as kept:
        told = kept.substitutes.told(desk.region, desk.id, ask.id)
    if told is not None:
        if not compare_digest(told.question_hash, asked):
            raise key_reused()
        return _again(office, question)
    try:
        found = ask_coverage(office, Actor(desk.id, Role.CLINIC), question, reason=_SUBSTITUTE)
    except Refusal as refusal:
        if refusal.code == NOT_FOUND:
            _write_down(office, desk, ask, asked)
        raise
    _write_down(office, desk, ask, asked)
    return found


def in_force(policy: Policy, day: date) -> bool:
    """Return whether a policy is in force on a day."""
    is_over = policy.valid_until is not None and policy.valid_until < day
    return policy.state == PolicyState.ACTIVE and policy.opened_on <= day and not is_over


def insurer_on(history: Iterable[PolicyInsurer], day: date) -> PolicyInsurer | None:
    """Return the period of insurance that a day lies in, None if it lies in none."""
    return next(
        (
            one
            for one in history
            if one.start_date <= day and (one.end_date is None or day <= one.end_date)
        ),
        None,
    )


def _policy(office: Office, enp: str) -> Policy:
    wanted = parse_enp(enp)
    with office.database.reading() as kept:
        found = kept.policies.by_enp(wanted)
    if found is None:
        raise not_found(_KIND)
    return found.policy


def _covered(act: Act, policy: Policy, question: CoverageQuestion, reason: str) -> Coverage:
    found = _coverage(act.work, policy, question, act.today)
    act.look(policy.person_id, reason)
    return found


def _again(office: Office, question: CoverageQuestion) -> Coverage:
    policy = _policy(office, question.enp)
    with office.database.reading() as kept:
        return _coverage(kept, policy, question, office.today)


def _coverage(kept: Work, policy: Policy, question: CoverageQuestion, today: date) -> Coverage:
    if kept.people.get(policy.region, policy.person_id).birth_date != question.birth_date:
        raise not_found(_KIND)
    period = insurer_on(kept.insurers.of_policy(policy.region, policy.id), today)
    is_good = in_force(policy, today)
    return Coverage(
        in_force=is_good,
        state=PolicyState(policy.state),
        valid_until=policy.valid_until,
        insurer=None if period is None else _insurer(period),
        programmes=_programmes(period, question.okato) if is_good and period else (),
        asked_on=today,
    )


def _insurer(period: PolicyInsurer) -> InsurerNow:
    # A column of fixed width fills a short value up with blanks.
    return InsurerNow(ogrn=period.ogrn.strip(" "), okato=period.okato.strip(" "))


def _programmes(period: PolicyInsurer, here: str) -> tuple[Programme, ...]:
    okato = parse_okato(period.okato.strip(" "))
    return tuple(sorted(programmes_here(okato, parse_okato(here))))


def _question_hash(desk: ClinicDesk, ask: SubstituteAsk, key: bytes) -> bytes:
    said = f"{desk.id}/{parse_enp(ask.enp)}/{ask.birth_date.isoformat()}/{ask.reason.value}"
    return digest(key, said.encode(), sha256)


def _write_down(office: Office, desk: ClinicDesk, ask: SubstituteAsk, asked: bytes) -> None:
    row = SubstituteQuestion(
        region=desk.region,
        id=office.new_id(),
        desk_id=desk.id,
        source_id=ask.id,
        question_hash=asked,
        reason=ask.reason.value,
        at=office.clock(),
    )

    def keep(kept: Work) -> None:
        if kept.substitutes.told(desk.region, desk.id, ask.id) is None:
            kept.substitutes.add(row)

    office.database.transaction(keep, region=desk.region)

"""Desks of clinics, what they told, signs of abuse, and how a card and its policy stand."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
)

from cardservice.domain.lives import CardState
from cardservice.domain.register import CardStatus, RegisterAnswer
from cardservice.storage.paging import FIRST, MAX_PAGE, Ask, Page
from cardservice.storage.repositories.base import Rows, Scope, Shape, VersionedRows
from cardservice.storage.rows.clinics import (
    AbuseSign,
    CardStanding,
    ClinicDesk,
    DeskTerminal,
    EnrolmentCode,
    KeptPresentation,
    SubstituteQuestion,
)
from cardservice.storage.rows.policies import Policy
from cardservice.storage.tables.clinics import (
    abuse_signs,
    clinic_desks,
    desk_terminals,
    enrolment_codes,
    presentations,
    substitutes,
)
from cardservice.storage.tables.making import cards
from cardservice.storage.tables.places import medical_organisations
from cardservice.storage.tables.policies import policies, policy_numbers

MOST_NEAR: Final = 1000  # presentations that one batch is compared with
_DESK: Final = Shape(clinic_desks, ClinicDesk)
_TERMINAL: Final = Shape(desk_terminals, DeskTerminal)
_CODE: Final = Shape(enrolment_codes, EnrolmentCode)
_PRESENTATION: Final = Shape(presentations, KeptPresentation)
_SUBSTITUTE: Final = Shape(substitutes, SubstituteQuestion)
_SIGN: Final = Shape(abuse_signs, AbuseSign)
_POLICY: Final = Shape(policies, Policy)


class ClinicDesks(VersionedRows[ClinicDesk]):
    """Desks of all clinics."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _DESK, "desk")

    def by_client(self, client_id: str) -> ClinicDesk | None:
        """Return the desk of any region with this client id, or None."""
        found = self.all_of(self.select().where(clinic_desks.c.client_id == client_id))
        return found[0] if found else None

    def by_holders(self, holders: Collection[str]) -> tuple[ClinicDesk, ...]:
        """Return the desks of any region with these references, ended ones too."""
        return self.all_of(self.select().where(clinic_desks.c.holder.in_(holders)))

    def of_region(self, region: str, ask: Ask = FIRST) -> Page[ClinicDesk]:
        """Return the desks of a region, oldest first, ended ones too."""
        return self.page(self.select().where(clinic_desks.c.region == region), ("id",), ask)

    def of_organisation(self, region: str, organisation_id: UUID) -> tuple[ClinicDesk, ...]:
        """Return a clinic's desks, oldest first, ended ones too; at most 200."""
        return self.all_of(self._its(region, organisation_id))

    def going_on(self, region: str, organisation_id: UUID) -> tuple[ClinicDesk, ...]:
        """Return a clinic's desks that have not ended, oldest first; at most 200."""
        return self.all_of(
            self._its(region, organisation_id).where(clinic_desks.c.ended_at.is_(None))
        )

    def left_behind(self, region: str, before: date) -> tuple[ClinicDesk, ...]:
        """Return desks that go on at clinics whose last day was before ``before``; at most 200."""
        desk, clinic = clinic_desks.c, medical_organisations.c
        its = (clinic.region == desk.region) & (clinic.id == desk.organisation_id)
        wanted = self.select().join(medical_organisations, its)
        over = desk.region == region, desk.ended_at.is_(None), clinic.left_on < before
        return self.all_of(wanted.where(*over).order_by(desk.id).limit(MAX_PAGE))

    def _its(self, region: str, organisation_id: UUID) -> Select[Any]:
        its = clinic_desks.c.region == region, clinic_desks.c.organisation_id == organisation_id
        return self.select().where(*its).order_by(clinic_desks.c.id).limit(MAX_PAGE)


class DeskTerminals(VersionedRows[DeskTerminal]):
    """What the terminals of clinics' desks were given."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _TERMINAL, "terminal")

    def by_holder(self, holder: str) -> DeskTerminal | None:
        """Return what the terminal of these references was given, in any region, or None."""
        found = self.all_of(self.select().where(desk_terminals.c.holder == holder))
        return found[0] if found else None

    def going_on(self, clinic: str, desk: str) -> tuple[DeskTerminal, ...]:
        """Return those of desks of this name at clinics of that name, ended ones not."""
        table = desk_terminals.c
        its = table.clinic == clinic, table.desk == desk, table.ended_at.is_(None)
        return self.all_of(self.select().where(*its).limit(MAX_PAGE))


class EnrolmentCodes(VersionedRows[EnrolmentCode]):
    """Codes to enrol desks with."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _CODE, "enrolment code")

    def by_hash(self, code_hash: bytes) -> EnrolmentCode | None:
        """Return the code of any region with this hash, or None."""
        found = self.all_of(self.select().where(enrolment_codes.c.code_hash == code_hash))
        return found[0] if found else None

    def forget(self, region: str, before: datetime) -> int:
        """Forget codes that expired before ``before``; return how many."""
        return _forget(self, region, enrolment_codes.c.expires_at < before)


class Presentations(Rows[KeptPresentation]):
    """What desks told of cards."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _PRESENTATION, "presentation")

    def told(self, region: str, desk_id: UUID, ids: Collection[UUID]) -> frozenset[UUID]:
        """Return those of the desk's ids that are kept."""
        table = presentations.c
        wanted = select(table.source_id).where(table.region == region, table.desk_id == desk_id)
        found = self.scope.connection.execute(wanted.where(table.source_id.in_(ids)))
        return frozenset(found.scalars())

    def of_cards(
        self, card_hashes: Collection[bytes], *, from_: datetime, until: datetime
    ) -> tuple[KeptPresentation, ...]:
        """Return presentations of cards in all regions in a time, newest first; at most 1000."""
        is_theirs = presentations.c.card_hash.in_(card_hashes)
        return self._near(is_theirs, from_=from_, until=until) if card_hashes else ()

    def with_wrong_numbers(
        self, region: str, desk_id: UUID, *, from_: datetime, until: datetime
    ) -> tuple[KeptPresentation, ...]:
        """Return a desk's presentations with wrong numbers, newest first; at most 1000."""
        table = presentations.c
        its = and_(table.region == region, table.desk_id == desk_id, table.wrong_numbers > 0)
        return self._near(its, from_=from_, until=until)

    def forget(self, region: str, before: datetime) -> int:
        """Forget presentations received before ``before``; return how many."""
        return _forget(self, region, presentations.c.received_at < before)

    def _near(
        self, wanted: ColumnElement[bool], *, from_: datetime, until: datetime
    ) -> tuple[KeptPresentation, ...]:
        table = presentations.c
        found = self.select().where(wanted, table.at >= from_, table.at <= until)
        return self.all_of(found.order_by(table.at.desc(), table.id).limit(MOST_NEAR))


class Substitutes(Rows[SubstituteQuestion]):
    """Questions asked instead of a chip."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _SUBSTITUTE, "question")

    def told(self, region: str, desk_id: UUID, source_id: UUID) -> SubstituteQuestion | None:
        """Return the question that the desk has asked under this id, or None."""
        table = substitutes.c
        its = table.region == region, table.desk_id == desk_id, table.source_id == source_id
        found = self.all_of(self.select().where(*its))
        return found[0] if found else None

    def forget(self, region: str, before: datetime) -> int:
        """Forget questions from before ``before``; return how many."""
        return _forget(self, region, substitutes.c.at < before)


class AbuseSigns(VersionedRows[AbuseSign]):
    """Signs of abuse."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, _SIGN, "sign")

    def of_state(
        self, region: str, state: str, kind: str | None = None, ask: Ask = FIRST
    ) -> Page[AbuseSign]:
        """Return signs in a state, oldest first; ``kind`` None: of all kinds."""
        wanted = self.select().where(abuse_signs.c.region == region, abuse_signs.c.state == state)
        if kind is not None:
            wanted = wanted.where(abuse_signs.c.kind == kind)
        return self.page(wanted, ("id",), ask)

    def around(
        self, region: str, kind: str, subject: bytes, *, from_: datetime, until: datetime
    ) -> AbuseSign | None:
        """Return the sign of this kind and subject seen last that lasted into a time, or None."""
        table = abuse_signs.c
        its = table.region == region, table.kind == kind, table.subject == subject
        then = table.last_at >= from_, table.first_at <= until
        wanted = self.select().where(*its, *then).order_by(table.last_at.desc(), table.id.desc())
        found = self.all_of(wanted.limit(1))
        return found[0] if found else None


_STATUS_OF: Final = {
    CardState.ACTIVE.value: CardStatus.ACTIVE,
    CardState.TERMINATED.value: CardStatus.TERMINATED,
}
_WORST_FIRST: Final = (CardStatus.TERMINATED, CardStatus.BLOCKED, CardStatus.ACTIVE)


def _newest_record() -> ScalarSelect[datetime | None]:
    """Return when the newest security object was signed that a holder of the policy was given.

    A card that is on its way replaces nothing yet: the old one is good until the hand-over.
    """
    given = cards.alias("given")
    was_held = given.c.state.in_([CardState.ACTIVE.value, CardState.BLOCKED.value])
    ended = (given.c.state == CardState.TERMINATED.value) & given.c.activated_at.is_not(None)
    its = (given.c.region == policies.c.region) & (given.c.policy_id == policies.c.id)
    newest = select(func.max(given.c.signed_at)).where(its, or_(was_held, ended))
    return newest.correlate(policies).scalar_subquery()


_NEWEST: Final = _newest_record()
# A desk's questions, some thousand a second in all: their statements are built once.
_OF_CARD: Final = (
    select(cards.c.state, _NEWEST, *_POLICY.columns)
    .select_from(
        cards.outerjoin(
            policies, (policies.c.region == cards.c.region) & (policies.c.id == cards.c.policy_id)
        )
    )
    .where(cards.c.number == bindparam("wanted"))
    .limit(MAX_PAGE)
)
_OF_POLICY: Final = (
    select(_NEWEST, *_POLICY.columns)
    .select_from(policy_numbers.join(policies))
    .where(policy_numbers.c.enp == bindparam("wanted"))
)
_ITS_ID: Final = [one.name for one in _POLICY.columns].index("id")


class Standings:
    """What desks ask of the register, each in one statement."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def of_card(self, card_number: int, *, as_of: datetime) -> CardStanding:
        """Return how a card and its policy stand; ``card`` UNKNOWN: there is none such.

        One that was not handed over is BLOCKED, as on the status list.
        """
        found = self.scope.connection.execute(_OF_CARD, {"wanted": card_number}).all()
        known = [one for one in found if one[2 + _ITS_ID] is not None]
        policy = _POLICY.value(known[0], 2) if len(known) == 1 else None
        newest = known[0][1] if policy is not None else None
        return _standing(newest, policy, card=_worst(found), as_of=as_of)

    def of_policy(self, enp: str, *, as_of: datetime) -> CardStanding:
        """Return how a policy stands; ``policy`` None: there is none such."""
        found = self.scope.connection.execute(_OF_POLICY, {"wanted": enp}).first()
        if found is None:
            return _standing(None, None, card=CardStatus.UNKNOWN, as_of=as_of)
        policy = _POLICY.value(found, 1)
        return _standing(found[0], policy, card=CardStatus.UNKNOWN, as_of=as_of)


def _standing(
    newest: datetime | None, policy: Policy | None, *, card: CardStatus, as_of: datetime
) -> CardStanding:
    # Every card of this register has the trust layer, so a record that was signed is one.
    answer = RegisterAnswer(
        newest_record=newest, trust_layer=newest is not None, card=card, as_of=as_of
    )
    return CardStanding(answer=answer, policy=policy)


def _worst(found: Iterable[Row[Any]]) -> CardStatus:
    # Cards of older programs may share a number across regions: then none is better than another.
    there = {_STATUS_OF.get(one[0], CardStatus.BLOCKED) for one in found}
    return next((one for one in _WORST_FIRST if one in there), CardStatus.UNKNOWN)


def _forget(rows: Rows[Any], region: str, old: ColumnElement[bool]) -> int:
    rows.scope.require_region(region)
    gone = delete(rows.table).where(rows.table.c.region == region, old)
    return rows.scope.connection.execute(gone).rowcount

"""Desks of clinics, what they tell of cards, and the signs of abuse found in it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from cardservice.domain.register import RegisterAnswer
from cardservice.registry.ports_base import (
    FIRST,
    Ask,
    Json,
    Page,
    Record,
    Rows,
    Versioned,
    VersionedRows,
)
from cardservice.registry.ports_policies import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicDesk(Versioned):
    """A desk of a clinic that was enrolled, or was until ``ended_at``.

    Attributes:
        client_id: its name in assertions and tokens, unique in all regions.
        thumbprint: SHA-256 of ``public_key``.
        public_key: SubjectPublicKeyInfo of the key that its assertions are signed with, DER.
        holder: country and mnemonic of its terminal's references (CV certificates).
        rights: names of what its terminal may do with cards.
        enrolled_by: who made the code that it was enrolled with.
        ended_ground: a code.
    """

    organisation_id: UUID
    name: str
    client_id: str
    thumbprint: bytes
    public_key: bytes
    holder: str
    rights: Json
    enrolled_by: str
    enrolled_at: datetime
    ended_at: datetime | None = None
    ended_ground: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskTerminal(Versioned):
    """The certificate that the terminal of a clinic's desk was given last; ``id`` is the desk's.

    Attributes:
        ogrn: of the clinic, 13 digits.
        clinic, desk: the names that requests and bundles bear.
        holder: country and mnemonic of all its references, unique in all regions.
        sequence: number of the key that was certified last, 5 digits.
        fingerprint: of the request for that key.
        rights: names of what that certificate gives.
        not_before, not_after: its first and last day.
        bundle: what the desk was handed with it, the octets of its file; empty: lost.
        enrolled_at: when it was certified for the first time.
        certified_by: who decided the last time.
        ended_at: when its desk was ended; it gets no certificate any more.
    """

    ogrn: str
    clinic: str
    desk: str
    holder: str
    sequence: str
    fingerprint: str
    rights: Json
    not_before: date
    not_after: date
    bundle: bytes = field(repr=False)
    enrolled_at: datetime
    certified_at: datetime
    certified_by: str
    reason: str
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentCode(Versioned):
    """A code that a desk is enrolled with, once.

    Attributes:
        code_hash: SHA-256 of the code; the code itself is kept nowhere.
        desk_id: who used it.
    """

    code_hash: bytes = field(repr=False)
    organisation_id: UUID
    desk: str
    rights: Json
    made_by: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    desk_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPresentation(Record):
    """A card presented at a desk, as the register keeps it for a while.

    Attributes:
        source_id: the desk's own id of it.
        card_hash: keyed hash of the card's number, 32 octets; None: it was not read.
        at, grade: when, and how the desk knew.
    """

    desk_id: UUID
    organisation_id: UUID
    source_id: UUID
    card_hash: bytes | None = field(default=None, repr=False)
    at: datetime
    grade: str
    outcome: str | None = None
    reason: str
    offline: bool
    wrong_numbers: int
    bearer: str | None = None
    substitute: str | None = None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstituteQuestion(Record):
    """The register was asked instead of a chip.

    Attributes:
        source_id: the desk's own id of it.
        question_hash: keyed hash of what was asked, 32 octets: one id is one question.
        reason: why.
    """

    desk_id: UUID
    source_id: UUID
    question_hash: bytes = field(repr=False)
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AbuseSign(Versioned):
    """A sign of abuse, one row for each time that it lasted.

    Attributes:
        kind: a value of ``domain.signs.SignKind``.
        state: a value of ``domain.signs.SignState``.
        subject: what it is about, 32 octets: the keyed hash of a card's number or of a desk's id.
        desk_id, organisation_id: where it was seen last.
        card_number: to be blocked by; None: no card was read.
        first_at, last_at: of the presentations that it was seen in.
        occurrences: presentations, at least.
        details: names → ids and codes of the other desks and regions.
        note: of who settled it.
    """

    kind: str
    state: str
    subject: bytes = field(repr=False)
    desk_id: UUID
    organisation_id: UUID
    card_number: int | None = field(default=None, repr=False)
    first_at: datetime
    last_at: datetime
    occurrences: int
    details: Json
    found_at: datetime
    note: str | None = field(default=None, repr=False)
    settled_by: str | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardStanding:
    """What the register says of a card and its policy, both as one statement read them.

    Attributes:
        policy: None: the register has none such.
    """

    answer: RegisterAnswer
    policy: Policy | None = None


class ClinicDesks(VersionedRows[ClinicDesk], Protocol):
    """Desks of all clinics."""

    def by_client(self, client_id: str) -> ClinicDesk | None:
        """Return the desk of any region with this client id, or None."""
        ...

    def by_holders(self, holders: Collection[str]) -> tuple[ClinicDesk, ...]:
        """Return the desks of any region with these references, ended ones too."""
        ...

    def of_region(self, region: str, ask: Ask = FIRST) -> Page[ClinicDesk]:
        """Return the desks of a region, oldest first, ended ones too."""
        ...

    def of_organisation(self, region: str, organisation_id: UUID) -> tuple[ClinicDesk, ...]:
        """Return a clinic's desks, oldest first, ended ones too; at most 200."""
        ...

    def going_on(self, region: str, organisation_id: UUID) -> tuple[ClinicDesk, ...]:
        """Return a clinic's desks that have not ended, oldest first; at most 200."""
        ...

    def left_behind(self, region: str, before: date) -> tuple[ClinicDesk, ...]:
        """Return desks that go on at clinics whose last day was before ``before``; at most 200."""
        ...


class DeskTerminals(VersionedRows[DeskTerminal], Protocol):
    """What the terminals of clinics' desks were given."""

    def by_holder(self, holder: str) -> DeskTerminal | None:
        """Return what the terminal of these references was given, in any region, or None."""
        ...

    def going_on(self, clinic: str, desk: str) -> tuple[DeskTerminal, ...]:
        """Return those of desks of this name at clinics of that name, ended ones not."""
        ...


class EnrolmentCodes(VersionedRows[EnrolmentCode], Protocol):
    """Codes to enrol desks with."""

    def by_hash(self, code_hash: bytes) -> EnrolmentCode | None:
        """Return the code of any region with this hash, or None."""
        ...

    def forget(self, region: str, before: datetime) -> int:
        """Forget codes that expired before ``before``; return how many."""
        ...


class Presentations(Rows[KeptPresentation], Protocol):
    """What desks told of cards."""

    def told(self, region: str, desk_id: UUID, ids: Collection[UUID]) -> frozenset[UUID]:
        """Return those of the desk's ids that are kept."""
        ...

    def of_cards(
        self, card_hashes: Collection[bytes], *, from_: datetime, until: datetime
    ) -> tuple[KeptPresentation, ...]:
        """Return presentations of cards in all regions in a time, newest first; at most 1000."""
        ...

    def with_wrong_numbers(
        self, region: str, desk_id: UUID, *, from_: datetime, until: datetime
    ) -> tuple[KeptPresentation, ...]:
        """Return a desk's presentations with wrong numbers, newest first; at most 1000."""
        ...

    def forget(self, region: str, before: datetime) -> int:
        """Forget presentations received before ``before``; return how many."""
        ...


class Substitutes(Rows[SubstituteQuestion], Protocol):
    """Questions asked instead of a chip."""

    def told(self, region: str, desk_id: UUID, source_id: UUID) -> SubstituteQuestion | None:
        """Return the question that the desk has asked under this id, or None."""
        ...

    def forget(self, region: str, before: datetime) -> int:
        """Forget questions from before ``before``; return how many."""
        ...


class AbuseSigns(VersionedRows[AbuseSign], Protocol):
    """Signs of abuse."""

    def of_state(
        self, region: str, state: str, kind: str | None = None, ask: Ask = FIRST
    ) -> Page[AbuseSign]:
        """Return signs in a state, oldest first; ``kind`` None: of all kinds."""
        ...

    def around(
        self, region: str, kind: str, subject: bytes, *, from_: datetime, until: datetime
    ) -> AbuseSign | None:
        """Return the sign of this kind and subject seen last that lasted into a time, or None."""
        ...


class Standings(Protocol):
    """What desks ask of the register, each in one statement."""

    def of_card(self, card_number: int, *, as_of: datetime) -> CardStanding:
        """Return how a card and its policy stand; ``card`` UNKNOWN: there is none such."""
        ...

    def of_policy(self, enp: str, *, as_of: datetime) -> CardStanding:
        """Return how a policy stands; ``policy`` None: there is none such."""
        ...

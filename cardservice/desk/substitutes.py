"""When a chip says nothing: the register is asked by policy number and birth date instead."""

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from uuid import UUID

from cardservice.desk.presentations import Substitute
from cardservice.domain.cover import Programme
from cardservice.domain.lives import PolicyState
from cardservice.domain.numbers import Enp, Ogrn, Okato
from cardservice.errors import CardServiceError


class RegisterUnreachableError(CardServiceError):
    """The register cannot be asked now; nothing is known of the policy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstituteQuestion:
    """One question; who asks again after a lost answer asks with the same ``id``.

    Attributes:
        id: drawn at the desk; the register records it once.
        birth_date: as the person states it.
        reason: why the chip was not asked.
    """

    id: UUID
    enp: Enp = field(repr=False)
    birth_date: date = field(repr=False)
    reason: Substitute


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstituteAnswer:
    """What the register says of a policy today; of the person nothing is told.

    Attributes:
        valid_until: None: without an end.
        insurer, okato: who insures today and the region of the policy; None: nobody does.
        programmes: that pay here; empty while the policy is not in force.
    """

    in_force: bool
    state: PolicyState
    valid_until: date | None
    insurer: Ogrn | None
    okato: Okato | None
    programmes: frozenset[Programme]
    asked_on: date


class SubstituteRegister(Protocol):
    """Who answers when no chip does."""

    def ask(self, question: SubstituteQuestion) -> SubstituteAnswer:
        """Return what is known; the question is recorded with its reason.

        Raises:
            Refusal: ``not-found``: no such policy, or another birth date: told alike.
            RegisterUnreachableError: it cannot be asked now.
        """
        ...

"""The second person: who entered something does not approve it."""

from dataclasses import dataclass
from enum import StrEnum, unique
from uuid import UUID

from cardservice.errors import Refusal


@unique
class Act(StrEnum):
    """What an office may want a second person for."""

    APPROVE_APPLICATION = "approve-application"
    MERGE_PERSONS = "merge-persons"
    CHANGE_ROLES = "change-roles"
    ERASE_PERSON = "erase-person"


@dataclass(frozen=True, slots=True)
class FourEyes:
    """The acts for which the office turned the second person on.

    Source: domain.md, "States": approval needs a person other than the one who entered it when
    the office turns that on.
    """

    acts: frozenset[Act] = frozenset()

    def require_second(self, act: Act, *, first: UUID | str, second: UUID | str) -> None:
        """Return if ``second`` may do the act that ``first`` prepared.

        Args:
            act: what is to be done.
            first, second: accounts, by their id or by the name that rows keep them by.

        Raises:
            Refusal: ``second-person-needed``.
        """
        if act in self.acts and str(first) == str(second):
            sentence = "Somebody other than the person who entered this has to do it."
            raise Refusal("second-person-needed", sentence)

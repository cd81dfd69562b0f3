"""Why a person applies, and what that does to the card they have.

Source: domain.md, "Who applies, and for what": reason; "Rules with teeth", 1, 4 and 6.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from cardservice.errors import UsageError


@unique
class ApplyReason(StrEnum):
    FIRST_POLICY = "first-policy"
    INSURER_CHANGE = "insurer-change"
    REISSUE = "reissue"
    DUPLICATE = "duplicate"


@unique
class ReissueSubject(StrEnum):
    """What changed or was wrong."""

    NAME = "name"
    SEX = "sex"
    BIRTH_DATE = "birth-date"
    BIRTH_PLACE = "birth-place"


@unique
class ReissueKind(StrEnum):
    CHANGED = "changed"  # to be reported within a term
    WRONG = "wrong"  # a mistake on the card: no term


@unique
class DuplicateCause(StrEnum):
    LOST = "lost"
    STOLEN = "stolen"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"


@unique
class OldCard(StrEnum):
    """When the card a person has stops being valid."""

    NONE = "none"  # there is none
    STAYS = "stays"  # it does not: the insurer record is written to it
    AT_HAND_OVER = "at-hand-over"  # of the new one, not before
    AT_ONCE = "at-once"


@dataclass(frozen=True, slots=True)
class Effect:
    """What an approved application does.

    Attributes:
        new_card: a card is ordered; without, the insurer record is written to the present one.
        new_policy: a policy is opened; without, the ENP of the present one never changes.
        old_card: when the card the person has stops being valid.
    """

    new_card: bool
    new_policy: bool
    old_card: OldCard


_EFFECTS: Final[Mapping[ApplyReason, Effect]] = {
    ApplyReason.FIRST_POLICY: Effect(new_card=True, new_policy=True, old_card=OldCard.NONE),
    ApplyReason.INSURER_CHANGE: Effect(new_card=False, new_policy=False, old_card=OldCard.STAYS),
    ApplyReason.REISSUE: Effect(new_card=True, new_policy=False, old_card=OldCard.AT_HAND_OVER),
    ApplyReason.DUPLICATE: Effect(new_card=True, new_policy=False, old_card=OldCard.AT_HAND_OVER),
}
_GONE: Final = frozenset({DuplicateCause.LOST, DuplicateCause.STOLEN})
_LOST: Final = Effect(new_card=True, new_policy=False, old_card=OldCard.AT_ONCE)


def effect_of(reason: ApplyReason, cause: DuplicateCause | None = None) -> Effect:
    """Return what an approved application for ``reason`` does.

    Raises:
        UsageError: a cause of a duplicate is given for another reason, or none for one.
    """
    if (cause is not None) != (reason is ApplyReason.DUPLICATE):
        raise UsageError("a duplicate has a cause, and nothing else has one")
    return _LOST if cause in _GONE else _EFFECTS[reason]

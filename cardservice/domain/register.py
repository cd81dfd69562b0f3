"""What a register of issued cards, or a status list, answers when a desk asks about one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique


@unique
class CardStatus(StrEnum):
    """Life of an issued card as the register sees it (domain.md, "States")."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    TERMINATED = "terminated"
    UNKNOWN = "unknown"  # the register has no such card, or the list no such place


@unique
class AnswerSource(StrEnum):
    """Who says so."""

    REGISTER = "register"
    STATUS_LIST = "status-list"  # speaks of cards alone: of no policy, no insurer, no record


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterAnswer:
    """What is known of one policy and one card, and as of when.

    Attributes:
        newest_record: ``signingTime`` of the newest security object issued for the policy; a
            list does not know it.
        trust_layer: a card with a trust layer was issued for the policy; False of a list.
        card: status of the card asked about; UNKNOWN when none was named.
        as_of: when the data the answer rests on were current, UTC.
    """

    newest_record: datetime | None
    trust_layer: bool
    card: CardStatus
    as_of: datetime
    source: AnswerSource = AnswerSource.REGISTER

"""What a scanner types, judged: the code of a temporary certificate, or nothing of ours."""

import re
from collections.abc import Iterable
from typing import Final

from cardservice.channel.pace_password import CAN_LEN
from cardservice.domain.proven_time import Moment, TimeGrade
from cardservice.domain.verdict import Outcome
from cardservice.errors import Refusal
from cardservice.papers.statement.signed import PREFIX, TEXT_LENGTH, StatementKey, verify_statement
from cardservice.web.desk.aside import PaperShown

CAN_TEXT: Final = re.compile(f"[0-9]{{{CAN_LEN}}}")
MOST_SCANNED: Final = TEXT_LENGTH + 45  # what is a little too long still gets a sentence of its own

TIME_UNKNOWN: Final = ("time-unknown", "This desk does not know what day it is.")
_WRONG: Final = frozenset(
    {
        "statement-altered",
        "statement-expired",
        "statement-not-yet-valid",
        "statement-other-insurer",
    }
)
"""Refusals that speak against the paper; the others say that it could not be checked here."""


def read_paper(text: str, keys: Iterable[StatementKey], moment: Moment) -> PaperShown | None:
    """Return what can be shown of a scanned certificate; None when it is none at all."""
    if not text.startswith(PREFIX):
        return None
    try:
        statement = verify_statement(text, keys, moment.at.astimezone().date())
    except Refusal as refusal:
        return PaperShown(refusal=(refusal.code, refusal.sentence))
    if moment.grade is TimeGrade.UNKNOWN:
        return PaperShown(refusal=TIME_UNKNOWN)
    return PaperShown(statement=statement)


def outcome_of(paper: PaperShown) -> Outcome:
    """Return what came of a paper."""
    if paper.refusal is None:
        return Outcome.VALID
    return Outcome.INVALID if paper.refusal[0] in _WRONG else Outcome.UNDECIDED

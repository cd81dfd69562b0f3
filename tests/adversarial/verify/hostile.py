"""Cards and links of an attacker, for examiners to meet, and what may be said of them."""

from collections.abc import Callable, Mapping

from cardservice.domain.verdict import CheckName, Outcome, Reason
from cardservice.policycard.photo import Photo
from cardservice.transport.budget import TimeBudgetLink
from cardservice.transport.link import CardLink
from cardservice.verify.examination import Examination
from cardservice.verify.ports import PresentedCard
from simulators.card import SoftwareCard
from simulators.card.files import ElementaryFile
from simulators.card.tampering import copy_of
from simulators.reader import Card
from tests.chain import Issued, desk, issued_card, link_to
from tests.unit.verify.readings import check_of

Alter = Callable[[int, bytes, bytes], bytes]
"""From the number of the exchange (from 1), the command and the answer to another answer."""

ENOUGH_S = 20.0
OK = b"\x90\x00"
FIRST_PROTECTED = 5  # SELECT, READ BINARY, MSE, GENERAL AUTHENTICATE come before
COMMANDS = 9  # of a good card's examination: EF.SOD takes one extended reading


class Meddler:
    """A card behind somebody who changes its answers on the way."""

    def __init__(self, card: Card, alter: Alter) -> None:
        self.atr = card.atr
        self._link = link_to(card)
        self._alter = alter
        self.count = 0

    def exchange(self, command: bytes) -> bytes:
        self.count += 1
        return self._alter(self.count, command, self._link.exchange(command))

    def reset(self) -> bytes:
        return self._link.reset()

    def close(self) -> None:
        self._link.close()


class Says:
    """A card that gives the same answer to everything, or whatever a function makes of it."""

    def __init__(self, answer: bytes | Callable[[bytes], bytes]) -> None:
        self.atr = b"\x3b\x00"
        self._answer = answer
        self.asked = 0

    def exchange(self, command: bytes) -> bytes:
        self.asked += 1
        return self._answer if isinstance(self._answer, bytes) else self._answer(command)

    def reset(self) -> bytes:
        return self.atr

    def close(self) -> None:
        """Let go; there is nothing to let go of."""


def copy_with(
    files: Mapping[ElementaryFile, bytes | None], *, photo: Photo | None = None
) -> tuple[SoftwareCard, Issued]:
    """Return a made card some of whose files were replaced in its memory, and what it was."""
    issued = issued_card(photo=photo)
    card = copy_of(issued.card)
    card.memory.transaction({file.cell: octets for file, octets in files.items()})
    return card, issued


def examined(card: Card, issued: Issued | None = None) -> Examination:
    """Return what a desk says of the card, whose register knows the one that was made."""
    return examined_over(link_to(card), issued)


def examined_over(link: PresentedCard, issued: Issued | None = None) -> Examination:
    """Return what the same desk says of whatever is behind the link."""
    return desk((issued or issued_card()).register).examine(link)


def outcome_of(examination: Examination) -> Outcome | None:
    return None if examination.verdict is None else examination.verdict.outcome


def is_copy(examination: Examination) -> bool:
    """Say whether the card was called a copied chip, and for that alone invalid."""
    if outcome_of(examination) is not Outcome.INVALID:
        return False
    check = check_of(examination, CheckName.CHIP_GENUINE)
    return (check.outcome, check.reason) == (Outcome.INVALID, Reason.CHIP_COPIED)


def within_bounds(link: CardLink) -> TimeBudgetLink:
    """Return the link as a desk uses it: its commands are bounded; no time passes here."""
    return TimeBudgetLink(link, ENOUGH_S, lambda: 0.0)


def is_not_valid(examination: Examination) -> bool:
    """Say whether there is a problem or a verdict other than valid, and nothing is proved."""
    assert (examination.verdict is None) is not (examination.problem is None)
    return outcome_of(examination) is not Outcome.VALID

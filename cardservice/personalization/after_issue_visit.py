"""One visit of a card that its holder has: the ways to it, each from a reset on."""

from dataclasses import dataclass, field
from typing import Final, TypeVar

from cardservice.apdu.response import SW
from cardservice.channel.chip_authentication import authenticate_chip
from cardservice.channel.flow import Flow, Observation, drive, protect
from cardservice.channel.pace import PaceSession
from cardservice.channel.reading import get_data, read_file, select_application
from cardservice.channel.secure_messaging import SHORT_NR
from cardservice.errors import AuthenticationError, PeerError, Refusal, StatusError
from cardservice.personalization.after_issue_card import HeldCard, ReadingExaminer, held_card
from cardservice.personalization.after_issue_refusals import (
    broken_card,
    contact_needed,
    foreign_card,
    keys_differ,
    other_card,
    problem_refusal,
)
from cardservice.personalization.making import (
    OpenCard,
    StationKeys,
    open_with_issuer_keys,
    read_state,
)
from cardservice.personalization.ports import Entropy, NewEphemeralKey
from cardservice.personalization.rekeying import with_current_keys
from cardservice.policycard.layout import (
    INSURER_LIMIT,
    POINTER_LEN,
    POINTER_TAG,
    Directory,
    decode_pointer,
    insurer_file,
)
from cardservice.verify.access import CardAccessNumber, NewScalar, open_with_can
from cardservice.verify.examination import Problem
from cardservice.verify.ports import PresentedCard

T = TypeVar("T")

_WITH_STATE: Final = frozenset({int(SW.FILE_DEACTIVATED)})  # a blocked card takes SCP03 too


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a visit is made with.

    Attributes:
        keys: of the card maker and of the issuer, card by card.
        examiner: reads as a clinic does.
        new_ephemeral: makes a fresh P-256 key for one chip authentication.
        new_scalar: from a group's order to a fresh secret, for PACE.
    """

    keys: StationKeys = field(repr=False)
    examiner: ReadingExaminer
    entropy: Entropy
    new_ephemeral: NewEphemeralKey
    new_scalar: NewScalar


class Visit:
    """One card in a reader; every way to it begins with a reset, so each may be taken again.

    Args:
        card: in the reader.
        tools: see there.
        can: printed on the card, where it was typed; None: it is not needed.
    """

    def __init__(self, card: PresentedCard, tools: Tools, can: str | None) -> None:
        self._card = card
        self._tools = tools
        self._can = can
        self._key_version: int | None = None  # not seen yet
        self.commands = 0

    def held(self, *, can: str | None = None, whoever_signed: bool = False) -> HeldCard:
        """Return the card as it proves itself to a clinic; errors as ``held_card``.

        Args:
            can: the card's now, if it is not the one that was typed.
            whoever_signed: as for ``held_card``.
        """
        self._card.reset()
        examination, reading = self._tools.examiner.examine_with_reading(
            self._card, can=can or self._can
        )
        self.commands += examination.commands
        if can is not None and examination.problem is Problem.ACCESS_REFUSED:
            return self._held_without_pace(whoever_signed=whoever_signed)
        return held_card(examination, reading, whoever_signed=whoever_signed)

    def expect(
        self, number: int, *, chip: bytes | None = None, whoever_signed: bool = False
    ) -> HeldCard:
        """Return the card if it is the one with that number, and that chip where one is given.

        Raises:
            Refusal: ``other-card``; as ``held``.
        """
        held = self.held(whoever_signed=whoever_signed)
        if held.number != number or chip not in (None, held.chip):
            raise other_card()
        return held

    def life_cycle(self) -> int:
        """Return the state that the card names; nothing proves it.

        Raises:
            Refusal: ``held-card-foreign``: it names none.
        """
        self._card.reset()
        try:
            return self.run(read_state())
        except Refusal as refusal:
            raise foreign_card() from refusal

    def open_with_issuer_keys(self, chip: bytes) -> OpenCard:
        """Return the card under the issuer's keys, if it is the chip with that serial number.

        Raises:
            Refusal: ``other-card``: somebody changed the card; ``held-card-keys``;
                ``contact-needed``.
        """
        self._card.reset()
        try:
            card = self.run(self._opening())
        except StatusError as refused:
            wants_contacts = refused.sw == SW.CONDITIONS_NOT_SATISFIED
            raise (contact_needed() if wants_contacts else keys_differ()) from refused
        except PeerError as error:
            raise keys_differ() from error
        if card.chip_serial != chip:
            raise other_card()
        self._key_version = card.key_version
        return card

    @property
    def may_have_old_keys(self) -> bool:
        """Say whether the card has, or may have, keys older than the issuer's current ones."""
        current, seen = self._tools.keys.version, self._key_version
        older = self._tools.keys.others if seen is None else (seen,)
        return any(version < current for version in older)

    def renew_keys(self, chip: bytes) -> bool:
        """Give the card the issuer's current keys; return False if it had them.

        Raises:
            Refusal, PeerError: as ``open_with_issuer_keys`` and ``with_current_keys``.
        """
        card = self.open_with_issuer_keys(chip)
        if not self.may_have_old_keys:
            return False
        self.run(with_current_keys(card, self._tools.keys, self._tools.entropy))
        return True

    def secretly(self, held: HeldCard, flow: Flow[T]) -> T:
        """Run ``flow`` in a session that none but the chip of ``held`` can have; FOMS_INS selected.

        Raises:
            Refusal: ``other-card``: another chip answered; ``can-needed``; and as the flow does.
        """
        self._card.reset()
        return self.run(self._secretly(held, flow))

    def run(self, flow: Flow[T]) -> T:
        """Return the result of ``flow`` with the card as it is, without a reset."""
        return drive(flow, self._card.exchange, observe=self._count)

    def _held_without_pace(self, *, whoever_signed: bool) -> HeldCard:
        """Read a card that knows a CAN and offers no PACE: it shows itself without."""
        self._card.reset()
        examination, reading = self._tools.examiner.examine_with_reading(self._card, can=None)
        self.commands += examination.commands
        return held_card(examination, reading, whoever_signed=whoever_signed)

    def _opening(self) -> Flow[OpenCard]:
        yield from select_application(Directory.ROOT.aid, tolerated=_WITH_STATE)
        return (yield from open_with_issuer_keys(self._tools.keys, self._tools.entropy))

    def _secretly(self, held: HeldCard, flow: Flow[T]) -> Flow[T]:
        pace: PaceSession | None = None
        if self._can is not None:
            pace = yield from open_with_can(CardAccessNumber(self._can, self._tools.new_scalar))
        agreeing = authenticate_chip(held.point, ephemeral=self._tools.new_ephemeral())
        try:
            unproved = yield from (agreeing if pace is None else protect(agreeing, pace.session))
            proved, _ = yield from unproved.prove(select_application(Directory.INSURERS.aid))
        except StatusError as refused:
            if refused.sw == SW.SECURITY_STATUS_NOT_SATISFIED:
                raise problem_refusal(Problem.ACCESS_REFUSED) from refused
            raise
        except AuthenticationError as error:
            raise other_card() from error
        return (yield from protect(flow, proved.session))

    def _count(self, _: Observation) -> None:
        self.commands += 1


def pointer_to(insurer: bytes) -> Flow[int]:
    """Return the id of the current insurer EF, which must hold ``insurer``; FOMS_INS selected.

    EF.SOD covers what the record says, not where it is: so the pointer is believed only where it
    leads to the record that was proved.

    Raises:
        Refusal: ``can-needed``: the card wants rights first; ``held-card-broken``: the pointer
            leads elsewhere.
    """
    try:
        pointer = decode_pointer((yield from get_data(POINTER_TAG, ne=POINTER_LEN)))
        sfi = insurer_file(pointer).sfi
        start = yield from read_file(sfi=sfi, max_size=INSURER_LIMIT, block=SHORT_NR)
    except StatusError as refused:
        if refused.sw == SW.SECURITY_STATUS_NOT_SATISFIED:
            raise problem_refusal(Problem.ACCESS_REFUSED) from refused
        raise
    if start.data != insurer:
        raise broken_card()
    return pointer

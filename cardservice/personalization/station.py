"""The station's use case: one order, one blank card, one made card."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol, TypeVar

from cardservice.channel.card_management import LifeCycle, set_life_cycle
from cardservice.channel.flow import Flow, Observation, drive, protect
from cardservice.channel.store_data import store_data
from cardservice.domain.verdict import CheckName, Outcome
from cardservice.errors import (
    CardRemovedError,
    CardServiceError,
    LinkError,
    PeerError,
    Refusal,
    TimeBudgetError,
)
from cardservice.personalization.contents import (
    HolderSecrets,
    data_groupings,
    draw_secrets,
    sign_files,
)
from cardservice.personalization.journal import Intent
from cardservice.personalization.journal_calls import LaneJournal
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_making import (
    make_chip_key,
    open_blank,
    open_personalized,
    store_secrets,
)
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.personalization.journal_turn import Turn, take_turn
from cardservice.personalization.making import (
    StationKeys,
    authenticate_with_issuer_keys,
    not_blank,
    read_state,
)
from cardservice.personalization.order import CardOrder, PreparedOrder, prepare
from cardservice.personalization.ports import Clock, Entropy, IssuerKeys
from cardservice.personalization.recovery_lives import CardLife
from cardservice.policycard.profile import Profile
from cardservice.verify.examination import Examination, Problem
from cardservice.verify.ports import Examiner, PresentedCard

T = TypeVar("T")

PROVED_BY_ITSELF: Final = (CheckName.CHIP_GENUINE, CheckName.DATA_SIGNED, CheckName.SIGNER_TRUSTED)
"""What a card just made must show. The register does not know it yet."""


class NotAsOrderedError(PeerError):
    """The finished card does not read as it was ordered; it must not leave the station."""


_FAILURES: Final[Mapping[Problem | None, type[CardServiceError]]] = {
    Problem.CARD_REMOVED: CardRemovedError,
    Problem.CARD_MUTE: CardRemovedError,
    Problem.CARD_TOO_SLOW: TimeBudgetError,
    Problem.READER_FAILED: LinkError,
}
"""A card that went away while it was checked is put back; any other problem is the card's own."""


class IssuedCards(Protocol):
    """Where the station tells of cards that count as made."""

    def issued(self, made: "MadeCard") -> None:
        """Remember the card; when this returns it is on the disk."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCard:
    """A card that was read as a clinic would and answered to the issuer's keys.

    Attributes:
        chip_serial: 8 octets.
        secrets: for the PIN letter and the card's face; the caller lets go of them soon.
        commands: command APDUs sent to make and to check it.
        examination: as a clinic saw it; without the register's answer.
    """

    order: CardOrder
    chip_serial: bytes
    signed_at: datetime
    secrets: HolderSecrets = field(repr=False)
    commands: int
    examination: Examination


class Station:
    """Makes cards, one at a time; its journal remembers every card it began.

    Args:
        keys: the issuer's.
        examiner: reads as a clinic does.
        issued: told of every card that counts as made; of one card perhaps twice, when the
            station was killed between telling and noting it. None: others tell, by what the
            journal has not noted as reported.
        entropy: unpredictable octets.
        clock: aware times, for ``signingTime``.
        preflight: asked before each card is touched; raises Refusal when what the station
            signs now would not be trusted.
        journal: shared by the lanes of a station; without one it remembers while it lives.
    """

    def __init__(  # noqa: PLR0913 - what a station stands on, all by keyword
        self,
        keys: IssuerKeys,
        *,
        examiner: Examiner,
        issued: IssuedCards | None,
        entropy: Entropy,
        clock: Clock,
        preflight: Callable[[], None] = lambda: None,
        journal: LaneJournal | None = None,
    ) -> None:
        self._preflight = preflight
        self._signer = keys.signer
        self._trust_point = keys.trust_point
        self._keys = StationKeys.of(keys)
        self._examiner = examiner
        self._issued = issued
        self._entropy = entropy
        self._clock = clock
        self._journal: LaneJournal = journal or StationJournal(MemoryJournal(clock))

    def make(
        self,
        card: PresentedCard,
        order: CardOrder | PreparedOrder,
        *,
        order_id: str | None = None,
        lane: int = 1,
    ) -> MadeCard:
        """Personalize the blank ``card``; return it once it was read back and proved.

        A card torn out on the way is not made: put it back and call again with the same order.
        So after a crash, with a station over the same journal.

        Args:
            card: in the reader.
            order: as it is, or prepared before.
            order_id: the order's name in the registry; no second card is made for it. None: the
                order has none, and nothing but the caller keeps it from being made twice.
            lane: 1 to 255, for the journal.

        Raises:
            Refusal: the card may not be personalized (used, foreign, keys of somebody else, its
                serial was here before), the order may not be made on it, or the journal cannot
                be written.
            SpoiledCardError: half-made by another station; it was terminated.
            NotAsOrderedError: the finished card does not read as ordered.
            PeerError: the card broke a rule; LinkError: it went away.
        """
        self._preflight()
        prepared = order if isinstance(order, PreparedOrder) else prepare(order)
        number = prepared.order.card_number
        intent = Intent(order=order_id or _unnamed(number), lane=lane, number=number)
        with take_turn(self._journal, intent, only_once=order_id is not None) as turn:
            return self._make(_Conversation(card), prepared, turn)

    def _make(self, conversation: "_Conversation", prepared: PreparedOrder, turn: Turn) -> MadeCard:
        begun = conversation.run(self._personalize(prepared, turn))
        examination = self._check(conversation, begun, turn)
        made = MadeCard(
            order=begun.order,
            chip_serial=begun.chip_serial,
            signed_at=begun.signed_at,
            secrets=begun.secrets,
            commands=conversation.commands + examination.commands,
            examination=examination,
        )
        turn.made(made.chip_serial, made.signed_at)
        if self._issued is not None:
            self._issued.issued(made)
            turn.reported(made.chip_serial)
        return made

    def _personalize(self, prepared: PreparedOrder, turn: Turn) -> Flow["_Begun"]:
        life_cycle = yield from read_state()
        if life_cycle == LifeCycle.PERSONALIZED and turn.knows_used_cards:
            return (yield from self._recognise(prepared.order, turn))
        if life_cycle != LifeCycle.BLANK:
            raise not_blank()
        card = yield from open_blank(self._keys, self._entropy, turn)
        point = yield from make_chip_key(card, turn)
        files = sign_files(
            prepared,
            chip_serial=card.chip_serial,
            chip_point=point,
            signer=self._signer,
            at=self._clock(),
        )
        secrets = draw_secrets(self._entropy)
        groupings = data_groupings(
            prepared, files, secrets, card.session, trust_point=self._trust_point
        )
        yield from protect(store_data(groupings), card.session)
        turn.stored(card.chip_serial, files.signed_at)
        yield from protect(set_life_cycle(LifeCycle.PERSONALIZED), card.session)
        turn.finalized(card.chip_serial)
        return _Begun(
            order=prepared.order,
            chip_serial=card.chip_serial,
            signed_at=files.signed_at,
            secrets=secrets,
            key_version=card.key_version,
        )

    def _recognise(self, order: CardOrder, turn: Turn) -> Flow["_Begun"]:
        """Go on with a card that was finished and is not made yet: it gets new secrets."""
        card = yield from open_personalized(self._keys, self._entropy, turn)
        life = turn.life_of(card.chip_serial)
        if life is None or life.signed_at is None or not _is_for(life, turn.intent):
            raise Refusal("card-of-another-order", "This card was begun for another order.")
        turn.finalized(card.chip_serial)
        secrets = draw_secrets(self._entropy)
        yield from store_secrets(card, secrets)
        return _Begun(
            order=order,
            chip_serial=life.chip,
            signed_at=life.signed_at,
            secrets=secrets,
            key_version=card.key_version,
        )

    def _check(self, conversation: "_Conversation", begun: "_Begun", turn: Turn) -> Examination:
        """Reset, read as a clinic would, reset, authenticate with the new keys."""
        conversation.card.reset()
        # A card of any other profile shows itself to those who know the number printed on it.
        can = None if begun.order.profile is Profile.FIELD else begun.secrets.can
        examination = self._examiner.examine(conversation.card, can=can)
        _require_as_ordered(examination, begun)
        turn.verified(begun.chip_serial)
        conversation.card.reset()
        answering = authenticate_with_issuer_keys(
            self._keys, self._entropy, version=begun.key_version
        )
        serial = conversation.run(answering)
        if serial != begun.chip_serial:
            raise NotAsOrderedError("another card lies in the reader than the one that was made")
        return examination


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """A card that was declared personalized, to be checked; secrets and keys are those on it."""

    order: CardOrder
    chip_serial: bytes
    signed_at: datetime
    secrets: HolderSecrets = field(repr=False)
    key_version: int


class _Conversation:
    """One card, and how many commands it was sent."""

    def __init__(self, card: PresentedCard) -> None:
        self.card = card
        self.commands = 0

    def run(self, flow: Flow[T]) -> T:
        return drive(flow, self.card.exchange, observe=self._count)

    def _count(self, _: Observation) -> None:
        self.commands += 1


def _unnamed(number: int) -> str:
    """Return a name for an order that has none: the card's place in the status list."""
    return f"card-{number:012x}"


def _is_for(life: CardLife, intent: Intent) -> bool:
    return (life.order, life.number) == (intent.order, intent.number)


def _require_as_ordered(examination: Examination, begun: _Begun) -> None:
    verdict, order = examination.verdict, begun.order
    if verdict is None:
        failure = _FAILURES.get(examination.problem, NotAsOrderedError)
        raise failure(f"the finished card cannot be read ({examination.problem})")
    for check in verdict.checks:
        if check.name in PROVED_BY_ITSELF and check.outcome is not Outcome.VALID:
            raise NotAsOrderedError(f"the finished card fails {check.name}: {check.reason}")
    if examination.holder != order.holder or examination.insurance != order.insurance:
        raise NotAsOrderedError("the finished card says something else than was ordered")
    if verdict.signed_at != begun.signed_at:
        raise NotAsOrderedError("the finished card has another security object than it was given")

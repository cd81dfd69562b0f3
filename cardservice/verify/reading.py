"""Reading a card as a clinic does: what a terminal does, on any interface (card.md §5).

Everything here is unverified until ``judging`` has looked at it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, unique
from functools import partial
from typing import Final, TypeVar

from cryptography.hazmat.primitives.asymmetric import ec

from cardservice.apdu.response import SW
from cardservice.channel.card_access import PaceChoice
from cardservice.channel.card_management import LifeCycle, read_life_cycle
from cardservice.channel.chip_authentication import ProvedChip, authenticate_chip
from cardservice.channel.flow import Flow, protect
from cardservice.channel.pace import PaceSession
from cardservice.channel.reading import (
    PLAIN_BLOCK,
    PROTECTED_BLOCK,
    FileStart,
    select_application,
)
from cardservice.channel.secure_messaging import UnprotectedAnswerError
from cardservice.channel.security_infos import parse_chip_security
from cardservice.domain.verdict import ProtocolName
from cardservice.errors import AuthenticationError, MalformedDataError, StatusError
from cardservice.policycard.layout import CardFile, Directory
from cardservice.policycard.security import SignedFiles
from cardservice.verify.access import (
    CardAccessNumber,
    Enrolment,
    TrustPoints,
    open_with_can,
    read_trust_points,
    show_enrolment,
)
from cardservice.verify.card_files import (
    AccessRefusedError,
    Scope,
    finish_security_object,
    or_none,
    read_card_file,
    read_field_files,
    read_signed_files,
    start_security_object,
)
from cardservice.verify.experience import ExtendedLengthRefusedError
from cardservice.verify.findings import ChipProof

T = TypeVar("T")

NewEphemeralKey = Callable[[], ec.EllipticCurvePrivateKey]

_STATES: Final = frozenset({int(SW.FILE_DEACTIVATED), int(SW.FILE_TERMINATED)})
_NO_FILES: Final = SignedFiles(
    owner=None, insurer=None, card_id=None, iccid=None, chip_security=None
)


class ChipNotProvedError(AuthenticationError):
    """The card names a chip key and did not show that it has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardReading:
    """What was read of one card.

    Attributes:
        life_cycle: set when the card reported a state in which nothing is read.
        chip: what came of chip authentication.
        security_object: EF.SOD as received; None when the card has none.
        files: as received.
        pace: the PACE variant that ran; to be held against the signed PACEInfo.
        ran: protocols that ran and succeeded.
    """

    life_cycle: int | None = None
    chip: ChipProof = ChipProof.NOT_OFFERED
    security_object: bytes | None = field(default=None, repr=False)
    files: SignedFiles = field(default=_NO_FILES, repr=False)
    pace: PaceChoice | None = None
    ran: frozenset[ProtocolName] = frozenset()


@unique
class _Root(Enum):
    """What came of selecting foms_root."""

    OPEN = "selected"
    STOPPED = "selected or not, in a state in which nothing is read"
    ABSENT = "a card of the field may do without"


class _StoppedError(Exception):
    """EF.ChipSecurity answered 6985: the card may be in a state in which nothing is read."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """How a card is tried: without ``new_ephemeral`` its chip is not asked for proof."""

    new_ephemeral: NewEphemeralKey | None
    enrolment: Enrolment | None = None
    pace: PaceSession | None = None
    proved_block: int = PROTECTED_BLOCK  # octets a reading once the chip is proved
    shows_at_once: bool = False  # the enrolment, before anything was refused
    photo: bool = False

    @property
    def block(self) -> int:
        """Octets a reading before chip authentication."""
        return PLAIN_BLOCK if self.pace is None else PROTECTED_BLOCK

    @property
    def scope(self) -> Scope:
        """What is read of a card that needs no terminal certificate."""
        return Scope(photo=self.photo)

    @property
    def pace_choice(self) -> PaceChoice | None:
        """The PACE variant that ran, None when none did."""
        return None if self.pace is None else self.pace.choice

    def via(self, flow: Flow[T]) -> Flow[T]:
        """Run ``flow`` under PACE if it ran, else plainly."""
        return (yield from (flow if self.pace is None else protect(flow, self.pace.session)))

    def ran(self, *protocols: ProtocolName) -> frozenset[ProtocolName]:
        """Return ``protocols``, and PACE if it ran."""
        opened = () if self.pace is None else (ProtocolName.PACE,)
        return frozenset((*opened, *protocols))


def read_card(  # noqa: PLR0913 - what a desk has and wishes, all by keyword
    new_ephemeral: NewEphemeralKey,
    *,
    enrolment: Enrolment | None = None,
    can: CardAccessNumber | None = None,
    block: int = PROTECTED_BLOCK,
    shows_at_once: bool = False,
    photo: bool = False,
) -> Flow[CardReading]:
    """Read a card just reset: chip authentication first, then all under its keys.

    Args:
        new_ephemeral: makes the terminal's fresh P-256 key; called once at most.
        enrolment: shown to a card that does not let everybody read.
        can: opens the card with PACE before anything else.
        block: octets a reading once the chip is proved; beyond 223 with extended length.
        shows_at_once: show the enrolment before EF.SOD was refused: saves a command at the tap.
        photo: read the photo too.

    Raises:
        ExtendedLengthRefusedError: the card takes no such block; reset it, ask for 223.
        NotAPolicyCardError: no policy application is there.
        ChipNotProvedError: chip authentication failed; reset the card and ``read_plainly``.
        AccessRefusedError: the card asks for a CAN or a terminal certificate it was not shown.
        WrongPasswordError: the CAN is not this card's.
        MalformedDataError, AuthenticationError: an answer that no card may give.

    Source: card.md §5, "What a terminal does".
    """
    try:
        pace = None if can is None else (yield from open_with_can(can))
    except AccessRefusedError:
        # A card that is no longer, or not yet, a policy runs no PACE; its state says why.
        life_cycle = yield from or_none(read_life_cycle())
        if life_cycle in (None, LifeCycle.PERSONALIZED):
            raise
        return CardReading(life_cycle=life_cycle)
    attempt = _Attempt(new_ephemeral, enrolment, pace, block, shows_at_once, photo)
    return (yield from _read(attempt))


def read_plainly(*, can: CardAccessNumber | None = None, photo: bool = False) -> Flow[CardReading]:
    """Read a card just reset whose chip failed its proof; errors as ``read_card``."""
    pace = None if can is None else (yield from open_with_can(can))
    return (yield from _read(_Attempt(None, pace=pace, photo=photo)))


def _read(attempt: _Attempt) -> Flow[CardReading]:
    root = yield from attempt.via(_select_root())
    if root is _Root.STOPPED:
        return CardReading(life_cycle=(yield from attempt.via(read_life_cycle())))
    if root is _Root.ABSENT:
        return CardReading(
            files=(yield from attempt.via(read_field_files(attempt.block, attempt.scope)))
        )
    try:
        chip_security = yield from attempt.via(or_none(_read_chip_security(attempt.block)))
    except _StoppedError:
        return (yield from attempt.via(_read_stopped()))
    point = _chip_point(chip_security)
    if attempt.new_ephemeral is None or point is None:
        failed = attempt.new_ephemeral is None
        chip = ChipProof.FAILED if failed else ChipProof.NOT_OFFERED
        return (yield from attempt.via(_read_unproved(attempt, chip_security, chip)))
    return (yield from _read_proved(attempt, attempt.new_ephemeral, chip_security, point))


def _read_proved(
    attempt: _Attempt,
    new_ephemeral: NewEphemeralKey,
    chip_security: bytes | None,
    point: bytes,
) -> Flow[CardReading]:
    proved, found = yield from _prove_chip(attempt, point, new_ephemeral)
    reading = partial(_read_under, attempt, proved, chip_security)
    if isinstance(found, (AccessRefusedError, tuple)):
        return (yield from _show_and_read(attempt, proved, found, reading))
    try:
        return (yield from reading(found, shown=False))
    except AccessRefusedError as refused:
        # A file that does not exist has no rights (card.md §7), so a card without EF.SOD asks for
        # them only here. Without them nobody would learn that its trust layer is gone.
        if attempt.enrolment is None:
            raise
        yield from protect(select_application(Directory.ROOT.aid), proved.session)
        return (yield from _show_and_read(attempt, proved, refused, reading))


def _show_and_read(
    attempt: _Attempt,
    proved: ProvedChip,
    found: AccessRefusedError | TrustPoints,
    reading: Callable[..., Flow[CardReading]],
) -> Flow[CardReading]:
    yield from _show(attempt, proved, found)
    start = yield from protect(start_security_object(attempt.proved_block), proved.session)
    return (yield from reading(start, shown=True))


def _read_under(
    attempt: _Attempt,
    proved: ProvedChip,
    chip_security: bytes | None,
    start: FileStart | None,
    *,
    shown: bool,
) -> Flow[CardReading]:
    """Read the files under the keys of the proved chip, ``shown`` our certificates or not."""
    scope = Scope(photo=attempt.photo, iccid=not shown)
    rest = _read_rest(start, chip_security, attempt.proved_block, scope)
    security_object, files = yield from protect(rest, proved.session)
    protocols = (ProtocolName.CHIP_AUTHENTICATION, ProtocolName.TERMINAL_AUTHENTICATION)
    return CardReading(
        chip=ChipProof.PROVED,
        security_object=security_object,
        files=files,
        pace=attempt.pace_choice,
        ran=attempt.ran(*protocols[: 1 + shown]),
    )


def _show(
    attempt: _Attempt, proved: ProvedChip, found: AccessRefusedError | TrustPoints
) -> Flow[None]:
    """Show the enrolment to a card that refused EF.SOD, or whose trust points are known already."""
    if attempt.enrolment is None:
        raise found if isinstance(found, AccessRefusedError) else AccessRefusedError("not enrolled")
    if isinstance(found, AccessRefusedError):
        found = yield from protect(read_trust_points(), proved.session)
    yield from show_enrolment(attempt.enrolment, proved, attempt.pace, trust_points=found)


def _select_root() -> Flow[_Root]:
    try:
        sw = yield from select_application(Directory.ROOT.aid, tolerated=_STATES)
    except StatusError:
        return _Root.ABSENT
    return _Root.STOPPED if sw in _STATES else _Root.OPEN


def _read_stopped() -> Flow[CardReading]:
    """Report the card's state; one that knows no state is a card of the field after all."""
    life_cycle = yield from or_none(read_life_cycle())
    if life_cycle is None:
        return CardReading(files=(yield from read_field_files()))
    return CardReading(life_cycle=life_cycle)


def _read_chip_security(block: int) -> Flow[bytes]:
    try:
        return (yield from read_card_file(CardFile.CHIP_SECURITY, block))
    except StatusError as refused:
        if refused.sw == SW.CONDITIONS_NOT_SATISFIED:
            raise _StoppedError from refused
        raise


def _chip_point(chip_security: bytes | None) -> bytes | None:
    """Return the chip's point, None when there is no EF.ChipSecurity to take it from."""
    if chip_security is None:
        return None
    try:
        return parse_chip_security(chip_security).public_key.point
    except MalformedDataError:
        return None


def _prove_chip(
    attempt: _Attempt, point: bytes, new_ephemeral: NewEphemeralKey
) -> Flow[tuple[ProvedChip, FileStart | AccessRefusedError | TrustPoints | None]]:
    """Authenticate the chip; the first answer under the new keys is its proof.

    It is that for EF.SOD, or for EF.CVCA where the enrolment is shown at once.
    """
    try:
        agreeing = authenticate_chip(point, ephemeral=new_ephemeral())
        unproved = yield from attempt.via(agreeing)
        if attempt.shows_at_once and attempt.enrolment is not None:
            return (yield from unproved.prove(read_trust_points()))
        return (yield from unproved.prove(_start_or_refusal(attempt.proved_block)))
    except UnprotectedAnswerError as error:
        if error.sw == SW.WRONG_LENGTH and attempt.proved_block > PROTECTED_BLOCK:
            raise ExtendedLengthRefusedError("an extended command was answered bare") from error
        raise ChipNotProvedError("the chip did not show that it has its key") from error
    except (AuthenticationError, StatusError, MalformedDataError) as error:
        raise ChipNotProvedError("the chip did not show that it has its key") from error


def _start_or_refusal(block: int) -> Flow[FileStart | AccessRefusedError | None]:
    """Return a refusal instead of raising it: with a right MAC it proves the chip all the same."""
    try:
        return (yield from start_security_object(block))
    except AccessRefusedError as refused:
        return refused


def _read_unproved(
    attempt: _Attempt, chip_security: bytes | None, chip: ChipProof
) -> Flow[CardReading]:
    start = yield from start_security_object(attempt.block)
    security_object, files = yield from _read_rest(
        start, chip_security, attempt.block, attempt.scope
    )
    return CardReading(
        chip=chip,
        security_object=security_object,
        files=files,
        pace=attempt.pace_choice,
        ran=attempt.ran(),
    )


def _read_rest(
    start: FileStart | None, chip_security: bytes | None, block: int, scope: Scope
) -> Flow[tuple[bytes | None, SignedFiles]]:
    security_object = yield from finish_security_object(start, block)
    if security_object is None:
        return None, (yield from read_field_files(block, scope))
    files = yield from read_signed_files(chip_security, block, scope)
    return security_object, files

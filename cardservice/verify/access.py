"""How a terminal gets at a card that does not let everybody read: enrolment, or the CAN.

card.md §5: the terminal never asks which interface it is on; it tries, and what is refused says
what the card demands.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from cardservice.channel.card_access import MAX_CARD_ACCESS, choose_pace, parse_card_access
from cardservice.channel.chip_authentication import ProvedChip
from cardservice.channel.flow import Flow
from cardservice.channel.pace import PaceSession, establish_pace
from cardservice.channel.pace_password import PacePassword
from cardservice.channel.reading import PLAIN_BLOCK, read_binary, read_file
from cardservice.channel.terminal_authentication import (
    AuthenticatedTerminal,
    Sign,
    authenticate_terminal,
)
from cardservice.channel.terminal_authentication_chain import TerminalChain, choose_chain
from cardservice.channel.terminal_authentication_references import EF_CVCA_LEN, parse_ef_cvca
from cardservice.errors import MalformedDataError, StatusError
from cardservice.pki.keys import KeyStoreError
from cardservice.policycard.layout import CardFile
from cardservice.verify.card_files import AccessRefusedError

NewScalar = Callable[[int], int]
"""From the order n of a group to a fresh secret, 1..n-1."""


TrustPoints = tuple[bytes, ...]
"""References of a card's trust points, the current one first."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an enrolled desk shows a card.

    Attributes:
        chains: the preferred one first, as a rule the newest.
        sign: signs with the key of the chains' last certificate, r ‖ s.
    """

    chains: tuple[TerminalChain, ...]
    sign: Sign = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardAccessNumber:
    """The CAN a clerk read off the card, and where fresh scalars come from.

    Attributes:
        digits: six, ASCII.
    """

    digits: str = field(repr=False)
    new_scalar: NewScalar


def open_with_can(can: CardAccessNumber) -> Flow[PaceSession]:
    """Run PACE with the CAN on a card just reset; the master file is current.

    Raises:
        AccessRefusedError: the card offers no PACE.
        WrongPasswordError: the CAN is not this card's.
        AuthenticationError, MalformedDataError: as ``establish_pace``.
    """
    try:
        spec = CardFile.CARD_ACCESS.spec
        start = yield from read_file(sfi=spec.sfi, max_size=MAX_CARD_ACCESS, block=PLAIN_BLOCK)
    except StatusError as refused:
        raise AccessRefusedError("the card offers no PACE") from refused
    choice = choose_pace(parse_card_access(start.data))
    return (
        yield from establish_pace(
            choice,
            password=PacePassword.can(can.digits),
            map_scalar=can.new_scalar(choice.curve.n),
            ephemeral_scalar=can.new_scalar(choice.curve.n),
        )
    )


def show_enrolment(
    enrolment: Enrolment,
    chip: ProvedChip,
    pace: PaceSession | None,
    *,
    trust_points: TrustPoints,
) -> Flow[AuthenticatedTerminal]:
    """Show the card who asks, with the chain that fits one of its trust points.

    Raises:
        AccessRefusedError: no chain leads from a trust point of this card, the card refused a
            certificate or the signature, or the desk's key cannot be used now.
    """
    chain = choose_chain(trust_points, enrolment.chains)
    if chain is None:
        raise AccessRefusedError("the card knows no authority of this desk")
    try:
        return (yield from authenticate_terminal(chain, sign=enrolment.sign, chip=chip, pace=pace))
    except StatusError as refused:
        raise AccessRefusedError("the card refused this desk's certificates") from refused
    except KeyStoreError as error:
        # A module that was pulled. Nothing is wrong with the card.
        raise AccessRefusedError("this desk's key cannot be used now") from error


def read_trust_points() -> Flow[TrustPoints]:
    """Return the card's trust points, the current one first; none when it has no EF.CVCA."""
    try:
        octets = yield from read_binary(sfi=CardFile.CVCA.spec.sfi, ne=EF_CVCA_LEN)
        return parse_ef_cvca(octets)
    except (StatusError, MalformedDataError):
        return ()

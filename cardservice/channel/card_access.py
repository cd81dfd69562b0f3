"""EF.CardAccess: which PACE a card offers, and which of it this terminal runs.

The file is not signed. Whoever holds the card could offer a weaker protocol than the card has, so
the choice is held against the signed PACEInfo once EF.SOD was verified.

Source: ICAO Doc 9303-11 4.4 and 9.2; card.md 2 and 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cardservice.channel.curves import CURVES, Curve
from cardservice.channel.oids import PACE_KEY_BITS
from cardservice.channel.security_infos import (
    PACE_VERSION,
    PACEInfo,
    SecurityInfo,
    parse_security_infos,
)
from cardservice.errors import AuthenticationError, MalformedDataError

MAX_CARD_ACCESS: Final = 512
"""Octets the file may have at most (card.md 2)."""


@dataclass(frozen=True, slots=True)
class PaceChoice:
    """One of the PACE variants a card offers.

    Attributes:
        info: as the card said it.
        curve: its domain parameters.
        key_bits: length of the session keys.
        is_ambiguous: the card has the same protocol on several domains, so that it must be told
            which one is meant.
    """

    info: PACEInfo
    curve: Curve
    key_bits: int
    is_ambiguous: bool = False


class NoCommonPaceError(AuthenticationError):
    """The card offers no PACE that this terminal accepts."""


def parse_card_access(file: bytes) -> tuple[SecurityInfo, ...]:
    """Return the SecurityInfos of EF.CardAccess in the order received.

    Raises:
        MalformedDataError: more than 512 octets, not a DER SET of SecurityInfos, or none in it.

    Source: ICAO Doc 9303-11 9.2; vectors ``icao9303_pace.json``, ``eac2_worked_example_ecdh.json``.
    """
    if len(file) > MAX_CARD_ACCESS:
        raise MalformedDataError(f"EF.CardAccess has more than {MAX_CARD_ACCESS} octets")
    infos = parse_security_infos(file)
    if not infos:
        raise MalformedDataError("EF.CardAccess is empty")
    return infos


def choose_pace(
    infos: Sequence[SecurityInfo],
    *,
    protocols: Sequence[bytes] = tuple(PACE_KEY_BITS),
    curves: Sequence[Curve] = tuple(CURVES.values()),
) -> PaceChoice:
    """Return the PACE to run: the first of ``protocols``, there the first of ``curves``.

    Args:
        infos: what EF.CardAccess says.
        protocols: object identifiers this terminal accepts, best first.
        curves: domain parameters this terminal accepts, best first.

    Raises:
        NoCommonPaceError: the card offers none of them, in version 2 on standardized domains.

    Source: ICAO Doc 9303-11 4.4.1 step 1, 9.2.1.
    """
    offered = [info for info in infos if isinstance(info, PACEInfo)]
    for protocol in protocols:
        for curve in curves:
            info = PACEInfo(protocol, PACE_VERSION, curve.parameter_id)
            if info in offered:
                same = {one.parameter_id for one in offered if one.protocol == protocol}
                return PaceChoice(info, curve, PACE_KEY_BITS[protocol], len(same) > 1)
    raise NoCommonPaceError("the card offers no PACE that this terminal accepts")


def verify_pace_choice(ran: PaceChoice, signed: PACEInfo | None) -> PaceChoice:
    """Return ``ran`` if it is what the issuer signed.

    Args:
        ran: the variant that was run.
        signed: PACEInfo of EF.ChipSecurity, after EF.SOD vouched for that file.

    Raises:
        AuthenticationError: EF.CardAccess was forged to offer something else.

    Source: card.md 3, last sentence of its second paragraph.
    """
    if ran.info != signed:
        raise AuthenticationError("EF.CardAccess offered another PACE than the issuer signed")
    return ran

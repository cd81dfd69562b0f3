"""The variant of SCP03 a card speaks. The policy card's is the default; others are for vectors."""

from dataclasses import dataclass

from simulators.card.files import Directory

_I_PSEUDO_RANDOM = 0x10
_S8_OCTETS = 8
_S16_OCTETS = 16


@dataclass(frozen=True, slots=True)
class Scp03Options:
    """Parameters of SCP03. Source: GPC Amendment D 5.1 (``i``), 7.1.1; card.md §6.

    ``i`` is what INITIALIZE UPDATE announces; bit 0x10 adds the sequence counter to its answer.
    ``s16`` chooses 16-octet challenges, cryptograms and MACs. ``levels`` are the security levels
    taken by EXTERNAL AUTHENTICATE. ``diversification`` (10 octets) replaces ``464D`` with the chip
    serial. ``challenge_aid`` enters the pseudo-random challenge; None makes the challenge random.
    """

    i: int = 0x70
    s16: bool = False
    levels: frozenset[int] = frozenset({0x33})
    diversification: bytes | None = None
    challenge_aid: bytes | None = Directory.FOMS_ROOT.value

    @property
    def mac_octets(self) -> int:
        return _S16_OCTETS if self.s16 else _S8_OCTETS

    @property
    def shows_counter(self) -> bool:
        return bool(self.i & _I_PSEUDO_RANDOM)


POLICY_CARD_SCP03 = Scp03Options()

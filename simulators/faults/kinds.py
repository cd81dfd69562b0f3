"""Every kind of fault by its name."""

from collections.abc import Mapping
from typing import Final

from simulators.faults.answers import (
    BitErrors,
    Delay,
    GiveAnswer,
    GiveStatus,
    StaleAnswer,
    Truncate,
)
from simulators.faults.exchange import What
from simulators.faults.lengths import LieAboutExtendedLength, RefuseLe
from simulators.faults.power import CutPower, PullCard
from simulators.faults.presence import LoseInsertion, Mute, RemoveReader
from simulators.faults.quirks import AskForGetResponse, EndOfFile
from simulators.faults.resets import WrongAtr

KINDS: Final[Mapping[str, type[What]]] = {
    kind.kind: kind
    for kind in (
        CutPower,
        PullCard,
        Mute,
        GiveAnswer,
        GiveStatus,
        StaleAnswer,
        Truncate,
        Delay,
        BitErrors,
        EndOfFile,
        RefuseLe,
        LieAboutExtendedLength,
        AskForGetResponse,
        WrongAtr,
        LoseInsertion,
        RemoveReader,
    )
}
"""Every kind of fault by the name it has in a plan."""

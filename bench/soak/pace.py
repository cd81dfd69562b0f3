"""PACE and chip authentication, the software card against our terminal, again and again."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from bench.soak.places import NONCE_OCTETS, SCALAR_OCTETS, Place, Run, forced_runs
from cardservice.channel.card_access import PaceChoice, choose_pace, parse_card_access
from cardservice.channel.card_management import LifeCycle, read_life_cycle
from cardservice.channel.chip_authentication import authenticate_chip
from cardservice.channel.curves import P256
from cardservice.channel.flow import drive, protect
from cardservice.channel.pace import PaceSession, establish_pace
from cardservice.channel.pace_password import PacePassword
from cardservice.channel.point import multiply_generator
from cardservice.channel.security_infos import encode_card_access
from simulators.card import CountedClock, NonVolatileMemory, SoftwareCard, image
from simulators.card.files import EF_CARD_ACCESS
from simulators.card.making import blank_cells

CAN: Final = "123456"  # of a card that exists for a moment
_CHIP_SERIAL: Final = bytes(image.CHIP_SERIAL_OCTETS)


class WrongResultError(Exception):
    """Both sides agreed, but not on what the scalars say."""


@dataclass(slots=True)
class SoakResult:
    """What came of a soak.

    Attributes:
        forced: runs by the place that was forced.
        failures: number of the run, its place, and the kind of error; no secret is in it.
    """

    runs: int = 0
    seconds: float = 0.0
    forced: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str, str]] = field(default_factory=list)


class QueuedEntropy:
    """The card's generator: gives out what was put in, in order."""

    def __init__(self) -> None:
        self._queue: list[bytes] = []

    def put(self, *draws: bytes) -> None:
        """Replace what the card will draw next."""
        self._queue = list(draws)

    def octets(self, count: int, /) -> bytes:
        """Return the next draw; a draw of another length is an error of the soak."""
        drawn = self._queue.pop(0)
        if len(drawn) != count:
            raise AssertionError("the card draws other lengths than the soak foresees")
        return drawn


class Bench:
    """One software card with a CAN and a chip key, and our terminal before it."""

    def __init__(self) -> None:
        self._entropy = QueuedEntropy()
        self._card = SoftwareCard(_memory(), entropy=self._entropy, clock=CountedClock())
        self._choice: PaceChoice = choose_pace(parse_card_access(encode_card_access()))
        self._password = PacePassword.can(CAN)

    def run(self, run: Run) -> None:
        """Run PACE, chip authentication under it, and one command under the new keys.

        Raises:
            CardServiceError: the two sides did not come together.
            WrongResultError: they did, on another point or in another state than they should.
        """
        self._prepare(run)
        exchange = self._card.execute
        pace: PaceSession = drive(
            establish_pace(
                self._choice,
                password=self._password,
                map_scalar=run.map_terminal,
                ephemeral_scalar=run.ephemeral_terminal,
            ),
            exchange,
        )
        if pace.card_x != multiply_generator(run.card, P256).x_octets():
            raise WrongResultError
        chip_point = multiply_generator(run.chip, P256).encode()
        ephemeral = ec.derive_private_key(run.chip_terminal, ec.SECP256R1())
        agreeing = authenticate_chip(chip_point, ephemeral=ephemeral)
        unproved = drive(protect(agreeing, pace.session), exchange)
        _, state = drive(unproved.prove(read_life_cycle()), exchange)
        if state != LifeCycle.PERSONALIZED:
            raise WrongResultError

    def _prepare(self, run: Run) -> None:
        self._card.reset()
        self._card.memory.put(image.CHIP_KEY, run.chip.to_bytes(SCALAR_OCTETS))
        self._entropy.put(
            run.nonce.to_bytes(NONCE_OCTETS),
            run.map_card.to_bytes(SCALAR_OCTETS),
            run.ephemeral_card.to_bytes(SCALAR_OCTETS),
        )


def soak(runs: int, *, seed: int) -> SoakResult:
    """Return what came of so many runs, each place forced in turn."""
    return soak_over(islice(forced_runs(seed), runs))


def soak_over(runs: Iterable[tuple[Place, Run]]) -> SoakResult:
    """Return what came of these runs; none of them stops the others."""
    bench, result, began = Bench(), SoakResult(), time.perf_counter()
    for place, run in runs:
        result.runs += 1
        result.forced[place.name] += 1
        try:
            bench.run(run)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is what a soak looks for
            result.failures.append((result.runs, place.name, type(error).__name__))
    result.seconds = time.perf_counter() - began
    return result


def _memory() -> NonVolatileMemory:
    cells = {
        **blank_cells(_CHIP_SERIAL),
        image.LIFE_CYCLE: bytes((LifeCycle.PERSONALIZED,)),
        image.CAN: CAN.encode("ascii"),
        EF_CARD_ACCESS.cell: encode_card_access(),
    }
    return NonVolatileMemory(cells)

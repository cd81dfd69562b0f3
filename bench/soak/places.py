"""Runs of PACE and chip authentication in which a chosen number starts with a zero octet.

All scalars of both sides are chosen here, so the discrete logarithm of every point of a run is
known. A pool of multiples of G that have such a coordinate is ground once; to force a place, one
scalar of the run is solved for, so that the point in that place is a multiple from the pool.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import count, cycle
from random import Random
from typing import Final

from cardservice.channel.curves import P256
from cardservice.channel.point import Point, add, multiply_generator

ORDER: Final = P256.n
SCALAR_OCTETS: Final = 32
NONCE_OCTETS: Final = 16
POOL: Final = 256
"""Multiples kept for each coordinate. One in 256 will do, so this takes some 65,000 additions."""

_SHORT_SCALAR: Final = 1 << 8 * (SCALAR_OCTETS - 1)
_SHORT_NONCE: Final = 1 << 8 * (NONCE_OCTETS - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What both sides draw in one run; secrets of nobody."""

    nonce: int = field(repr=False)
    map_terminal: int = field(repr=False)
    map_card: int = field(repr=False)
    ephemeral_terminal: int = field(repr=False)
    ephemeral_card: int = field(repr=False)
    chip: int = field(repr=False)
    chip_terminal: int = field(repr=False)

    @property
    def h(self) -> int:
        """Logarithm of H, where the mapping keys meet."""
        return self.map_terminal * self.map_card % ORDER

    @property
    def generator(self) -> int:
        """Logarithm of the mapped generator."""
        return (self.nonce + self.h) % ORDER

    @property
    def terminal(self) -> int:
        """Logarithm of the terminal's ephemeral point."""
        return self.ephemeral_terminal * self.generator % ORDER

    @property
    def card(self) -> int:
        """Logarithm of the card's ephemeral point."""
        return self.ephemeral_card * self.generator % ORDER

    @property
    def secret(self) -> int:
        """Logarithm of PACE's shared point."""
        return self.ephemeral_terminal * self.card % ORDER

    @property
    def chip_secret(self) -> int:
        """Logarithm of the shared point of chip authentication."""
        return self.chip * self.chip_terminal % ORDER


class Coordinate(Enum):
    """Which coordinate of a point is meant."""

    X = "x"
    Y = "y"


Pools = dict[Coordinate, tuple[int, ...]]
Solve = Callable[[Run, int], Run]
"""From a run and a multiple of G to the run with one scalar changed: the multiple is its point."""


def _solve_map_terminal(run: Run, multiple: int) -> Run:
    return replace(run, map_terminal=multiple)


def _solve_map_card(run: Run, multiple: int) -> Run:
    return replace(run, map_card=multiple)


def _solve_h(run: Run, multiple: int) -> Run:
    return replace(run, map_card=_divide(multiple, run.map_terminal))


def _solve_generator(run: Run, multiple: int) -> Run:
    return _solve_h(run, multiple - run.nonce)


def _solve_terminal(run: Run, multiple: int) -> Run:
    return replace(run, ephemeral_terminal=_divide(multiple, run.generator))


def _solve_card(run: Run, multiple: int) -> Run:
    return replace(run, ephemeral_card=_divide(multiple, run.generator))


def _solve_secret(run: Run, multiple: int) -> Run:
    return replace(run, ephemeral_card=_divide(multiple, run.terminal))


def _solve_chip(run: Run, multiple: int) -> Run:
    return replace(run, chip=multiple)


def _solve_chip_terminal(run: Run, multiple: int) -> Run:
    return replace(run, chip_terminal=multiple)


def _solve_chip_secret(run: Run, multiple: int) -> Run:
    return replace(run, chip_terminal=_divide(multiple, run.chip))


SOLVERS: Final[dict[str, Solve]] = {
    "map_terminal": _solve_map_terminal,
    "map_card": _solve_map_card,
    "h": _solve_h,
    "generator": _solve_generator,
    "terminal": _solve_terminal,
    "card": _solve_card,
    "secret": _solve_secret,
    "chip": _solve_chip,
    "chip_terminal": _solve_chip_terminal,
    "chip_secret": _solve_chip_secret,
}
"""Points by the member of ``Run`` that is their logarithm."""
SCALARS: Final = (
    "nonce",
    "map_terminal",
    "map_card",
    "ephemeral_terminal",
    "ephemeral_card",
    "chip",
    "chip_terminal",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A number of a run: a scalar, or with ``coordinate`` one coordinate of a point."""

    member: str
    coordinate: Coordinate | None = None

    @property
    def name(self) -> str:
        """The member of ``Run``, and the coordinate if one is meant."""
        return f"{self.member}.{self.coordinate.value}" if self.coordinate else self.member


PLACES: Final = (
    *(Place(member) for member in SCALARS),
    *(Place(member, coordinate) for member in SOLVERS for coordinate in Coordinate),
)
"""Every place, each forced in turn. Of shared points x is the secret; y comes along."""


def forced_runs(seed: int, *, pool: int = POOL) -> Iterator[tuple[Place, Run]]:
    """Return runs without end, the next place forced in each; the same seed gives the same."""
    random = Random(seed)  # noqa: S311 - repeatable, and no secret of anybody
    pools = grind(random, pool)
    for place in cycle(PLACES):
        yield place, _force(place, _draw(random), pools, random)


def grind(random: Random, size: int) -> Pools:
    """Return ``size`` multiples of G for each coordinate that starts with a zero octet there."""
    found: dict[Coordinate, list[int]] = {coordinate: [] for coordinate in Coordinate}
    generator = multiply_generator(1, P256)
    first = random.randrange(2, ORDER // 2)
    point = multiply_generator(first, P256)
    for multiple in count(first):
        for coordinate, multiples in found.items():
            if coordinate_of(point, coordinate) < _SHORT_SCALAR:
                multiples.append(multiple)
        if min(map(len, found.values())) >= size:
            break
        point = add(point, generator)
    return {coordinate: tuple(multiples[:size]) for coordinate, multiples in found.items()}


def coordinate_of(point: Point, coordinate: Coordinate) -> int:
    """Return one coordinate of the point."""
    return point.x if coordinate is Coordinate.X else point.y


def _draw(random: Random) -> Run:
    scalars = {name: random.randrange(1, ORDER) for name in SCALARS}
    scalars["nonce"] = random.randrange(1, 1 << 8 * NONCE_OCTETS)
    return Run(**scalars)


def _force(place: Place, run: Run, pools: Pools, random: Random) -> Run:
    if place.coordinate is not None:
        return SOLVERS[place.member](run, random.choice(pools[place.coordinate]))
    short = _SHORT_NONCE if place.member == "nonce" else _SHORT_SCALAR
    return replace(run, **{place.member: random.randrange(1, short)})


def _divide(dividend: int, divisor: int) -> int:
    return dividend * pow(divisor, -1, ORDER) % ORDER

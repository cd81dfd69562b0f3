"""Mutations of kept inputs, the same at every run: the short run that needs no other package.

It knows no coverage; it knows what parsers trip over: lengths, cuts, repeated and swapped parts.
"""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Final

from fuzz.target import MAX_INPUT

_TELLING_OCTETS: Final = bytes.fromhex("00 01 1F 20 30 7F 80 81 82 83 84 85 9F BF DF FE FF")
_TELLING_PARTS: Final = tuple(
    bytes.fromhex(part)
    for part in ("8180", "820100", "83010000", "84FFFFFFFF", "80", "0000", "7F49", "9F8101", "30")
)
_MOST_STEPS: Final = 4
_LONGEST_PART: Final = 32

Mutation = Callable[[Random, bytearray, bytes], None]


def mutants(corpus: Sequence[bytes], *, count: int, seed: int = 0) -> Iterator[bytes]:
    """Yield ``count`` inputs, each made of one of ``corpus`` by one to four mutations."""
    chance = Random(seed)  # noqa: S311 - repeatable, and no secret
    for _ in range(count):
        octets = bytearray(chance.choice(corpus))
        for _ in range(chance.randint(1, _MOST_STEPS)):
            chance.choice(_MUTATIONS)(chance, octets, chance.choice(corpus))
        yield bytes(octets[:MAX_INPUT])


def _flip(chance: Random, octets: bytearray, _other: bytes) -> None:
    if octets:
        octets[chance.randrange(len(octets))] ^= 1 << chance.randrange(8)


def _set(chance: Random, octets: bytearray, _other: bytes) -> None:
    if octets:
        octets[chance.randrange(len(octets))] = chance.choice(_TELLING_OCTETS)


def _count(chance: Random, octets: bytearray, _other: bytes) -> None:
    """Change an octet by one or two: lengths that are nearly right."""
    if octets:
        at = chance.randrange(len(octets))
        octets[at] = (octets[at] + chance.choice((-2, -1, 1, 2))) % 256


def _cut(chance: Random, octets: bytearray, _other: bytes) -> None:
    del octets[chance.randint(0, len(octets)) :]


def _drop(chance: Random, octets: bytearray, _other: bytes) -> None:
    at = chance.randint(0, len(octets))
    del octets[at : at + chance.randint(1, _LONGEST_PART)]


def _insert(chance: Random, octets: bytearray, _other: bytes) -> None:
    at = chance.randint(0, len(octets))
    octets[at:at] = chance.choice(_TELLING_PARTS)


def _repeat(chance: Random, octets: bytearray, _other: bytes) -> None:
    at = chance.randint(0, len(octets))
    octets[at:at] = octets[at : at + chance.randint(1, _LONGEST_PART)]


def _splice(chance: Random, octets: bytearray, other: bytes) -> None:
    at = chance.randint(0, len(octets))
    octets[at:] = other[chance.randint(0, len(other)) :]


_MUTATIONS: Final[tuple[Mutation, ...]] = (
    _flip,
    _set,
    _count,
    _cut,
    _drop,
    _insert,
    _repeat,
    _splice,
)

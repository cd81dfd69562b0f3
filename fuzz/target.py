"""What is fuzzed, as a value, and what all targets share."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

Check = Callable[[bytes], object]
"""Eats octets. Raises nothing, or only what its documentation says; the result is not looked at."""

MAX_INPUT: Final = 8192
"""Octets of an input at most: twice the longest EF.SOD, so that limits are reached and passed."""


class Finding(AssertionError):  # noqa: N818 - it is what one looks for
    """An invariant does not hold for an input."""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to fuzz.

    Attributes:
        check: called with an input; any exception out of it is a finding.
        seeds: makes inputs to start from, with our own encoders.
        heaviness: how many times longer an input takes than a parser's, about.
    """

    check: Check
    seeds: Callable[[], Iterable[bytes]]
    heaviness: int = 1


Targets = Mapping[str, Target]


def all_of(*checks: Check, documented: tuple[type[Exception], ...]) -> Check:
    """Return a check that runs each of ``checks`` and lets it raise its ``documented`` errors."""

    def check(octets: bytes) -> None:
        for one in checks:
            try:
                one(octets)
            except documented:
                continue

    return check


def require(condition: object, sentence: str) -> None:
    """Raise ``Finding`` with the sentence that is not true."""
    if not condition:
        raise Finding(sentence)


def pieces(octets: bytes, *, width: int = 1) -> Iterator[bytes]:
    """Yield the messages in an input: ``width`` octets of length, so many octets, again and again.

    The last one may be shorter than its length says. So a mutation of one message leaves the
    others as they are.
    """
    position = 0
    while position < len(octets):
        start = position + width
        position = start + int.from_bytes(octets[position:start])
        yield octets[start:position]


def joined(*messages: bytes, width: int = 1) -> bytes:
    """Return the input that ``pieces`` takes apart into ``messages``."""
    return b"".join(len(message).to_bytes(width) + message for message in messages)

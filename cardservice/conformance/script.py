"""Cases as a line of text: commands with the answers a card must give.

Steps are separated by ``;``. A step is either a word that brings the terminal somewhere (``root``,
``pace``, ``verify`` …: the names of ``preparing.PREPARATIONS``) or a command with what must come:

    ``00B0810000 > 9000 60*``    sent under the session there is; data begin with 60
    ``00CADF0101 > 9000 0F``     data are exactly 0F
    ``00840000 08 > 9000 #8``    data have 8 octets
    ``~00B0000000 > 6987``       sent as it stands, whatever session there is
    ``00A40000023F01 > 6A82|6985``  one of several status words

``{name}`` in a command stands for octets that only the run knows (``Known.octets``).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cardservice.apdu.command import CommandAPDU
from cardservice.apdu.response import ResponseAPDU
from cardservice.conformance.preparing import NEEDS, PREPARATIONS, prepare
from cardservice.conformance.terms import CaseFailedError, Need

if TYPE_CHECKING:
    from cardservice.conformance.terminal import Terminal

_ANSWER: Final = ">"
_AS_IT_STANDS: Final = "~"
_PLACE: Final = re.compile(r"\{(\w+)\}")
_PLACE_NEEDS: Final = {
    "pin": Need.PIN,
    "wrong_pin": Need.PIN,
    "puk": Need.PUK,
    "wrong_puk": Need.PUK,
}
_HEX: Final = 16


@dataclass(frozen=True, slots=True)
class Step:
    """One command and what must be answered."""

    command: str
    words: frozenset[int]
    data: str | None

    @property
    def as_it_stands(self) -> bool:
        """True when no session protects it."""
        return self.command.startswith(_AS_IT_STANDS)

    def octets(self, place: Callable[[str], bytes]) -> bytes:
        """Return the command with its places filled."""
        filled = _PLACE.sub(lambda found: place(found[1]).hex(), self.command)
        return bytes.fromhex(filled.removeprefix(_AS_IT_STANDS))


def play(terminal: "Terminal", script: str) -> None:
    """Run the steps of ``script``.

    Raises:
        CaseFailedError: an answer that is not the expected one.
    """
    for one in steps_of(script):
        if isinstance(one, str):
            prepare(terminal, one)
        else:
            _check(one, _exchange(terminal, one))


def steps_of(script: str) -> Iterator[Step | str]:
    """Return the steps: words for preparations, the others taken apart."""
    for text in filter(None, (part.strip() for part in script.split(";"))):
        command, answer, expected = text.partition(_ANSWER)
        if not answer:
            if command not in PREPARATIONS:
                raise ValueError(f"no preparation is called {command!r}")
            yield command
            continue
        words, _, data = expected.strip().partition(" ")
        accepted = frozenset(int(word, _HEX) for word in words.split("|"))
        yield Step(command.strip(), accepted, data.replace(" ", "").upper() or None)


def needs_of(script: str) -> frozenset[Need]:
    """Return what must be known to play ``script``."""
    needs: set[Need] = set()
    for one in steps_of(script):
        if isinstance(one, str):
            needs |= NEEDS.get(one, frozenset())
        else:
            places = _PLACE.findall(one.command)
            needs |= {_PLACE_NEEDS[name] for name in places if name in _PLACE_NEEDS}
    return frozenset(needs)


def _exchange(terminal: "Terminal", step: Step) -> ResponseAPDU:
    octets = step.octets(terminal.known.octets)
    if step.as_it_stands:
        return terminal.exchange(octets)
    return terminal.send(CommandAPDU.parse(octets))


def _check(step: Step, response: ResponseAPDU) -> None:
    header = step.command.removeprefix(_AS_IT_STANDS).replace(" ", "")[:8]
    if response.sw not in step.words:
        wanted = " or ".join(f"{word:04X}" for word in sorted(step.words))
        raise CaseFailedError(f"{header}…: expected {wanted}, answered {response.sw:04X}")
    if step.data is not None and not _fits(step.data, response.data):
        raise CaseFailedError(
            f"{header}…: expected data {step.data}, answered others of {len(response.data)} octets"
        )


def _fits(pattern: str, data: bytes) -> bool:
    if pattern.startswith("#"):
        return len(data) == int(pattern[1:])
    if pattern.endswith("*"):
        return data.startswith(bytes.fromhex(pattern[:-1]))
    return data == (b"" if pattern == "-" else bytes.fromhex(pattern))

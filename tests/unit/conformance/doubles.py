"""Cases and links for tests of the run itself."""

from collections.abc import Callable

from cardservice.conformance.case import Case
from cardservice.conformance.recording import Exchange
from cardservice.conformance.results import Result
from cardservice.conformance.terminal import Terminal
from cardservice.conformance.terms import Interface, Outcome, Stage


class ScriptedLink:
    """Answers what it is told to, and remembers what it was asked."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self._answer = answer
        self.asked: list[bytes] = []
        self.closed = 0

    @property
    def atr(self) -> bytes:
        return b"\x3b\x00"

    def exchange(self, command: bytes) -> bytes:
        self.asked.append(command)
        return self._answer(command)

    def reset(self) -> bytes:
        return self.atr

    def close(self) -> None:
        self.closed += 1


def nothing(_: Terminal) -> None:
    """A case that always holds."""


def a_case(number: str = "FL-001", body: Callable[[Terminal], None] = nothing) -> Case:
    return Case(number=number, title="It is <so> & so", clause="card.md §1", body=body)


def a_result(outcome: Outcome = Outcome.FAILED, why: str = "no \x00 & <good>") -> Result:
    return Result(
        case=a_case(),
        interface=Interface.CONTACT,
        stage=Stage.PERSONALIZED,
        outcome=outcome,
        why=why,
        exchanges=(Exchange("00A4", "9000"), Exchange("", "", inside="00A4 → 9000")),
    )

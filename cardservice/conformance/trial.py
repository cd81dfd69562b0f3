"""One case tried on the card that is there: it holds, or it fails, whatever the card does."""

import time
from collections.abc import Callable
from typing import Final

from cardservice.conformance.bounded import BoundedLink
from cardservice.conformance.case import Case
from cardservice.conformance.known import Known
from cardservice.conformance.recording import Exchange
from cardservice.conformance.results import Result
from cardservice.conformance.terminal import Terminal
from cardservice.conformance.terms import CaseFailedError, Interface, Outcome, Stage
from cardservice.errors import CardServiceError, LinkError

MAX_EXCHANGES: Final = 4_000
"""Of one case: the longest sweeps 256 instructions; a card that never ends is cut off."""


def attempt(
    case: Case,
    present: Callable[[], BoundedLink],
    known: Known,
    interface: Interface,
    stage: Stage,
) -> Result:
    """Return how ``case`` came out on the card that ``present`` gets at; raises nothing."""
    exchanges: list[Exchange] = []

    def record(exchange: Exchange) -> None:
        if len(exchanges) >= MAX_EXCHANGES:
            raise CaseFailedError("the card was asked more often than any case needs")
        exchanges.append(exchange)

    def converse() -> None:
        link = present()
        link.begin(case.budget_s)
        terminal = Terminal(link, known, interface, stage, record)
        terminal.reset()
        case.body(terminal)

    began = time.perf_counter()
    why, lost = _failure(converse)
    return Result(
        case=case,
        interface=interface,
        stage=stage,
        outcome=Outcome.HELD if why is None else Outcome.FAILED,
        why=why or "",
        exchanges=tuple(exchanges),
        seconds=time.perf_counter() - began,
        lost=lost,
    )


def _failure(converse: Callable[[], None]) -> tuple[str | None, bool]:
    """Return why it failed, None if it held; and whether it was the link that broke."""
    try:
        converse()
    except LinkError as error:
        return str(error), True
    except (CaseFailedError, CardServiceError) as error:
        return str(error), False
    except Exception as error:  # noqa: BLE001 - whatever octets a card sends, the run goes on
        return f"the answer was not understood ({type(error).__name__})", False
    return None, False

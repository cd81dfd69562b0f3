"""Exchanges as lines of text."""

from collections.abc import Iterator

from cardservice.conformance.recording import Exchange
from cardservice.conformance.results import Result


def lines_of(result: Result) -> Iterator[str]:
    """Return what was said in one case, a line an exchange half."""
    for exchange in result.exchanges:
        yield from lines_of_exchange(exchange)


def lines_of_exchange(exchange: Exchange) -> Iterator[str]:
    """Return one exchange as two lines, or what was inside it as one."""
    if exchange.inside:
        yield f"   ({exchange.inside})"
    else:
        yield f"→ {exchange.sent}"
        yield f"← {exchange.answered}"

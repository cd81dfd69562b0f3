"""``cardsim replay``: a recorded conversation fed back to the card."""

import json
import sys
from pathlib import Path
from typing import Final

import click

from simulators.cli.decode import load_image
from simulators.cli.problem import reports_problems
from simulators.trace import Difference, Outcome, Trace, TraceError, read_traces, replay_on_image

EXIT_DIFFERS: Final = 3


@click.command("replay")
@click.argument("trace", type=click.Path(path_type=Path))
@click.option(
    "--state",
    required=True,
    type=click.Path(path_type=Path),
    help="Image of the card as it was when the recording began; it stays as it is.",
)
@click.option(
    "--session", default=1, type=click.IntRange(1), help="Which one of a trace with many."
)
@click.option("--anyway", is_flag=True, help="Take an image that is not that of the recording.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def command(trace: Path, state: Path, session: int, *, anyway: bool, as_json: bool) -> None:
    """Feed the commands of TRACE to the card and show the first answer that differs.

    What the trace masks is compared, and shown as masked. Exit codes: 0 all the same, 1 not
    possible (the message says why), 2 wrong usage, 3 something differs.

    Example: cardsim replay tap.trace --state anna.card
    """
    with reports_problems():
        outcome = replay_on_image(load_image(state), _session(trace, session), anyway=anyway)
    click.echo(_as_json(outcome) if as_json else _in_words(outcome))
    if outcome.difference is not None:
        sys.exit(EXIT_DIFFERS)


def _session(path: Path, number: int) -> Trace:
    traces = read_traces(path)
    if number > len(traces):
        raise TraceError(
            f"{path} has {len(traces)} sessions", remedy=f"choose one from 1 to {len(traces)}"
        )
    return traces[number - 1]


def _as_json(outcome: Outcome) -> str:
    found = outcome.difference
    content = {
        "same": found is None,
        "events": outcome.events,
        "difference": None if found is None else found.as_mapping(),
    }
    return json.dumps(content, ensure_ascii=False)


def _in_words(outcome: Outcome) -> str:
    if outcome.difference is None:
        return f"All the same: {outcome.events} events."
    return _difference(outcome.difference)


def _difference(found: Difference) -> str:
    return "\n".join(
        (
            f"Event {found.number} differs: {found.event}",
            f"  where     {found.where}",
            f"  expected  {found.expected}{_aside(found.expected_meaning)}",
            f"  got       {found.got}{_aside(found.got_meaning)}",
        )
    )


def _aside(meaning: str) -> str:
    return f"  ({meaning})" if meaning else ""

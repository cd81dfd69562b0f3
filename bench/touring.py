"""How long a card takes in ``cardservice tour``, made and read, and how much of it is host work."""

import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Final

from bench.figures import FULL, Figure, NotMeasurableError, Pace

COUNT: Final = 20  # cards, what the tour makes unless told otherwise
TIMEOUT_S: Final = 300.0
CARD_REFERENCE: Final = "of it, the software card's own answering in the same runs"
SIM_REFERENCE: Final = "the same tour with the cards in this process (tour.sim)"


@dataclass(frozen=True, slots=True)
class _Run:
    """One tour: seconds a card, made and read; the host's share of them; the whole command."""

    card_s: float
    host_share: float
    command_s: float


def in_process(pace: Pace = FULL) -> Figure:
    """Measure the tour with cards in its own process."""
    runs = [_tour("sim", pace) for _ in range(pace.runs)]
    value = _median_s(runs)
    answering = statistics.median(run.card_s * (1 - run.host_share) for run in runs)
    return Figure(
        name="tour.sim",
        value=value,
        unit="s/card",
        reference=CARD_REFERENCE,
        reference_value=round(answering, 4),
        note=_note(runs),
    )


def over_pcsc(pace: Pace = FULL) -> Figure:
    """Measure the tour over pyscard, pcscd and virtual readers, beside the tour without them.

    Raises:
        NotMeasurableError: not root, or pcscd, the driver or pyscard is missing.
    """
    pairs = [(_tour("pcsc", pace), _tour("sim", pace)) for _ in range(pace.runs)]
    runs = [run for run, _ in pairs]
    return Figure(
        name="tour.pcsc",
        value=_median_s(runs),
        unit="s/card",
        reference=SIM_REFERENCE,
        reference_value=_median_s([run for _, run in pairs]),
        note=_note(runs),
    )


def _tour(reader: str, pace: Pace) -> _Run:
    count = min(COUNT, pace.cards)
    command = [sys.executable, "-m", "cardservice.main", "tour", "--json", "--reader", reader]
    began = time.perf_counter()
    ended = subprocess.run(  # noqa: S603 - our own program, no shell
        [*command, "--count", str(count)], capture_output=True, timeout=TIMEOUT_S, check=False
    )
    command_s = time.perf_counter() - began
    if ended.returncode != 0:
        raise NotMeasurableError(ended.stderr.decode(errors="replace").strip())
    said = json.loads(ended.stdout)
    total_ms = sum(one["personalize_ms"] + one["verify_ms"] for one in said["verdicts"])
    return _Run(total_ms / 1000 / said["cards"], said["host_share"], command_s)


def _median_s(runs: list[_Run]) -> float:
    return round(statistics.median(run.card_s for run in runs), 4)


def _note(runs: list[_Run]) -> str:
    share = statistics.median(run.host_share for run in runs)
    command_s = statistics.median(run.command_s for run in runs)
    return f"host work {share:.0%}; the whole command {command_s:.2f} s"

"""How fast the service verifies the files that clinics post."""

import asyncio
import os
import statistics
from typing import Final

from bench.api_service import API, CLIENTS, CONSTANT, request_of, running_service, turn
from bench.figures import FULL, Figure, Pace, per_second

REFERENCE: Final = (
    "a route of the same framework and kind, which knows its client and reads the same request, "
    "answering a constant, in turns"
)
_TURNS: Final = 4  # of a pace's turns: a connection has to be made in each
_LATE: Final = 0.99


def files(pace: Pace = FULL) -> Figure:
    """Measure requests over HTTP: who asks, form, hashes, signature, signer, register, verdict."""
    with running_service(pace.cards) as service:
        measured = [request_of(f"{API}/card-files", body) for body in service.files]
        constant = [request_of(f"{CONSTANT}/guarded", body) for body in service.files]
        others = {
            kind: [request_of(f"{CONSTANT}/{kind}", body) for body in service.files]
            for kind in ("bare", "declared")
        }
        seconds = pace.turn_s * _TURNS
        asyncio.run(turn(service.port, measured, seconds))
        rates, reference, taken = [], [], []
        beside: dict[str, list[float]] = {kind: [] for kind in others}
        for _ in range(pace.rounds):
            rate, times = asyncio.run(turn(service.port, measured, seconds))
            rates.append(rate)
            taken += times
            reference.append(asyncio.run(turn(service.port, constant, seconds))[0])
            for kind, asked in others.items():
                beside[kind].append(asyncio.run(turn(service.port, asked, seconds))[0])
    late = sorted(taken)[int(len(taken) * _LATE)] * 1000
    return Figure(
        name="api.files",
        value=per_second(statistics.median(rates)),
        unit="requests/s",
        reference=REFERENCE,
        reference_value=per_second(statistics.median(reference)),
        note=f"{CLIENTS} clients, one core; p99 {late:.1f} ms; constants: of a route that asks "
        f"nobody {statistics.median(beside['bare']):.0f}/s, of one whose form the framework reads "
        f"{statistics.median(beside['declared']):.0f}/s; load {os.getloadavg()[0]:.1f}",
    )

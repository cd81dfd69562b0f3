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
        bare = [request_of(f"{CONSTANT}/bare", body) for body in service.files]
        seconds = pace.turn_s * _TURNS
        asyncio.run(turn(service.port, measured, seconds))
        rates, reference, least, taken = [], [], [], []
        for _ in range(pace.rounds):
            rate, times = asyncio.run(turn(service.port, measured, seconds))
            rates.append(rate)
            taken += times
            reference.append(asyncio.run(turn(service.port, constant, seconds))[0])
            least.append(asyncio.run(turn(service.port, bare, seconds))[0])
    late = sorted(taken)[int(len(taken) * _LATE)] * 1000
    return Figure(
        name="api.files",
        value=per_second(statistics.median(rates)),
        unit="requests/s",
        reference=REFERENCE,
        reference_value=per_second(statistics.median(reference)),
        note=f"{CLIENTS} clients, one core; p99 {late:.1f} ms; a route that asks nobody "
        f"{statistics.median(least):.0f}/s; load {os.getloadavg()[0]:.1f}",
    )

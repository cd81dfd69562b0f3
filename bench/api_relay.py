"""What reading cards through the service costs: time a command, and memory a session."""

import asyncio
import json
import os
import statistics
import time
import tracemalloc
from collections.abc import Callable
from typing import Any, Final

from websockets.sync.client import ClientConnection, connect

from bench.api_service import (
    API,
    CLIENTS,
    TOKEN,
    Caller,
    Service,
    request_of,
    running_service,
)
from bench.figures import FULL, Figure, Pace
from bench.tap_desk import Stage, stage
from cardservice.transport.inprocess import SeamLink, open_seam
from cardservice.verify.examining import Examined, Exchange, Steps
from simulators.card import SoftwareCard
from simulators.card.tampering import copy_of
from simulators.reader import InProcessReader

SESSIONS: Final = f"{API}/card-sessions"
OPEN: Final = 2_000
REFERENCE: Final = "the same card read in this process, in turns; milliseconds a command"
ALONE: Final = "our own objects of examinations suspended at the same step in this process"
_MS: Final = 1000
_COUNTED: Final = 20
_OURS: Final = "*/cardservice/*"
_DEEP: Final = 6  # steps after which every card has proved its chip and has keys of its own
Ask = Callable[[str, dict[str, Any]], dict[str, Any]]


def relay(pace: Pace = FULL) -> Figure:
    """Measure milliseconds that HTTP, the session and the change of process add to a command."""
    with running_service(1) as service, stage() as lent, asyncio.Runner() as runner:
        caller = runner.run(Caller.connect(service.port))
        link = _link(lent.card)

        def ask(path: str, sent: dict[str, Any]) -> dict[str, Any]:
            return runner.run(_asked(caller, path, sent))

        over_http, over_socket, here = [], [], []
        with _stream(service) as stream:
            for _ in range(pace.rounds):
                here.append(_here(lent, link))
                over_http.append(_over(ask, link))
                over_socket.append(_over(_asking(stream), link))
        runner.run(caller.close())
    own, http, socket = (statistics.median(one) for one in (here, over_http, over_socket))
    return Figure(
        name="api.relay",
        value=round(http - own, 3),
        unit="ms a command, added",
        reference=REFERENCE,
        reference_value=round(own, 3),
        note=f"over a socket {socket - own:.3f} ms; load {os.getloadavg()[0]:.1f}",
    )


def sessions(pace: Pace = FULL) -> Figure:
    """Measure the memory of sessions that are all open at once, each at its own card; all end."""
    count = min(OPEN, pace.singles)
    with running_service(1) as service, stage() as lent:
        grown, seconds, ended = asyncio.run(_all_at_once(service, lent.card, count))
        alone = _objects_alone(lent)
    if ended != count:
        raise AssertionError(f"{count - ended} of {count} sessions did not end")
    return Figure(
        name="api.sessions",
        value=round(grown / count, 1),
        unit="KiB a session",
        reference=ALONE,
        reference_value=round(alone, 1),
        note=f"{count} open at once, all ended in {seconds:.0f} s; load {os.getloadavg()[0]:.1f}",
    )


def _objects_alone(lent: Stage) -> float:
    """Return KiB of our own objects that one suspended examination keeps."""
    links = [_link(copy_of(lent.card, entropy=None)) for _ in range(_COUNTED)]
    tracemalloc.start()
    try:
        kept = [_suspended(lent, link) for link in links]
        ours = tracemalloc.take_snapshot().filter_traces(
            [tracemalloc.Filter(inclusive=True, filename_pattern=_OURS)]
        )
        octets = sum(one.size for one in ours.statistics("filename"))
    finally:
        tracemalloc.stop()
    return octets / 1024 / len(kept)


def _suspended(lent: Stage, link: SeamLink) -> Steps[Examined]:
    steps = lent.plain.examining(link.atr)
    step = next(steps)
    for _ in range(_DEEP):
        step = steps.send(link.exchange(step.command) if isinstance(step, Exchange) else b"")
    return steps


def _here(lent: Stage, link: SeamLink) -> float:
    link.reset()
    began = time.perf_counter()
    found = lent.plain.examine(link)
    return (time.perf_counter() - began) * _MS / found.commands


def _over(ask: Ask, link: SeamLink) -> float:
    """Return milliseconds a command of a whole reading; the session's opening is its first."""
    link.reset()
    began, commands = time.perf_counter(), 0
    told = ask(SESSIONS, {})
    place = f"{SESSIONS}/{told['session']}/answers"
    while "verdict" not in told:
        commands += 1
        told = ask(place, _answers(told, link))
    return (time.perf_counter() - began) * _MS / commands


def _answers(told: dict[str, Any], link: SeamLink) -> dict[str, Any]:
    if told["reset"]:
        link.reset()
    said = [link.exchange(bytes.fromhex(one)).hex() for one in told["commands"]]
    return {"step": told["step"], "answers": said}


def _stream(service: Service) -> ClientConnection:
    url = f"ws://127.0.0.1:{service.port}{SESSIONS}/stream"
    return connect(url, additional_headers={"Authorization": f"Bearer {TOKEN}"})


def _asking(stream: ClientConnection) -> Ask:
    def ask(_: str, sent: dict[str, Any]) -> dict[str, Any]:
        stream.send(json.dumps(sent))
        return dict(json.loads(stream.recv()))

    return ask


async def _asked(caller: Caller, path: str, sent: dict[str, Any]) -> dict[str, Any]:
    status, body = await caller.ask(request_of(path, json.dumps(sent).encode()))
    if status not in (200, 201):
        raise AssertionError(f"the service answered {status}")
    return dict(json.loads(body))


def _link(card: SoftwareCard) -> SeamLink:
    reader = InProcessReader("bench")
    reader.insert(card)
    return open_seam(reader.connect)


async def _all_at_once(service: Service, card: SoftwareCard, count: int) -> tuple[int, float, int]:
    """Return KiB the service grew by, the seconds, and how many sessions ended in a verdict."""
    callers = [await Caller.connect(service.port) for _ in range(CLIENTS)]
    links = [_link(copy_of(card, entropy=None)) for _ in range(count)]
    before, began = service.resident_kib(), time.perf_counter()
    told = await _each(callers, [{}] * count, [SESSIONS] * count)
    places = [f"{SESSIONS}/{one['session']}/answers" for one in told]
    grown = step = ended = 0
    while places:
        sent = [_answers(one, link) for one, link in zip(told, links, strict=True)]
        told = await _each(callers, sent, places)
        step += 1
        if step == _DEEP:
            grown = service.resident_kib() - before
        going = [number for number, one in enumerate(told) if "verdict" not in one]
        ended += sum(one.get("verdict", {}).get("problem", "none") is None for one in told)
        told = [told[number] for number in going]
        links = [links[number] for number in going]
        places = [places[number] for number in going]
    for one in callers:
        await one.close()
    return grown, time.perf_counter() - began, ended


async def _each(
    callers: list[Caller], sent: list[dict[str, Any]], places: list[str]
) -> list[dict[str, Any]]:
    """Return the reply to each message, sent over as many connections as there are callers."""
    replies: list[dict[str, Any]] = [{}] * len(sent)

    async def ask(caller: Caller, first: int) -> None:
        for number in range(first, len(sent), len(callers)):
            replies[number] = await _asked(caller, places[number], sent[number])

    await asyncio.gather(*(ask(one, first) for first, one in enumerate(callers)))
    return replies

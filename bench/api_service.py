"""The service in a process of its own, on one core where the machine has two, and its clients."""

import asyncio
import multiprocessing
import os
import socket
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID

import uvicorn
from fastapi import APIRouter, FastAPI, Request, Response
from pydantic import Base64Bytes, BaseModel

from bench.cards import Issued, issued_cards
from bench.tap_desk import new_scalar
from cardservice.accounts.rights import Right
from cardservice.home.issuer import new_ephemeral, utc_now
from cardservice.registry.frame import Office
from cardservice.verify.judging import Judge
from cardservice.verify.reading import CardReading
from cardservice.verify.relay_book import Limits, RelaySessions
from cardservice.web.clinics import card_files, card_sessions
from cardservice.web.clinics.card_asking import QuickRoute, Sent
from cardservice.web.clinics.card_sessions import Asking
from cardservice.web.clinics.card_sessions_relay import CardRelay
from cardservice.web.clinics.parts import CardTerms, Client, ClinicParts

API: Final = "/api/v1"
CONSTANT: Final = "/constant"
CLIENTS: Final = 16
REGION: Final = "45000"
TOKEN: Final = "b" * 120  # as long as a signed one
START_S: Final = 60.0
_BACKLOG: Final = 128
_ANSWER: Final = 2_000  # octets, as many as a verdict has
_SESSIONS: Final = Limits(of_client=10_000)


class DeclaredFiles(BaseModel):
    """The files of a card, Base64, as a program on the framework would declare them."""

    security_object: Base64Bytes | None
    owner: Base64Bytes | None
    insurer: Base64Bytes | None
    card_id: Base64Bytes | None
    iccid: Base64Bytes | None = None
    chip_security: Base64Bytes | None


class Declared(BaseModel):
    """The request about them."""

    files: DeclaredFiles
    region: str | None = None


@dataclass(frozen=True, slots=True)
class OneClient:
    """Clients of which there is one: whose tokens are good is another figure."""

    client: Client

    def recognise(self, token: str) -> Client | None:
        """Return the client, whoever asks with its token."""
        return self.client if token == TOKEN else None


@dataclass(frozen=True, slots=True)
class Service:
    """A service that runs.

    Attributes:
        port: on loopback.
        files: bodies of requests about posted files, one a card.
        process: its number.
    """

    port: int
    files: Sequence[bytes]
    process: int

    def resident_kib(self) -> int:
        """Return the memory the process has in use."""
        pages = Path(f"/proc/{self.process}/statm").read_text(encoding="ascii")
        return int(pages.split()[1]) * os.sysconf("SC_PAGESIZE") // 1024


def application(issued: Issued) -> FastAPI:
    """Return the service's routes about cards, and one that answers a constant."""
    app = FastAPI()
    judge = Judge(issued.home.trust, register=issued.home.ledger, clock=utc_now, region=REGION)
    terms = CardTerms(enrolment=lambda: None, new_ephemeral=new_ephemeral, new_scalar=new_scalar)
    app.state.clinics = ClinicParts(
        office=cast(Office, None),
        region=REGION,
        clients=OneClient(_client()),
        judge=lambda _: judge,
        cards=terms,
    )
    sessions = RelaySessions(timer=time.monotonic, limits=_SESSIONS)
    app.state.card_relay = CardRelay(app.state.clinics, sessions)
    app.include_router(card_files.router, prefix=API)
    app.include_router(card_sessions.router, prefix=API)
    app.include_router(_constants(), prefix=CONSTANT)
    return app


def _constants() -> APIRouter:
    """Return routes that answer a constant: of the service's kind, bare, and as documented.

    The last is how the framework's own pages read such a request: by its declared form.
    """
    router, bare = APIRouter(route_class=QuickRoute), APIRouter()
    constant = b'{"outcome":"undecided"}'.ljust(_ANSWER)

    @router.post("/guarded")
    def answer_client(request: Request, client: Asking, body: Sent) -> Response:  # noqa: ARG001
        return Response(constant, media_type="application/json")

    @bare.post("/bare")
    async def answer_anybody(request: Request) -> Response:
        await request.body()
        return Response(constant, media_type="application/json")

    @bare.post("/declared")
    def answer_declared(client: Asking, body: Declared) -> Response:  # noqa: ARG001
        return Response(constant, media_type="application/json")

    router.include_router(bare)
    return router


def _client() -> Client:
    rights = frozenset({Right.COVERAGE_ASK})
    return Client(id=UUID(int=1), region=REGION, name="bench", rights=rights, desk=True)


def body_of(reading: CardReading) -> bytes:
    """Return the request about the files of a card."""
    files = reading.files
    octets = {
        "security_object": reading.security_object,
        "owner": files.owner,
        "insurer": files.insurer,
        "card_id": files.card_id,
        "iccid": files.iccid,
        "chip_security": files.chip_security,
    }
    members = ",".join(
        f'"{name}":"{b64encode(one or b"").decode()}"' for name, one in octets.items()
    )
    return f'{{"files":{{{members}}}}}'.encode()


@contextmanager
def running_service(cards: int) -> Iterator[Service]:
    """Lend a service that has issued so many cards; it ends with the block."""
    ours, its = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(its, cards), daemon=True
    )
    process.start()
    try:
        if not ours.poll(START_S):
            raise RuntimeError("the service did not start")
        port, files = ours.recv()
        yield Service(port, files, process.pid or 0)
    finally:
        process.terminate()
        process.join()


def _serve(told: Connection, cards: int) -> None:
    """Run in the service's process until it is ended."""
    if len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with issued_cards(cards) as issued:
        listener = socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG)
        # Accepted sockets inherit it; without it an answer's body waits 40 ms for the head's ACK.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        told.send((listener.getsockname()[1], [body_of(one) for one in issued.readings]))
        config = uvicorn.Config(application(issued), log_level="error", access_log=False)
        uvicorn.Server(config).run(sockets=[listener])


def request_of(path: str, body: bytes) -> bytes:
    """Return the octets of a request."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Caller:
    """One client's connection, kept alive."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def connect(cls, port: int) -> "Caller":
        """Return a client connected to the service."""
        caller = cls(*await asyncio.open_connection("127.0.0.1", port))
        caller._socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return caller

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Return the status and the body of the answer."""
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        return int(head[9:12]), await self._reader.readexactly(length)

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        await self._writer.wait_closed()

    def _socket(self) -> Any:
        return self._writer.get_extra_info("socket")


async def turn(
    port: int, requests: Sequence[bytes], seconds: float, clients: int = CLIENTS
) -> tuple[float, list[float]]:
    """Return answers a second, and the seconds each took, of so many clients at once."""
    callers = [await Caller.connect(port) for _ in range(clients)]
    taken: list[float] = []
    began = time.perf_counter()

    async def ask(caller: Caller, first: int) -> None:
        number = first
        while time.perf_counter() - began < seconds:
            start = time.perf_counter()
            status, body = await caller.ask(requests[number % len(requests)])
            taken.append(time.perf_counter() - start)
            if status != 200 or b"undecided" not in body:
                raise AssertionError(f"the service answered {status}")
            number += 1

    await asyncio.gather(*(ask(one, number * 7) for number, one in enumerate(callers)))
    passed = time.perf_counter() - began
    for one in callers:
        await one.close()
    return len(taken) / passed, taken

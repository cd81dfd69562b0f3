"""A service on this machine that signs with an issuer's home, and lies where a test says so."""

import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs
from uuid import UUID

from joserfc.jwk import ECKey
from typing_extensions import override

from cardservice.accounts.assertions import Assertions, RegisteredProgram
from cardservice.accounts.session import Subject
from cardservice.domain.roles import Role
from cardservice.errors import AuthenticationError, Refusal
from cardservice.home.folder import read_whole
from cardservice.home.status_lists_signer import open_list_signer, renew_list_signer
from cardservice.home.terminals import Decision, enrol, read_request
from cardservice.pki.service_tokens import (
    AnswerClaims,
    TrustClaims,
    sign_answer,
    sign_time,
    sign_trust,
)
from cardservice.pki.status_list import CARD_BITS, StatusArray, StatusType, compress
from cardservice.pki.status_list_claims import StatusListClaims
from cardservice.pki.status_list_cose import CWT_TYPE
from cardservice.pki.status_list_tokens import StatusListSigner, TokenForm
from tests.unit.home.homes import Premises, new_premises

CODE: Final = "7Q3K-9XWD-2M5T"
CLIENT: Final = "desk-1"
CLINIC, DESK = "Поликлиника № 4", "Окно 1"
FOUNDED: Final = timedelta(days=6)  # before now
PLACES: Final = 1 << 10
BLOCKED: Final = 5
TOKEN: Final = "token-of-the-desk"  # noqa: S105 - of a double


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Reply:
    """An answer before it is sent; a lie changes it, or sends what it likes."""

    status: int = 200
    body: Any = None
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def octets(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


Lie = Callable[["Handler", Reply], Reply | None]
"""Changes the answer of a path; None: it has sent its own."""


@dataclass
class Service:
    """The service's state; tests change it between requests."""

    premises: Premises
    address: str = ""
    lies: dict[str, Lie] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    presentations: dict[str, Any] = field(default_factory=dict)
    reports: int = 0
    shift: timedelta = timedelta(0)
    list_age: timedelta = timedelta(0)
    trust_age: timedelta = timedelta(0)
    blocked: set[int] = field(default_factory=lambda: {BLOCKED})
    revocations: list[bytes] = field(default_factory=list)
    code_used_by: str | None = None
    ended: bool = False
    programs: dict[str, RegisteredProgram] = field(default_factory=dict)
    certified: set[str] = field(default_factory=set)
    signer: StatusListSigner = field(init=False)
    closed: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        folder, keys = self.premises.folder, self.premises.keys
        renew_list_signer(folder, keys, entropy=secrets.token_bytes, at=utc_now() - FOUNDED)
        self.signer = open_list_signer(folder, keys)
        self.revocations = [read_whole(folder.revocations)]
        self.issued = self.now()

    def now(self) -> datetime:
        return utc_now() + self.shift

    @property
    def uri(self) -> str:
        return f"{self.address}/statuslists/1"

    def trust_token(self, **changes: Any) -> str:
        issued = (self.issued - self.trust_age).replace(microsecond=0)
        said: dict[str, Any] = {
            "issued": issued,
            "expires": issued + timedelta(hours=96),
            "roots": (read_whole(self.premises.folder.root),),
            "revocations": tuple(self.revocations),
            "lists": {1: self.uri},
        }
        signer = changes.pop("signer", self.signer)
        return sign_trust(signer, TrustClaims(**{**said, **changes}))

    def list_octets(self, **changes: Any) -> bytes:
        array = StatusArray(PLACES)
        for place in self.blocked:
            array.set(place, StatusType.SUSPENDED)
        issued = (self.issued - self.list_age).replace(microsecond=0)
        said: dict[str, Any] = {
            "uri": self.uri,
            "issued": issued,
            "expires": issued + timedelta(hours=96),
            "ttl": timedelta(minutes=30),
            "bits": CARD_BITS,
            "lst": compress(array.frozen()),
        }
        signer = changes.pop("signer", self.signer)
        octets: bytes = signer.sign(StatusListClaims(**{**said, **changes}), TokenForm.CWT)
        return octets

    def answer(self, handler: "Handler", path: str, body: Any) -> Reply:
        routes: dict[str, Callable[[Any], Reply]] = {
            "/api/v1/enrolments/previews": self._preview,
            "/api/v1/enrolments": self._enrol,
            "/api/v1/token": self._token,
            "/api/v1/time": self._time,
            "/api/v1/trust": lambda _: self._trust(handler),
            "/statuslists/1.cwt": lambda _: self._list(handler),
        }
        if path in routes:
            return routes[path](body)
        if handler.headers["Authorization"] != f"Bearer {TOKEN}" or self.ended:
            return problem(401, "not-signed-in")
        closed: dict[str, Callable[[Any], Reply]] = {
            "/api/v1/terminal-certificates": self._certify,
            "/api/v1/presentations": self._report,
            "/api/v1/status-questions": self._status,
            "/api/v1/substitutes": self._substitute,
        }
        return closed[path](body) if path in closed else problem(404, "not-found")

    def _preview(self, body: Any) -> Reply:
        if body["code"] != CODE or self.code_used_by:
            return problem(404, "enrolment-code-wrong")
        return Reply(body={"clinic": CLINIC, "desk": DESK, "rights": ["read-policy"]})

    def _enrol(self, body: Any) -> Reply:
        key = json.dumps(body["key"], sort_keys=True)
        if body["code"] != CODE or self.code_used_by not in {None, key}:
            return problem(404, "enrolment-code-wrong")
        self.code_used_by = key
        bundle = self._certified(body["request"], vouched=False)
        self.programs[CLIENT] = RegisteredProgram(
            subject=Subject(
                id=UUID(int=1), region="45000", roles=frozenset({Role.CLINIC}), label="desk"
            ),
            scopes=frozenset(),
            key=ECKey.import_key(body["key"]),
        )
        said = {
            "client_id": CLIENT,
            "clinic": CLINIC,
            "desk": DESK,
            "region": "45000",
            "bundle": bundle,
            "trust": self.trust_token(),
        }
        return Reply(201, said)

    def _certified(self, request: Any, *, vouched: bool) -> Any:
        asked = read_request(json.dumps(request, ensure_ascii=False).encode())
        again = asked.fingerprint in self.certified
        self.certified.add(asked.fingerprint)
        known = None if vouched and not again else asked.fingerprint
        decision = Decision(by="code", fingerprint=known)
        enrolled = enrol(self.premises.folder, self.premises.keys, asked, decision, at=self.now())
        return json.loads(enrolled.bundle.encode())

    def _token(self, body: Any) -> Reply:
        audience = f"{self.address}/api/v1/token"
        if self.ended:
            return problem(401, "client-unknown")
        try:
            Assertions(self.programs, audience=audience, clock=self.now).verify(
                body["client_assertion"][0]
            )
        except AuthenticationError:
            return problem(401, "client-unknown")
        return Reply(body={"access_token": TOKEN, "token_type": "Bearer", "expires_in": 600})

    def _time(self, body: Any) -> Reply:
        return Reply(body={"time": sign_time(self.signer, nonce=body["nonce"], at=self.now())})

    def _trust(self, handler: "Handler") -> Reply:
        tag = f'"trust-{self.issued.timestamp()}-{self.trust_age}"'
        return _tagged(handler, tag, lambda: Reply(body={"trust": self.trust_token()}))

    def _list(self, handler: "Handler") -> Reply:
        tag = f'"list-{self.issued.timestamp()}-{self.list_age}-{sorted(self.blocked)}"'
        return _tagged(handler, tag, lambda: Reply(body=self.list_octets(), kind=CWT_TYPE))

    def _certify(self, body: Any) -> Reply:
        return Reply(body={"bundle": self._certified(body["request"], vouched=True)})

    def _report(self, body: Any) -> Reply:
        self.reports += 1
        ids = [one["id"] for one in body["presentations"]]
        self.presentations.update({one["id"]: one for one in body["presentations"]})
        return Reply(body={"taken": ids, "refused": []})

    def _signed(self, asked: str, body: Any, said: dict[str, Any]) -> Reply:
        question = {name: value for name, value in body.items() if name != "nonce"}
        claims = AnswerClaims(
            nonce=body["nonce"], at=self.now(), asked=asked, question=question, answer=said
        )
        return Reply(body={**said, "signed": sign_answer(self.signer, claims)})

    def _status(self, body: Any) -> Reply:
        said = {
            "card": "active",
            "policy": {"state": "active", "in_force": True},
            "trust_layer": True,
            "newest_record": "2026-01-01T00:00:00Z",
            "as_of": self.now().isoformat(),
        }
        return self._signed("status-questions", body, said)

    def _substitute(self, body: Any) -> Reply:
        if body["birth_date"] != "1980-05-15":
            return problem(404, "not-found")
        said = {
            "in_force": True,
            "state": "active",
            "valid_until": None,
            "insurer": {"ogrn": "1027739099772", "okato": "45000"},
            "programmes": ["basic", "territorial"],
            "asked_on": "2026-11-22",
        }
        return self._signed("substitutes", body, said)


def problem(status: int, code: str) -> Reply:
    said = {"type": f"https://example.org/problems/{code}", "code": code}
    return Reply(status, said, kind="application/problem+json")


def _tagged(handler: "Handler", tag: str, make: Callable[[], Reply]) -> Reply:
    if handler.headers["If-None-Match"] == tag:
        return Reply(304, headers={"ETag": tag})
    reply = make()
    reply.headers["ETag"] = tag
    return reply


class Handler(BaseHTTPRequestHandler):
    """One request; a lie may write to ``wfile`` itself."""

    protocol_version = "HTTP/1.1"
    service: Service

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        octets = self.rfile.read(int(self.headers["Content-Length"] or 0))
        is_form = self.headers["Content-Type"] == "application/x-www-form-urlencoded"
        self._answer(parse_qs(octets.decode()) if is_form else json.loads(octets))

    def _answer(self, body: Any) -> None:
        service = self.service
        service.asked.append(self.path)
        service.bodies.append(body)
        try:
            reply: Reply | None = service.answer(self, self.path, body)
        except Refusal as refusal:
            reply = problem(409, refusal.code)
        lie = service.lies.get(self.path)
        if lie is not None and reply is not None:
            reply = lie(self, reply)
        if reply is not None:
            self.send(reply)

    def send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 304:
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(reply.octets)))
        self.end_headers()
        if reply.status != 304:
            self.wfile.write(reply.octets)

    def cut(self) -> None:
        """Hang up."""
        self.close_connection = True

    @override
    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    @override
    def handle_error(self, *_: Any) -> None:
        pass  # a desk that hangs up is what some tests are about


@contextmanager
def service_at(path: Path) -> Iterator[Service]:
    """Lend a service with an issuer's home of its own."""
    service = Service(new_premises(path, at=utc_now() - FOUNDED))
    with serving(service):
        yield service


@contextmanager
def serving(service: Service, port: int = 0) -> Iterator[None]:
    """Let the service answer for the length of the block; before and after it is down."""
    handler = type("_Bound", (Handler,), {"service": service})
    with _Server(("127.0.0.1", port), handler) as server:
        service.address = f"http://127.0.0.1:{server.server_address[1]}"
        service.closed.clear()
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            service.closed.set()
            server.shutdown()
            thread.join()

"""Who asks: desks by their access tokens, programs of clinics by tokens of the office."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.serialization import load_der_public_key
from joserfc.jwk import ECKey
from typing_extensions import override

from cardservice.accounts.api_tokens import MARK, Program
from cardservice.accounts.assertions import RegisteredProgram
from cardservice.accounts.dice import hash_token
from cardservice.accounts.rights import Right, may
from cardservice.accounts.roles import Role
from cardservice.accounts.session import Subject
from cardservice.errors import Refusal
from cardservice.registry.ports_clinics import ClinicDesk
from cardservice.web.clinics.clients_tokens import AccessTokens
from cardservice.web.clinics.parts import Client
from cardservice.web.signin.errors import NotPermittedError

KNOWN_S: Final = 60.0
"""Seconds for which a process believes what the register said of a client: so long may one that
was ended go on."""
MOST_KNOWN: Final = 50_000  # clients: some tens of megabytes
DESK_RIGHTS: Final = frozenset({Right.COVERAGE_ASK})
NO_CLIENT: Final = frozenset({"client-unknown", "desk-ended", "clinic-left"})

FindDesk = Callable[[str], ClinicDesk]
"""From a client id to the desk, good today; raises Refusal with a code of ``NO_CLIENT``."""
FindProgram = Callable[[str], Program | None]


@dataclass(frozen=True, slots=True)
class _Known:
    client: Client | None
    desk: ClinicDesk | None
    until: float


class KnownClients:
    """``web.clinics.parts.Clients``; safe to share between threads.

    Args:
        tokens: proves access tokens of desks.
        find_desk: asks the register.
        find_program: asks for who has an office token.
        timer: seconds that never go back.
        most: clients remembered; the ones asked for longest ago are forgotten first.
    """

    def __init__(
        self,
        tokens: AccessTokens,
        *,
        find_desk: FindDesk,
        find_program: FindProgram,
        timer: Callable[[], float],
        most: int = MOST_KNOWN,
    ) -> None:
        self._tokens = tokens
        self._find_desk = find_desk
        self._find_program = find_program
        self._timer = timer
        self._most = most
        self._lock = Lock()
        self._known: OrderedDict[str | bytes, _Known] = OrderedDict()

    def recognise(self, token: str) -> Client | None:
        """Return who has this token; the register is asked at most once a minute for each."""
        if token.startswith(f"{MARK}_"):
            return self._remembered(hash_token(token), lambda: self._program(token)).client
        client_id = self._tokens.client_of(token)
        return None if client_id is None else self._desk(client_id).client

    def desk(self, client: Client) -> ClinicDesk:
        """Return the row of a desk that asks.

        Raises:
            NotPermittedError: a program asks, and this is for desks.
        """
        found = self._desk(str(client.id)).desk if client.desk else None
        if found is None:
            raise NotPermittedError
        return found

    def _desk(self, client_id: str) -> _Known:
        return self._remembered(client_id, lambda: self._asked(client_id))

    def _remembered(self, key: str | bytes, find: Callable[[], _Known | None]) -> _Known:
        with self._lock:
            known = self._known.get(key)
        if known is not None and self._timer() < known.until:
            return known
        found = find()
        if found is None:  # anybody can send a token that is nobody's: it takes no room
            with self._lock:
                self._known.pop(key, None)
            return _Known(None, None, 0)
        with self._lock:
            self._known[key] = found
            self._known.move_to_end(key)
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        return found

    def _asked(self, client_id: str) -> _Known:
        until = self._timer() + KNOWN_S
        try:
            desk = self._find_desk(client_id)
        except Refusal as refused:
            if refused.code not in NO_CLIENT:
                raise
            return _Known(None, None, until)
        return _Known(client_of_desk(desk), desk, until)

    def _program(self, token: str) -> _Known | None:
        until = self._timer() + KNOWN_S
        program = self._find_program(token)
        if program is None or Role.CLINIC not in program.subject.roles:
            return None
        return _Known(_client_of_program(program), None, until)


class DeskKeys(Mapping[str, RegisteredProgram]):
    """The keys that desks' assertions are judged by, asked for one at a time, never remembered."""

    def __init__(self, find_desk: FindDesk) -> None:
        self._find_desk = find_desk

    @override
    def __getitem__(self, client_id: str) -> RegisteredProgram:
        try:
            desk = self._find_desk(client_id)
        except Refusal as refused:
            if refused.code not in NO_CLIENT:
                raise
            raise KeyError(client_id) from None
        subject = Subject(
            id=desk.id, region=desk.region, roles=frozenset({Role.CLINIC}), label=desk.name
        )
        return RegisteredProgram(subject=subject, scopes=DESK_RIGHTS, key=_key(desk.public_key))

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(())  # nobody goes through all desks of the country

    @override
    def __len__(self) -> int:
        return 0


def client_of_desk(desk: ClinicDesk) -> Client:
    """Return the client that an enrolled desk is."""
    return Client(
        id=UUID(desk.client_id),
        region=desk.region,
        name=desk.name,
        rights=DESK_RIGHTS,
        desk=True,
    )


def _client_of_program(program: Program) -> Client:
    subject = program.subject
    rights = frozenset(one for one in program.scopes if may({Role.CLINIC}, one))
    return Client(
        id=subject.id, region=subject.region, name=subject.label, rights=rights, desk=False
    )


def _key(public_key: bytes) -> ECKey:
    numbers = load_der_public_key(public_key)
    return ECKey.import_key(numbers)  # type: ignore[arg-type]

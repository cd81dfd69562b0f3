"""A card out of libeac: PACE, chip authentication 1, terminal authentication 1, one file.

As ``terminal``: the library's own is version 2, whose cryptography is called here in the order and
with the inputs of version 1.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from tests.interop.libeac.library import Context, LibeacRefusedError, Span, point_to
from tests.interop.libeac.messaging import (
    CHIP_AUTHENTICATION_KEYS,
    PACE_KEYS,
    Command,
    Messaging,
)
from tests.interop.libeac.objects import encode, get, objects

OK: Final = 0x9000
WRONG_TOKEN: Final = 0x6300
_SM_ERROR: Final = 0x6988
_UNKNOWN_COMMAND: Final = 0x6D00
_NOT_FOUND: Final = 0x6A82
_SM: Final = 0x0C
_CHAINED: Final = 0x10
_SHORT_ROOM: Final = 223
_NO_NONCE: Final = b""
_NO_TOKEN: Final = bytes(8)
_NO_AUXILIARY_DATA: Final = b""

Answer = tuple[bytes, int]


@dataclass(kw_only=True)
class LibeacCard:
    """A card on one curve; state of a session and nothing else changes.

    Attributes:
        infos: SecurityInfos that the library is told.
        passwords: by reference of PACE.
        static_key: private and public octets of the chip's key on P-256.
        trust_point: DO 7F21 of the CVCA.
        files: contents by short file identifier.
        careless: the card takes any token of a terminal.
        terminal: whether the terminal has authenticated itself.
        refused: the last error of the library.
    """

    infos: bytes
    passwords: Mapping[int, bytes] = field(default_factory=dict, repr=False)
    static_key: tuple[bytes, bytes] | None = field(default=None, repr=False)
    trust_point: bytes | None = None
    files: Mapping[int, bytes] = field(default_factory=dict)
    careless: bool = False
    terminal: bool = False
    refused: LibeacRefusedError | None = None

    def __post_init__(self) -> None:
        self._context = Context(self.infos)
        self._messaging: Messaging | None = None
        self._next_keys: int | None = None
        self._protocol: Callable[[int, bytes], Answer] | None = None
        self._own_key = self._terminal_x = self._chained = b""
        if self.static_key is not None:
            self._context.run("CA_set_key", *map(Span, self.static_key))
        if self.trust_point is not None:
            self._context.trust(self.trust_point)

    def execute(self, octets: bytes) -> bytes:
        """Return the response to one command."""
        if self._messaging is None:
            data, status = self._perform(Command.decode(octets))
            response = data + status.to_bytes(2)
        else:
            try:
                command = self._messaging.open(octets)
            except LibeacRefusedError as error:
                self.refused, self._messaging = error, None
                return _SM_ERROR.to_bytes(2)
            response = self._messaging.close(*self._perform(command))
        if self._next_keys is not None:
            self._messaging, self._next_keys = Messaging(self._context, self._next_keys), None
        return response

    def _perform(self, command: Command) -> Answer:
        handler = _HANDLERS.get(command.header[1])
        if handler is None:
            return b"", _UNKNOWN_COMMAND
        try:
            return handler(self, command)
        except LibeacRefusedError as error:
            self.refused = error
            return b"", WRONG_TOKEN

    def _select(self, _command: Command) -> Answer:
        return b"", OK

    def _read(self, command: Command) -> Answer:
        content = self.files.get(command.header[2] & 0x1F)
        if content is None:
            return b"", _NOT_FOUND
        return content[command.header[3] :][:_SHORT_ROOM], OK

    def _set_environment(self, command: Command) -> Answer:
        template = command.header[2:]
        if template == b"\xc1\xa4":
            secret = self.passwords[get(command.data, 0x83)[0]]
            self._password = point_to("PACE_SEC_new", Span(secret), get(command.data, 0x83)[0])
            self._protocol = self._pace
        elif template == b"\x41\xa4":
            self._protocol = self._chip_authentication
        return b"", OK

    def _general_authenticate(self, command: Command) -> Answer:
        if self._protocol is None:
            return b"", _UNKNOWN_COMMAND
        inner = [(tag, value) for tag, value, _ in objects(get(command.data, 0x7C))]
        tag, value = inner[0] if inner else (0x80, b"")
        body, status = self._protocol(tag, value)
        return encode(0x7C, body), status

    def _pace(self, tag: int, value: bytes) -> Answer:
        context = self._context
        if tag == 0x80:
            return encode(0x80, context.ask("PACE_STEP1_enc_nonce", self._password)), OK
        if tag == 0x81:
            own = context.ask("PACE_STEP3A_generate_mapping_data")
            context.run("PACE_STEP3A_map_generator", value)
            return encode(0x82, own), OK
        if tag == 0x83:
            self._terminal_key = value
            self._own_key = context.ask("PACE_STEP3B_generate_ephemeral_key")
            context.run("PACE_STEP3B_compute_shared_secret", value)
            context.run("PACE_STEP3C_derive_keys")
            return encode(0x84, self._own_key), OK
        if not self.careless:
            context.run("PACE_STEP3D_verify_authentication_token", value)
        token = context.ask("PACE_STEP3D_compute_authentication_token", self._terminal_key)
        self._next_keys = PACE_KEYS
        return encode(0x86, token) + self._references(), OK

    def _references(self) -> bytes:
        if self.trust_point is None:
            return b""
        return encode(0x87, get(self.trust_point, 0x7F21, 0x7F4E, 0x5F20))

    def _chip_authentication(self, _tag: int, value: bytes) -> Answer:
        self._terminal_x = self._context.ask("EAC_Comp", CHIP_AUTHENTICATION_KEYS, value)
        self._context.run("CA_STEP4_compute_shared_secret", value)
        # Keys are derived, then the token is compared; version 1 has no token.
        with suppress(LibeacRefusedError):
            self._context.run("CA_STEP6_derive_keys", _NO_NONCE, _NO_TOKEN)
        self._next_keys = CHIP_AUTHENTICATION_KEYS
        return b"", OK

    def _verify_certificate(self, command: Command) -> Answer:
        self._chained += command.data
        if command.header[0] & _CHAINED:
            return b"", OK
        certificate, self._chained = encode(0x7F21, self._chained), b""
        self._context.run("TA_STEP2_import_certificate", Span(certificate))
        return b"", OK

    def _get_challenge(self, _command: Command) -> Answer:
        return self._context.ask("TA_STEP4_get_nonce"), OK

    def _external_authenticate(self, command: Command) -> Answer:
        card_x = self._context.ask("EAC_Comp", PACE_KEYS, self._own_key)
        self._context.run(
            "TA_STEP6_verify", self._terminal_x, card_x, _NO_AUXILIARY_DATA, command.data
        )
        self.terminal = True
        return b"", OK


_HANDLERS: Final[Mapping[int, Callable[[LibeacCard, Command], Answer]]] = {
    0x22: LibeacCard._set_environment,
    0x2A: LibeacCard._verify_certificate,
    0x82: LibeacCard._external_authenticate,
    0x84: LibeacCard._get_challenge,
    0x86: LibeacCard._general_authenticate,
    0xA4: LibeacCard._select,
    0xB0: LibeacCard._read,
}

"""A terminal out of libeac: PACE, chip authentication 1, terminal authentication 1.

The library knows version 2 of the two latter. Version 1 has the same key agreement, without the
card's nonce in the key derivation, and the same signature.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from tests.interop.libeac.library import Context, LibeacRefusedError, Span, point_to
from tests.interop.libeac.messaging import (
    CHIP_AUTHENTICATION_KEYS,
    PACE_KEYS,
    Command,
    Messaging,
)
from tests.interop.libeac.objects import CA, encode, get, library_infos, objects, pace_protocol

OK: Final = 0x9000
CAN: Final = 2
_X_OCTETS: Final = 32
_NO_NONCE: Final = b""
_NO_TOKEN: Final = bytes(8)
_NO_AUXILIARY_DATA: Final = b""


class CardRefusedError(Exception):
    """The card answered with another status word than 9000."""

    def __init__(self, doing: str, sw: int) -> None:
        super().__init__(f"{doing}: {sw:04X}")
        self.sw = sw


class LibeacTerminal:
    """Drives a card, given as a function from command to response."""

    def __init__(self, exchange: Callable[[bytes], bytes]) -> None:
        self._exchange = exchange
        self._context = Context(library_infos())
        self._messaging: Messaging | None = None
        self._card_key = b""
        self._terminal_x = b""

    def send(self, header: str, data: bytes = b"", le: bytes = b"") -> tuple[bytes, int]:
        """Return data and status word, under secure messaging once there is a session."""
        command = Command(bytes.fromhex(header), data, le)
        if self._messaging is None:
            response = self._exchange(command.encoded)
            return response[:-2], int.from_bytes(response[-2:])
        return self._messaging.unwrap(self._exchange(self._messaging.wrap(command)))

    def must(self, doing: str, header: str, data: bytes = b"", le: bytes = b"") -> bytes:
        """Return the data of an answer that has to be 9000."""
        answer, sw = self.send(header, data, le)
        if sw != OK:
            raise CardRefusedError(doing, sw)
        return answer

    def establish_pace(self, can: str) -> list[bytes]:
        """Run PACE with the CAN; return the references of trust points the card sent."""
        context = self._context
        password = point_to("PACE_SEC_new", Span(can.encode()), CAN)
        mse = encode(0x80, pace_protocol()) + encode(0x83, bytes((CAN,)))
        self.must("MSE:Set AT", "0022C1A4", mse)
        context.run("PACE_STEP2_dec_nonce", password, get(self._step("10"), 0x80))
        mapping = context.ask("PACE_STEP3A_generate_mapping_data")
        context.run("PACE_STEP3A_map_generator", get(self._step("10", 0x81, mapping), 0x82))
        own = context.ask("PACE_STEP3B_generate_ephemeral_key")
        self._card_key = get(self._step("10", 0x83, own), 0x84)
        context.run("PACE_STEP3B_compute_shared_secret", self._card_key)
        context.run("PACE_STEP3C_derive_keys")
        token = context.ask("PACE_STEP3D_compute_authentication_token", self._card_key)
        answer = self._step("00", 0x85, token)
        context.run("PACE_STEP3D_verify_authentication_token", get(answer, 0x86))
        self._messaging = Messaging(context, PACE_KEYS)
        return [value for tag, value, _ in objects(answer) if tag in (0x87, 0x88)]

    def load_key(self, key: bytes, certificate: bytes) -> None:
        """Give the terminal its private key (PKCS #8) and its own certificate."""
        self._context.run("EAC_CTX_init_ta", Span(key), Span(certificate))

    def authenticate_chip(self, chip_point: bytes) -> None:
        """Run chip authentication with the chip that has the static key ``chip_point``."""
        context = self._context
        self._terminal_x = _whole(context.ask("TA_STEP3_generate_ephemeral_key"))
        own = context.ask("CA_STEP2_get_eph_pubkey")
        self.must("MSE:Set AT", "002241A4", encode(0x80, CA))
        if self._step("00", 0x80, own):
            raise LibeacRefusedError("version 1 is answered by an empty 7C")
        context.run("CA_STEP4_compute_shared_secret", chip_point)
        # Keys are derived, then the token is compared; version 1 has no token.
        with suppress(LibeacRefusedError):
            context.run("CA_STEP6_derive_keys", _NO_NONCE, _NO_TOKEN)
        self._messaging = Messaging(context, CHIP_AUTHENTICATION_KEYS)

    def present(self, certificate: bytes) -> None:
        """Show the card a certificate, DO 7F21."""
        content = get(certificate, 0x7F21)
        self.must("MSE:Set DST", "002281B6", encode(0x83, get(content, 0x7F4E, 0x42)))
        self.must("PSO:VERIFY CERTIFICATE", "002A00BE", content)

    def authenticate(self, certificates: Sequence[bytes], *, id_picc: bytes | None = None) -> None:
        """Present certificates, sign the card's challenge.

        Args:
            certificates: the terminal's last.
            id_picc: x coordinate of the chip's static key, where no PACE went before.
        """
        context = self._context
        for certificate in certificates:
            self.present(certificate)
        holder = get(certificates[-1], 0x7F21, 0x7F4E, 0x5F20)
        self.must("MSE:Set AT", "002281A4", encode(0x83, holder))
        context.run("TA_STEP4_set_nonce", self.must("GET CHALLENGE", "00840000", le=b"\x08"))
        if id_picc is None:
            id_picc = _whole(context.ask("EAC_Comp", PACE_KEYS, self._card_key))
        signature = context.ask("TA_STEP5_sign", self._terminal_x, id_picc, _NO_AUXILIARY_DATA)
        self.must("EXTERNAL AUTHENTICATE", "00820000", signature)

    def _step(self, cla: str, tag: int = 0, value: bytes = b"") -> bytes:
        data = encode(0x7C, encode(tag, value) if tag else b"")
        return get(self.must(f"step {tag:02X}", f"{cla}860000", data, b"\x00"), 0x7C)


def _whole(x: bytes) -> bytes:
    """Return an x coordinate in its 32 octets; libeac leaves the zeros in front out, 1 in 128."""
    return x.rjust(_X_OCTETS, b"\0")

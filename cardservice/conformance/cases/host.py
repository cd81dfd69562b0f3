"""An SCP03 host that can be made to do things wrong, one at a time."""

import secrets
from dataclasses import dataclass, field
from typing import Final, Self

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.apdu.response import SW, ResponseAPDU
from cardservice.channel.aes import block_encryptor, encrypt_cbc, keyed_cmac
from cardservice.channel.scp03.keys import (
    DerivationConstant,
    Scp03Keys,
    derive,
    derive_session_keys,
)
from cardservice.channel.scp03.opening import parse_initialize_update_answer
from cardservice.conformance.preparing import select
from cardservice.conformance.terminal import Terminal
from cardservice.policycard.layout import Directory

_LEVEL: Final = 0x33
_MAC_LEN: Final = 8
_BITS: Final = 64
_CHAIN_LEN: Final = 16
_CLA: Final = 0x84


@dataclass(slots=True)
class Host:
    """The host's half after INITIALIZE UPDATE; no session of the service, which does no wrong."""

    terminal: Terminal = field(repr=False)
    keys: Scp03Keys = field(repr=False)
    context: bytes
    chain: bytes = field(default=bytes(_CHAIN_LEN), repr=False)

    @classmethod
    def asked(cls, terminal: Terminal) -> Self:
        """Select foms_root, send INITIALIZE UPDATE, return the host that has the answer."""
        select(Directory.ROOT)(terminal)
        version, keys = terminal.known.key_set(terminal.stage)
        challenge = secrets.token_bytes(_MAC_LEN)
        command = CommandAPDU(
            cla=0x80, ins=Ins.INITIALIZE_UPDATE, p1=version, data=challenge, ne=256
        )
        raw = terminal.expect(command, SW.OK)
        answer = parse_initialize_update_answer(raw, mac_len=_MAC_LEN)
        context = challenge + answer.card_challenge
        static = keys(answer.diversification_data)
        return cls(terminal, derive_session_keys(static, context), context)

    def authenticate(
        self, *, level: int = _LEVEL, spoil_mac: bool = False, spoil_cryptogram: bool = False
    ) -> ResponseAPDU:
        """Send EXTERNAL AUTHENTICATE, wrong where asked; return the answer."""
        constant = DerivationConstant.HOST_CRYPTOGRAM
        cryptogram = bytearray(derive(self.keys.s_mac, constant, self.context, _BITS))
        cryptogram[0] ^= spoil_cryptogram
        header = bytes((_CLA, Ins.EXTERNAL_AUTHENTICATE, level, 0, len(cryptogram) + _MAC_LEN))
        mac = bytearray(self._mac(header + bytes(cryptogram)))
        mac[0] ^= spoil_mac
        return self.terminal.exchange(header + bytes(cryptogram + mac))

    def unpadded(self, command: CommandAPDU) -> bytes:
        """Return ``command``, its data whole blocks, encrypted without padding, with a right MAC.

        The first command of the session.
        """
        icv = block_encryptor(self.keys.s_enc)((1).to_bytes(_CHAIN_LEN))
        data = encrypt_cbc(self.keys.s_enc, command.data, icv)
        header = bytes((_CLA, command.ins, command.p1, command.p2, len(data) + _MAC_LEN))
        return header + data + self._mac(header + data)

    def extended(self, command: CommandAPDU) -> bytes:
        """Return ``command``, which has no data, with its MAC under an Lc of three octets."""
        lc = b"\x00" + _MAC_LEN.to_bytes(2)
        header = bytes((_CLA, command.ins, command.p1, command.p2)) + lc
        return header + self._mac(header) + b"\x00\x00"

    def _mac(self, message: bytes) -> bytes:
        self.chain = keyed_cmac(self.keys.s_mac)(self.chain + message)
        return self.chain[:_MAC_LEN]

"""PUT KEY: a whole SCP03 key set in one command.

Source: GPC 11.8 and Amendment D 7.2; card.md §6.
"""

from collections.abc import Iterator

from simulators.card import image
from simulators.card.aes import BLOCK, ZERO_IV, decrypt_cbc, same_octets
from simulators.card.apdu import Command
from simulators.card.chip import Chip
from simulators.card.image import KeySet
from simulators.card.scp03_channel import Scp03Channel
from simulators.card.scp03_kdf import key_check_value
from simulators.card.status import OK, SW, CommandRefusedError

TRANSPORT_KVN = 0x30
_ALL_KEYS_FROM_1 = 0x81
_KVN_MAX = 0x7F
_AES_TYPE = 0x88
_KEY_SIZES = (16, 24, 32)
_KCV_OCTETS = 3
_KEYS = 3


def put_key(chip: Chip, command: Command) -> bytes:
    """Replace the key set at once; return the new KVN and three key check values."""
    if command.p2 != _ALL_KEYS_FROM_1:
        raise CommandRefusedError(SW.WRONG_P1_P2)
    if not command.data:
        raise CommandRefusedError(SW.WRONG_LENGTH)
    present = chip.image.key_set
    if present is None or command.p1 != present.kvn:
        raise CommandRefusedError(SW.REFERENCE_NOT_FOUND)
    channel = chip.session.channel
    key_dek = channel.key_dek if isinstance(channel, Scp03Channel) else b""
    kvn, keys = command.data[0], _Keys(command.data[1:], key_dek).all()
    if not 1 <= kvn <= _KVN_MAX or kvn == TRANSPORT_KVN:
        raise CommandRefusedError(SW.WRONG_DATA)
    fresh = {
        image.KEY_SET: KeySet(kvn, *keys).encode(),
        image.SEQUENCE_COUNTER: image.FIRST_SEQUENCE_COUNTER,
    }
    chip.image.memory.transaction(fresh)
    return bytes((kvn,)) + b"".join(map(key_check_value, keys)) + OK


class _Keys:
    """The three key fields of PUT KEY: type, length, [key length], cryptogram, 03, KCV each."""

    def __init__(self, octets: bytes, key_dek: bytes) -> None:
        self._octets = octets
        self._key_dek = key_dek
        self._position = 0

    def all(self) -> list[bytes]:
        """Return ENC, MAC and DEK, all of one size, each with its KCV checked."""
        keys = list(self._read_keys())
        if self._position != len(self._octets) or len({len(key) for key in keys}) != 1:
            raise CommandRefusedError(SW.WRONG_DATA)
        return keys

    def _read_keys(self) -> Iterator[bytes]:
        for _ in range(_KEYS):
            if self._take(1)[0] != _AES_TYPE:
                raise CommandRefusedError(SW.WRONG_DATA)
            key = self._decipher(self._take(self._take(1)[0]))
            kcv = self._take(self._take(1)[0])
            if len(kcv) != _KCV_OCTETS or not same_octets(kcv, key_check_value(key)):
                raise CommandRefusedError(SW.WRONG_DATA)
            yield key

    def _decipher(self, field: bytes) -> bytes:
        size, cipher = len(field), field
        if len(field) % BLOCK == 1:
            size, cipher = field[0], field[1:]
        padded = -(-size // BLOCK) * BLOCK
        if size not in _KEY_SIZES or len(cipher) != padded:
            raise CommandRefusedError(SW.WRONG_DATA)
        plain = decrypt_cbc(self._key_dek, ZERO_IV, cipher)
        if any(plain[size:]):
            raise CommandRefusedError(SW.WRONG_DATA)
        return plain[:size]

    def _take(self, count: int) -> bytes:
        taken = self._octets[self._position : self._position + count]
        if len(taken) != count or not count:
            raise CommandRefusedError(SW.WRONG_DATA)
        self._position += count
        return taken

"""PUT KEY for a whole SCP03 key set (GPC 2.3, 11.8; Amendment D, 7.2)."""

from typing import Final

from cryptography.hazmat.primitives.constant_time import bytes_eq

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.channel.aes import BLOCK_LEN
from cardservice.channel.flow import Flow
from cardservice.channel.scp03.keys import StaticKeys, key_check_value
from cardservice.channel.scp03.session import Scp03Session
from cardservice.errors import AuthenticationError, MalformedDataError, UsageError

_CLA_GP: Final = 0x80
_FIRST_KEY_OF_SEVERAL: Final = 0x81  # P2: key 1, and more keys in the same command
_AES_KEY_TYPE: Final = 0x88
_KEY_VERSIONS: Final = range(0x01, 0x80)


def put_key_command(
    new: StaticKeys, *, new_version: int, present_version: int, session: Scp03Session
) -> CommandAPDU:
    """Return the plain PUT KEY command that replaces the key set of the running session.

    Args:
        new: the new key set; its keys go out encrypted under the session's Key-DEK.
        new_version: 01..7F, the version of the new set.
        present_version: version of the set to replace.
        session: the session in which the command will be sent.

    Source: card.md 6, "keys"; Amendment D v1.2 7.2.
    """
    if new_version not in _KEY_VERSIONS or present_version not in _KEY_VERSIONS:
        raise UsageError("key versions are 01 to 7F")
    fields = (_key_field(one, session) for one in (new.enc, new.mac, new.dek))
    return CommandAPDU(
        cla=_CLA_GP,
        ins=Ins.PUT_KEY,
        p1=present_version,
        p2=_FIRST_KEY_OF_SEVERAL,
        data=bytes((new_version,)) + b"".join(fields),
        ne=256,
    )


def check_put_key_answer(answer: bytes, new: StaticKeys, *, new_version: int) -> None:
    """Check that the card stored what was sent: new version and three key check values.

    Raises:
        MalformedDataError: not 10 octets.
        AuthenticationError: another version, or check values of other keys.
    """
    values = b"".join(key_check_value(one) for one in (new.enc, new.mac, new.dek))
    expected = bytes((new_version,)) + values
    if len(answer) != len(expected):
        raise MalformedDataError(f"answer to PUT KEY has {len(answer)} octets")
    if not bytes_eq(answer, expected):
        raise AuthenticationError("the card confirms other keys than those sent")


def put_key(
    new: StaticKeys, *, new_version: int, present_version: int, session: Scp03Session
) -> Flow[None]:
    """Replace the key set; run it under ``session``. Afterwards open a session with the new set.

    Raises:
        StatusError: the card refused (6A80 check value, 6A88 no such present version).
        AuthenticationError, MalformedDataError: as for ``check_put_key_answer``.
    """
    command = put_key_command(
        new, new_version=new_version, present_version=present_version, session=session
    )
    answer = (yield command).expect_ok("PUT KEY")
    check_put_key_answer(answer, new, new_version=new_version)


def _key_field(static_key: bytes, session: Scp03Session) -> bytes:
    """Return 88 ‖ length ‖ encrypted key ‖ 03 ‖ check value.

    A key that does not fill its blocks (AES-192) is padded with zeros, and then its true length
    precedes it.
    """
    size = len(static_key)
    encrypted = session.wrap_dek(static_key + bytes(-size % BLOCK_LEN))
    value = encrypted if len(encrypted) == size else bytes((size,)) + encrypted
    check = key_check_value(static_key)
    return bytes((_AES_KEY_TYPE, len(value))) + value + bytes((len(check),)) + check

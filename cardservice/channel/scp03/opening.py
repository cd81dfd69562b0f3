"""Opening an SCP03 session: INITIALIZE UPDATE, EXTERNAL AUTHENTICATE (Amendment D, 6.2.2, 7.1)."""

from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.constant_time import bytes_eq

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.channel.aes import keyed_cmac
from cardservice.channel.flow import Flow
from cardservice.channel.scp03.keys import (
    DIVERSIFICATION_DATA_LEN,
    DerivationConstant,
    Scp03Keys,
    StaticKeys,
    derive,
    derive_session_keys,
)
from cardservice.channel.scp03.session import (
    INITIAL_CHAINING_VALUE,
    S8,
    S16,
    InitializeUpdateAnswer,
    Scp03Session,
    SecurityLevel,
    add_c_mac,
)
from cardservice.errors import AuthenticationError, MalformedDataError, UsageError

_CLA_GP: Final = 0x80
_SCP03: Final = 0x03
_KEY_INFORMATION_LEN: Final = 3  # key version, SCP identifier, i
_COUNTER_LEN: Final = 3
_I_S16: Final = 0x01
_I_PSEUDO_RANDOM: Final = 0x10

KeySource = StaticKeys | Callable[[bytes], StaticKeys]
"""The card's key set, or how to get it from the 10 diversification octets the card sends."""


def open_session(
    keys: KeySource,
    *,
    key_version: int,
    host_challenge: bytes,
    security_level: int = 0x33,
    invoking_aid: bytes | None = None,
) -> Flow[Scp03Session]:
    """Open a session with the security domain that is selected; return it authenticated.

    Args:
        keys: the key set, or a function from diversification data to it.
        key_version: version of the key set, 00 for the one there is.
        host_challenge: fresh random octets from the caller, 8 (S8) or 16 (S16).
        security_level: 01, 03, 11, 13 or 33.
        invoking_aid: when given, the card's challenge must be the pseudo-random one for this
            AID and the sequence counter the card sends.

    Raises:
        AuthenticationError: the card's cryptogram, challenge or key version is wrong.
        MalformedDataError: the answer to INITIALIZE UPDATE is no SCP03 answer in this mode.
        StatusError: the card refused (6A88 no such key set, 6300 wrong host cryptogram).

    Source: Amendment D v1.2 6.2.2, 7.1; vectors ``scp03_sessions.json``.
    """
    level = SecurityLevel.parse(security_level)
    if len(host_challenge) not in (S8, S16):
        raise UsageError("a host challenge has 8 octets (S8) or 16 (S16)")
    command = CommandAPDU(
        cla=_CLA_GP, ins=Ins.INITIALIZE_UPDATE, p1=key_version, data=host_challenge, ne=256
    )
    raw = (yield command).expect_ok("INITIALIZE UPDATE")
    answer = parse_initialize_update_answer(raw, mac_len=len(host_challenge))
    if key_version not in (0, answer.key_version):
        raise AuthenticationError("the card answered with another key version")
    static_keys = keys if isinstance(keys, StaticKeys) else keys(answer.diversification_data)
    if invoking_aid is not None:
        _check_challenge(answer, static_keys, invoking_aid)
    context = host_challenge + answer.card_challenge
    session_keys = derive_session_keys(static_keys, context)
    _check_card_cryptogram(answer, session_keys, context)
    chaining = yield from _authenticate_host(session_keys, context, level)
    return Scp03Session(
        session_keys, dek=static_keys.dek, level=level, card=answer, chaining=chaining
    )


def parse_initialize_update_answer(raw: bytes, *, mac_len: int) -> InitializeUpdateAnswer:
    """Return the parts of an answer to INITIALIZE UPDATE in S8 (``mac_len`` 8) or S16 (16).

    Raises:
        MalformedDataError: another protocol or mode, or a length that does not fit i.
    """
    offset = DIVERSIFICATION_DATA_LEN + _KEY_INFORMATION_LEN
    if len(raw) < offset:
        raise MalformedDataError("answer to INITIALIZE UPDATE is too short")
    key_version, protocol, parameter_i = raw[DIVERSIFICATION_DATA_LEN:offset]
    if protocol != _SCP03:
        raise MalformedDataError(f"the card speaks SCP{protocol:02X}, not SCP03")
    if bool(parameter_i & _I_S16) is not (mac_len == S16):
        raise MalformedDataError("the card's mode (S8, S16) is not the host challenge's")
    has_counter = bool(parameter_i & _I_PSEUDO_RANDOM)
    if len(raw) != offset + 2 * mac_len + has_counter * _COUNTER_LEN:
        raise MalformedDataError("answer to INITIALIZE UPDATE has a wrong length")
    rest = raw[offset:]
    return InitializeUpdateAnswer(
        diversification_data=raw[:DIVERSIFICATION_DATA_LEN],
        key_version=key_version,
        parameter_i=parameter_i,
        card_challenge=rest[:mac_len],
        card_cryptogram=rest[mac_len : 2 * mac_len],
        sequence_counter=int.from_bytes(rest[2 * mac_len :]) if has_counter else None,
    )


def _check_challenge(answer: InitializeUpdateAnswer, keys: StaticKeys, aid: bytes) -> None:
    if answer.sequence_counter is None:
        raise AuthenticationError("the card's challenge is not pseudo-random")
    context = answer.sequence_counter.to_bytes(_COUNTER_LEN) + aid
    bits = 8 * len(answer.card_challenge)
    expected = derive(keys.enc, DerivationConstant.CARD_CHALLENGE, context, bits)
    if not bytes_eq(answer.card_challenge, expected):
        raise AuthenticationError("pseudo-random challenge of the card")


def _check_card_cryptogram(answer: InitializeUpdateAnswer, keys: Scp03Keys, context: bytes) -> None:
    bits = 8 * len(answer.card_cryptogram)
    expected = derive(keys.s_mac, DerivationConstant.CARD_CRYPTOGRAM, context, bits)
    if not bytes_eq(answer.card_cryptogram, expected):
        raise AuthenticationError("card cryptogram")


def _authenticate_host(keys: Scp03Keys, context: bytes, level: SecurityLevel) -> Flow[bytes]:
    """Send EXTERNAL AUTHENTICATE; return its full C-MAC, with which the MAC chain starts."""
    mac_len = len(context) // 2
    cryptogram = derive(keys.s_mac, DerivationConstant.HOST_CRYPTOGRAM, context, 8 * mac_len)
    command, chaining = add_c_mac(
        CommandAPDU(cla=_CLA_GP, ins=Ins.EXTERNAL_AUTHENTICATE, p1=level, data=cryptogram),
        mac=keyed_cmac(keys.s_mac),
        chaining=INITIAL_CHAINING_VALUE,
        mac_len=mac_len,
    )
    (yield command).expect_ok("EXTERNAL AUTHENTICATE")
    return chaining

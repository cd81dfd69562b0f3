"""The chip's public key inside EF.ChipSecurity, to see that the file belongs to this chip.

Source: TR-03110-3 A.1 (SecurityInfos), RFC 5480; card.md §2 and §6.
"""

from simulators.card.key_agreement import POINT_OCTETS
from simulators.card.tlv import MalformedObjectError, only_object, parse_objects

_EF_ROOT = 0x6E
_SET = 0x31
_SEQUENCE = 0x30
_OBJECT_IDENTIFIER = 0x06
_BIT_STRING = 0x03
_ID_PK_ECDH = bytes.fromhex("04007F000702020102")
_NO_UNUSED_BITS = b"\x00"


def public_point_in(content: bytes) -> bytes:
    """Return the uncompressed point, 65 octets, of the ChipAuthenticationPublicKeyInfo.

    Raises:
        MalformedObjectError: the file is not ``6E{SecurityInfos}``, or holds no such key.
    """
    infos = only_object(only_object(content, _EF_ROOT), _SET)
    for info in parse_objects(infos):
        members = parse_objects(info.value)
        tags_and_values = [(member.tag, member.value) for member in members]
        if len(members) > 1 and tags_and_values[0] == (_OBJECT_IDENTIFIER, _ID_PK_ECDH):
            return _point_of(members[1].encoded)
    raise MalformedObjectError


def _point_of(subject_public_key_info: bytes) -> bytes:
    members = parse_objects(only_object(subject_public_key_info, _SEQUENCE))
    for member in members:
        if member.tag == _BIT_STRING and len(member.value) == 1 + POINT_OCTETS:
            return member.value.removeprefix(_NO_UNUSED_BITS)
    raise MalformedObjectError

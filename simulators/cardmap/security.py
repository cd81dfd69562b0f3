"""Shapes of SecurityInfos and of EF.SOD.

Source: TR-03110-3 A.1.1; RFC 5652 5; ICAO 9303-10 4.6.2; card.md §2 and §3.
"""

from dataclasses import replace
from typing import Final

from simulators.cardmap import reading
from simulators.cardmap.shapes import Shape
from simulators.cardmap.spans import Privacy
from simulators.cardmap.words import Name
from simulators.cardmap.x509 import (
    CERTIFICATE,
    INTEGER,
    OCTET_STRING,
    OID,
    PUBLIC_KEY_INFO,
    SEQUENCE,
    SET,
    algorithm,
    distinguished_name,
    identifier,
    integer,
    signature,
)

_CONTEXT_0 = 0xA0


def _info(name: Name, *fields: Shape) -> Shape:
    return Shape(
        name=name,
        tag=SEQUENCE,
        clause="TR-03110-3 A.1.1",
        read=reading.first_oid,
        parts=(identifier(Name.PROTOCOL), *fields),
        ordered=True,
    )


# The key is another on every card: it tells cards apart as a serial number does.
_CHIP_PUBLIC_KEY = replace(
    PUBLIC_KEY_INFO,
    parts=(PUBLIC_KEY_INFO.parts[0], replace(PUBLIC_KEY_INFO.parts[1], privacy=Privacy.PERSONAL)),
)

_INFOS: Final = {
    "0.4.0.127.0.7.2.2.1.": _info(
        Name.CHIP_PUBLIC_KEY_INFO,
        _CHIP_PUBLIC_KEY,
        integer(Name.KEY_ID),
    ),
    "0.4.0.127.0.7.2.2.2.": _info(Name.TERMINAL_AUTHENTICATION_INFO, integer(Name.VERSION)),
    "0.4.0.127.0.7.2.2.3.": _info(
        Name.CHIP_AUTHENTICATION_INFO, integer(Name.VERSION), integer(Name.KEY_ID)
    ),
    "0.4.0.127.0.7.2.2.4.": _info(
        Name.PACE_INFO, integer(Name.VERSION), integer(Name.PARAMETER_ID)
    ),
}
"""By the protocol's arc."""


def _info_of(value: bytes) -> Shape | None:
    arc = f"{reading.oid_in(value)}."
    return next((shape for start, shape in _INFOS.items() if arc.startswith(start)), None)


SECURITY_INFOS: Final = Shape(
    name=Name.SECURITY_INFOS,
    tag=SET,
    clause="TR-03110-3 A.1.1",
    each=replace(_info(Name.SECURITY_INFO), choose=_info_of),
    der=True,
)

_HASHED: Final = {
    1: Name.HASH_OF_OWNER,
    2: Name.HASH_OF_CARD_ID,
    3: Name.HASH_OF_INSURER,
    4: Name.HASH_OF_ICCID,
    5: Name.HASH_OF_PHOTO,
    14: Name.HASH_OF_CHIP_SECURITY,
}
_HASH_ENTRY = Shape(
    name=Name.HASH_ENTRY,
    tag=SEQUENCE,
    clause="card.md §3",
    parts=(
        Shape(name=Name.HASH_NUMBER, tag=INTEGER, read=reading.number),
        # A hash of few texts gives them away to whoever tries them all.
        Shape(
            name=Name.HASH,
            tag=OCTET_STRING,
            privacy=Privacy.PERSONAL,
            read=reading.hexadecimal,
        ),
    ),
    ordered=True,
)


def _hash_entry_of(value: bytes) -> Shape | None:
    number = int.from_bytes((reading.first_octets_of(value) or b"")[:2], "big")
    return replace(_HASH_ENTRY, name=_HASHED[number]) if number in _HASHED else None


_LDS = Shape(
    name=Name.LDS,
    tag=SEQUENCE,
    clause="ICAO 9303-10 4.6.2.3",
    parts=(
        integer(Name.VERSION),
        algorithm(Name.DIGEST_ALGORITHM),
        Shape(
            name=Name.HASHES,
            tag=SEQUENCE,
            each=replace(_HASH_ENTRY, choose=_hash_entry_of),
        ),
    ),
    ordered=True,
)

_ENCAPSULATED = Shape(
    name=Name.ENCAPSULATED,
    tag=SEQUENCE,
    clause="RFC 5652 5.2",
    parts=(
        identifier(Name.ENCAPSULATED_TYPE),
        Shape(
            name=Name.ENCAPSULATED_CONTENT,
            tag=_CONTEXT_0,
            parts=(
                Shape(name=Name.ENCAPSULATED_OCTETS, tag=OCTET_STRING, opens=True, parts=(_LDS,)),
            ),
        ),
    ),
    ordered=True,
)


def _attribute(name: Name, value: Shape) -> Shape:
    return Shape(
        name=name,
        tag=SEQUENCE,
        clause="RFC 5652 11",
        parts=(
            identifier(Name.ATTRIBUTE_TYPE),
            Shape(name=Name.ATTRIBUTE_VALUES, tag=SET, each=value),
        ),
        ordered=True,
    )


_ATTRIBUTES: Final = {
    "1.2.840.113549.1.9.3": _attribute(
        Name.ATTRIBUTE_CONTENT_TYPE, Shape(name=Name.CONTENT_TYPE, tag=OID, read=reading.oid)
    ),
    "1.2.840.113549.1.9.4": _attribute(
        Name.ATTRIBUTE_DIGEST,
        Shape(
            name=Name.MESSAGE_DIGEST,
            tag=OCTET_STRING,
            privacy=Privacy.PERSONAL,
            read=reading.hexadecimal,
        ),
    ),
    "1.2.840.113549.1.9.5": _attribute(
        Name.ATTRIBUTE_TIME,
        Shape(name=Name.SIGNING_TIME, privacy=Privacy.PERSONAL, read=reading.moment),
    ),
}
_ANY_ATTRIBUTE = _attribute(Name.ATTRIBUTE, Shape(name=Name.ATTRIBUTE_VALUE))


def _attribute_of(value: bytes) -> Shape | None:
    return _ATTRIBUTES.get(reading.oid_in(value) or "")


_SIGNER_INFO = Shape(
    name=Name.SIGNER_INFO,
    tag=SEQUENCE,
    clause="RFC 5652 5.3",
    parts=(
        integer(Name.VERSION),
        Shape(
            name=Name.SIGNER_ID,
            tag=SEQUENCE,
            read=reading.signer,
            parts=(
                distinguished_name(Name.ISSUER),
                integer(Name.SERIAL_NUMBER, reading.hexadecimal),
            ),
            ordered=True,
        ),
        algorithm(Name.DIGEST_ALGORITHM),
        Shape(
            name=Name.SIGNED_ATTRIBUTES,
            tag=_CONTEXT_0,
            each=replace(_ANY_ATTRIBUTE, choose=_attribute_of),
        ),
        algorithm(Name.SIGNATURE_ALGORITHM),
        signature(OCTET_STRING, privacy=Privacy.PERSONAL),
    ),
    ordered=True,
)

_SIGNED_DATA = Shape(
    name=Name.SIGNED_DATA,
    tag=SEQUENCE,
    clause="RFC 5652 5.1",
    parts=(
        integer(Name.VERSION),
        Shape(name=Name.DIGEST_ALGORITHMS, tag=SET, each=algorithm(Name.DIGEST_ALGORITHM)),
        _ENCAPSULATED,
        Shape(name=Name.CERTIFICATES, tag=_CONTEXT_0, each=CERTIFICATE),
        Shape(name=Name.SIGNER_INFOS, tag=SET, each=_SIGNER_INFO),
    ),
    ordered=True,
)

CONTENT_INFO: Final = Shape(
    name=Name.CONTENT_INFO,
    tag=SEQUENCE,
    clause="RFC 5652 3",
    parts=(
        identifier(Name.CONTENT_TYPE),
        Shape(name=Name.CONTENT, tag=_CONTEXT_0, parts=(_SIGNED_DATA,)),
    ),
    ordered=True,
    der=True,
)

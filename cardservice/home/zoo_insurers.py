"""A made card gets its next insurer record: signed by the insurer, as long as a card can carry.

The insurer's signature proves nothing about a card (card.md §2); it is there to be carried.
"""

import secrets
from datetime import UTC, datetime
from functools import cache
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from cardservice.channel.flow import Flow, protect
from cardservice.channel.reading import select_application
from cardservice.channel.security_infos import parse_chip_security
from cardservice.channel.store_data import store_data
from cardservice.domain.insurance import InsurancePeriod
from cardservice.errors import UsageError
from cardservice.personalization.contents import DGI, sign_files
from cardservice.personalization.making import StationKeys, open_with_issuer_keys
from cardservice.personalization.order import CardOrder, PreparedOrder, prepare
from cardservice.pki.document_signer import DocumentSigner
from cardservice.policycard.insurer import InsurerRecord, InsurerSignature, encode_insurer
from cardservice.policycard.layout import (
    FIRST_INSURER_ID,
    INSURER_LIMIT,
    CardFile,
    Directory,
    encode_pointer,
)
from cardservice.policycard.photo import encode_photo
from cardservice.policycard.security import digest_written

NEXT_INSURER_ID: Final = FIRST_INSURER_ID + 1
_COORDINATE_LEN: Final = 32  # P-256
_COMMENT: Final = x509.ObjectIdentifier("2.5.29.99")
"""No extension of anybody's: it only takes room, and is not critical."""
_GUESSES: Final = 4  # lengths of lengths settle after two


def longest_insurer(insurance: InsurancePeriod) -> bytes:
    """Return an insurer EF of exactly 2,048 octets, with the insurer's signature and certificate.

    Raises:
        UsageError: the parts leave no way to come to that length.
    """
    filler = INSURER_LIMIT // 2
    for _ in range(_GUESSES):
        octets = encode_insurer(InsurerRecord(insurance, _signature(insurance, filler)))
        if len(octets) == INSURER_LIMIT:
            return octets
        filler += INSURER_LIMIT - len(octets)
    raise UsageError("no insurer EF comes to that length")


def next_record(order: CardOrder, *, longest: bool) -> PreparedOrder:
    """Return the order as it stands on the card once its next insurer record is there."""
    first = prepare(order)
    insurer = longest_insurer(order.insurance) if longest else first.insurer
    photo = b"" if order.photo is None else encode_photo(order.photo)
    hashes = digest_written(owner=first.owner, insurer=insurer, photo=photo)
    return PreparedOrder(order, first.owner, insurer, NEXT_INSURER_ID, hashes)


def change_insurer(
    prepared: PreparedOrder,
    keys: StationKeys,
    *,
    chip_security: bytes,
    signer: DocumentSigner,
    at: datetime,
) -> Flow[datetime]:
    """Write the record, a new EF.SOD and the pointer in one transaction; return ``signingTime``.

    Run it after a reset. The record before stays on the card as history.

    Raises:
        PeerError: the card broke a rule, or its keys are others.
    """
    yield from select_application(Directory.ROOT.aid)
    card = yield from open_with_issuer_keys(keys, secrets.token_bytes)
    files = sign_files(
        prepared,
        chip_serial=card.chip_serial,
        chip_point=parse_chip_security(chip_security).public_key.point,
        signer=signer,
        at=at,
    )
    groupings = [
        (prepared.insurer_id, prepared.insurer),
        (CardFile.SECURITY_OBJECT.spec.file_id, files.security_object),
        (int(DGI.POINTER), encode_pointer(prepared.insurer_id)),
    ]
    yield from protect(store_data(groupings), card.session)
    return files.signed_at


def _signature(insurance: InsurancePeriod, filler: int) -> InsurerSignature:
    signed = encode_insurer(InsurerRecord(insurance))
    r, s = decode_dss_signature(_insurers_key().sign(signed, ec.ECDSA(SHA256())))
    octets = r.to_bytes(_COORDINATE_LEN) + s.to_bytes(_COORDINATE_LEN)
    return InsurerSignature(octets, _certificate(filler))


@cache
def _insurers_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def _authority_key() -> ed25519.Ed25519PrivateKey:
    # Its signatures are always of one length, so that the certificate's length can be aimed at.
    return ed25519.Ed25519PrivateKey.generate()


def _certificate(filler: int) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Insurer of the zoo")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(_insurers_key().public_key())
        .serial_number(1)
        .not_valid_before(datetime(2023, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2049, 1, 1, tzinfo=UTC))
        .add_extension(x509.UnrecognizedExtension(_COMMENT, bytes(filler)), critical=False)
    )
    return builder.sign(_authority_key(), algorithm=None).public_bytes(Encoding.DER)

"""What a card is given in STORE DATA: its files, the signed object over them, its secrets."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, unique
from hashlib import sha256

from cardservice.channel.scp03 import Scp03Session, secret_value
from cardservice.channel.security_infos import encode_card_access, encode_chip_security
from cardservice.personalization.order import PreparedOrder
from cardservice.personalization.ports import Entropy
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.ef_sod import sign_ef_sod
from cardservice.policycard.identity import CardIdentity, Iccid, encode_card_id, encode_iccid
from cardservice.policycard.layout import CardFile, encode_pointer
from cardservice.policycard.security import Group

PIN_DIGITS = 6  # card.md §4 allows 4 to 8
PUK_DIGITS = 8
CAN_DIGITS = 6


@unique
class DataGroupingIdentifier(IntEnum):
    """DGIs that are no file's own identifier (card.md §6)."""

    CARD_ACCESS = 0x3F1C
    POINTER = 0x01B0
    PIN = 0x8010
    PUK = 0x8011
    CAN = 0x8012
    PROFILE = 0xD001
    TRUST_POINT = 0xD010


DGI = DataGroupingIdentifier


@dataclass(frozen=True, slots=True)
class HolderSecrets:
    """What the holder gets on paper, ASCII digits; never printed, never stored by the station."""

    pin: str = field(repr=False)
    puk: str = field(repr=False)
    can: str = field(repr=False)


def draw_secrets(entropy: Entropy) -> HolderSecrets:
    """Return fresh secrets, every value of each equally likely."""
    return HolderSecrets(
        pin=_digits(entropy, PIN_DIGITS),
        puk=_digits(entropy, PUK_DIGITS),
        can=_digits(entropy, CAN_DIGITS),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFiles:
    """The signed files of one chip, as octets.

    Attributes:
        signed_at: ``signingTime`` of the security object, UTC.
    """

    iccid: bytes = field(repr=False)
    card_id: bytes = field(repr=False)
    chip_security: bytes = field(repr=False)
    security_object: bytes = field(repr=False)
    signed_at: datetime


def sign_files(
    prepared: PreparedOrder,
    *,
    chip_serial: bytes,
    chip_point: bytes,
    signer: DocumentSigner,
    at: datetime,
) -> CardFiles:
    """Return the files that depend on the chip, and EF.SOD over all of them.

    Args:
        chip_serial: 8 octets, from the answer to INITIALIZE UPDATE.
        chip_point: the key made on the chip, 65 octets.
        at: becomes ``signingTime``; fractions of a second are dropped.

    Source: card.md §3.
    """
    order, at = prepared.order, at.replace(microsecond=0)
    identity = CardIdentity(
        chip_serial=chip_serial,
        fund=order.fund,
        list_number=order.list_number,
        list_index=order.list_index,
    )
    iccid = encode_iccid(Iccid(chip_serial=chip_serial))
    card_id = encode_card_id(identity)
    chip_security = encode_chip_security(chip_point)
    hashes = {
        **prepared.hashes,
        Group.CARD_ID: sha256(card_id).digest(),
        Group.ICCID: sha256(iccid).digest(),
        Group.CHIP_SECURITY: sha256(chip_security).digest(),
    }
    return CardFiles(
        iccid=iccid,
        card_id=card_id,
        chip_security=chip_security,
        security_object=sign_ef_sod(dict(sorted(hashes.items())), signer=signer, at=at),
        signed_at=at,
    )


def data_groupings(
    prepared: PreparedOrder,
    files: CardFiles,
    secrets: HolderSecrets,
    session: Scp03Session,
    *,
    trust_point: bytes | None = None,
) -> list[tuple[int, bytes]]:
    """Return the DGIs of one card, in the order of card.md §6, secrets under Key-DEK.

    Args:
        prepared: the order.
        files: of this chip.
        secrets: of this holder.
        session: whose Key-DEK encrypts them.
        trust_point: CVCA certificate, 7F21; without one the card believes no terminal.
    """
    known = [] if trust_point is None else [(int(DGI.TRUST_POINT), trust_point)]
    return [
        (CardFile.ICCID.spec.file_id, files.iccid),
        (CardFile.CARD_ID.spec.file_id, files.card_id),
        (CardFile.CHIP_SECURITY.spec.file_id, files.chip_security),
        (CardFile.OWNER.spec.file_id, prepared.owner),
        (prepared.insurer_id, prepared.insurer),
        (CardFile.SECURITY_OBJECT.spec.file_id, files.security_object),
        (DGI.POINTER, encode_pointer(prepared.insurer_id)),
        (DGI.PIN, secret_value(secrets.pin, session)),
        (DGI.PUK, secret_value(secrets.puk, session)),
        (DGI.CAN, secret_value(secrets.can, session)),
        (DGI.PROFILE, bytes((prepared.order.profile,))),
        (DGI.CARD_ACCESS, encode_card_access()),
        *known,
    ]


def _digits(entropy: Entropy, count: int) -> str:
    """Return digits drawn without bias: octets of 250 and more would favour the low digits."""
    drawn = ""
    while len(drawn) < count:
        drawn += "".join(str(octet % 10) for octet in entropy(count) if octet < 250)
    return drawn[:count]

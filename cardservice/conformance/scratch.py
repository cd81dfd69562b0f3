"""A scratch issuer: one test card of a fictional holder, with keys that die with the run."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Final

from cardservice.channel.scp03 import Scp03Session
from cardservice.conformance.authority import Authority, new_key
from cardservice.conformance.known import Known, master_keys
from cardservice.domain.holder import Citizenship, Holder, Sex
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.numbers import Enp, Ogrn, Okato, Snils
from cardservice.personalization.contents import (
    CardFiles,
    HolderSecrets,
    data_groupings,
    draw_secrets,
    sign_files,
)
from cardservice.personalization.order import CardOrder, PreparedOrder, prepare
from cardservice.pki.authority import create_root
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.ef_sod import sign_ef_sod
from cardservice.pki.names import Fund, root_name
from cardservice.policycard.insurer import InsurerRecord, encode_insurer
from cardservice.policycard.layout import FIRST_INSURER_ID
from cardservice.policycard.photo import Photo, PhotoFormat
from cardservice.policycard.profile import Profile
from cardservice.policycard.security import Group

OLD_INSURER_ID: Final = FIRST_INSURER_ID
INSURER_ID: Final = FIRST_INSURER_ID + 1
_MASTER_LEN: Final = 16
_FUND: Final = Fund("00000", "Conformance")
_PHOTO_LEN: Final = 2_600  # more than one reading of extended length gives
_SOI: Final = b"\xff\xd8\xff\xe0"
_AGE: Final = timedelta(days=1)
"""How long the root and the trust point exist when the card is made."""


@dataclass(slots=True, kw_only=True)
class Scratch:
    """Everything one card is made of.

    Attributes:
        prepared: owner and current insurer; 0302 with an older record in 0301.
        files: once the chip has its key.
        pointer: id of the current insurer EF, as the card has it now.
        insurers: the insurer EFs the card has now, by id.
    """

    signer: DocumentSigner = field(repr=False)
    authority: Authority = field(repr=False)
    prepared: PreparedOrder = field(repr=False)
    secrets: HolderSecrets = field(repr=False)
    chip_point: bytes | None = None
    files: CardFiles | None = None
    pointer: int = INSURER_ID
    insurers: dict[int, bytes] = field(default_factory=dict, repr=False)

    def sign(self, chip_serial: bytes) -> CardFiles:
        """Return the files that depend on the chip, signed now."""
        if self.chip_point is None:
            raise ValueError("the chip has no key yet")
        self.files = sign_files(
            self.prepared,
            chip_serial=chip_serial,
            chip_point=self.chip_point,
            signer=self.signer,
            at=datetime.now(UTC),
        )
        return self.files

    def groupings(self, session: Scp03Session) -> list[tuple[int, bytes]]:
        """Return the DGIs of the whole card, its older insurer record among them."""
        files = self.files or self.sign(session.card.diversification_data[2:])
        point = self.authority.current.certificate.octets
        new = data_groupings(self.prepared, files, self.secrets, session, trust_point=point)
        return [(OLD_INSURER_ID, self.insurers[OLD_INSURER_ID]), *new]

    def change_of_insurer(self, insurer_id: int, record: bytes) -> list[tuple[int, bytes]]:
        """Return the DGIs that make ``record`` current: EF, EF.SOD over it, pointer."""
        return [(insurer_id, record), (0x011D, self.signed(record)), (0x01B0, _id(insurer_id))]

    def signed(self, insurer: bytes) -> bytes:
        """Return EF.SOD of this card with another current insurer EF."""
        files = self.files
        if files is None:
            raise ValueError("the card has no files yet")
        hashes = {
            **self.prepared.hashes,
            Group.CARD_ID: sha256(files.card_id).digest(),
            Group.ICCID: sha256(files.iccid).digest(),
            Group.CHIP_SECURITY: sha256(files.chip_security).digest(),
            Group.INSURER: sha256(insurer).digest(),
        }
        at = datetime.now(UTC).replace(microsecond=0)
        return sign_ef_sod(dict(sorted(hashes.items())), signer=self.signer, at=at)

    def changed(self, insurer_id: int, record: bytes) -> None:
        """Remember that the card took a change of insurer."""
        self.pointer, self.insurers[insurer_id] = insurer_id, record


def new_scratch(known: Known, profile: Profile) -> Scratch:
    """Return a scratch issuer for one card, and tell ``known`` the card's secrets and keys."""
    now = datetime.now(UTC)
    prepared = replace(prepare(_order(profile)), insurer_id=INSURER_ID)
    scratch = Scratch(
        signer=_signer(now - _AGE),
        authority=Authority.begin((now - _AGE).date()),
        prepared=prepared,
        secrets=draw_secrets(secrets.token_bytes),
        insurers={OLD_INSURER_ID: insurer_record(date(2020, 1, 1)), INSURER_ID: prepared.insurer},
    )
    known.issuer = master_keys(secrets.token_bytes(_MASTER_LEN))
    known.can, known.pin, known.puk = (
        scratch.secrets.can,
        scratch.secrets.pin,
        scratch.secrets.puk,
    )
    known.profile, known.scratch = profile, scratch
    return scratch


def insurer_record(start: date) -> bytes:
    """Return an insurer EF of a fictional insurer."""
    return encode_insurer(InsurerRecord(_insurance(start)))


def _signer(at: datetime) -> DocumentSigner:
    root_key, key = new_key(), new_key()
    root = create_root(
        root_key, subject=root_name("Conformance"), serial=1, at=at, demonstration=True
    )
    der = root.issue_signer(_FUND, public_key=key.public_key, serial=2, at=at)
    return DocumentSigner(parse_certificate(der), key)


def _order(profile: Profile) -> CardOrder:
    return CardOrder(
        holder=Holder(
            enp=Enp("0048910297000121"),
            surname="Образцова",
            given_name="Проба",
            patronymic="Случаевна",
            sex=Sex.FEMALE,
            birth_date=date(1980, 2, 2),
            birth_place="г. Примерск",
            citizenship=Citizenship("RUS", "Российская Федерация"),
            snils=Snils("000-000-000 00"),
        ),
        insurance=_insurance(date(2024, 1, 1)),
        fund=_FUND.code,
        list_number=1,
        list_index=secrets.randbelow(1 << 32),
        issue_date=date(2024, 1, 1),
        photo=Photo(PhotoFormat.JPEG, _SOI + bytes(_PHOTO_LEN - len(_SOI))),
        profile=profile,
    )


def _insurance(start: date) -> InsurancePeriod:
    return InsurancePeriod(ogrn=Ogrn("1027700000006"), okato=Okato("00000"), start_date=start)


def _id(file_id: int) -> bytes:
    return file_id.to_bytes(2)

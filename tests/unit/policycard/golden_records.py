"""Records made from the golden files' fields, and the golden files' octets."""

from datetime import date
from typing import Any

from cardservice.domain.holder import Citizenship, Holder, Sex
from cardservice.domain.insurance import InsurancePeriod
from cardservice.policycard.identity import CardIdentity, Iccid
from cardservice.policycard.insurer import InsurerRecord
from cardservice.policycard.owner import OwnerRecord
from cardservice.policycard.photo import Photo, PhotoFormat
from cardservice.policycard.security import SignedFiles
from tests.shared import golden

OWNERS = ("owner-plain", "owner-minimal", "owner-snils")
INSURERS = ("insurer-plain", "insurer-ended")

JPEG = Photo(PhotoFormat.JPEG, b"\xff\xd8\xff\xe0" + bytes(300))


def octets_of(name: str) -> bytes:
    """Return the golden file's octets."""
    return bytes.fromhex(golden(name)["hex"])


def _date(fields: dict[str, Any], name: str) -> date | None:
    return date.fromisoformat(fields[name]) if name in fields else None


def owner_record(name: str = "owner-snils", *, photo: Photo | None = None) -> OwnerRecord:
    """Return the record that encodes to the golden owner EF, with a photo if one is given."""
    fields = golden(name)["fields"]
    country = fields.get("citizenship")
    holder = Holder(
        enp=fields["enp"],
        surname=fields["surname"],
        given_name=fields["given_name"],
        patronymic=fields.get("patronymic"),
        sex=Sex(fields["sex"]),
        birth_date=date.fromisoformat(fields["birth_date"]),
        birth_place=fields.get("birth_place"),
        citizenship=Citizenship(country["code"], country["name"]) if country else None,
        snils=fields.get("snils"),
    )
    return OwnerRecord(holder=holder, issue_date=_date(fields, "issue_date"), photo=photo)


def insurer_record(name: str = "insurer-plain") -> InsurerRecord:
    """Return the record that encodes to the golden insurer EF."""
    fields = golden(name)["fields"]
    return InsurerRecord(
        InsurancePeriod(
            ogrn=fields["ogrn"],
            okato=fields["okato"],
            start_date=date.fromisoformat(fields["start_date"]),
            end_date=_date(fields, "end_date"),
        )
    )


def card_identity() -> CardIdentity:
    """Return what encodes to the golden EF.CardID."""
    fields = golden("card-id")["fields"]
    return CardIdentity(
        chip_serial=bytes.fromhex(fields["chip_serial"]),
        fund=fields["fund"],
        list_number=fields["list_number"],
        list_index=fields["list_index"],
    )


def iccid() -> Iccid:
    """Return what encodes to the golden EF.ICCID."""
    fields = golden("iccid")["fields"]
    return Iccid(
        chip_serial=bytes.fromhex(fields["chip_serial"]), issuer_code=fields["issuer_code"]
    )


def signed_files(owner: bytes | None = None) -> SignedFiles:
    """Return one card's files, golden all of them unless another owner EF is given."""
    return SignedFiles(
        owner=owner or octets_of("owner-snils"),
        insurer=octets_of("insurer-plain"),
        card_id=octets_of("card-id"),
        iccid=octets_of("iccid"),
        chip_security=octets_of("chip-security"),
    )

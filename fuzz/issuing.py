"""Contents to start from: a fictional holder, an issuer and an office with published keys.

The keys are the same at every run, so that kept inputs go on fitting the cards of this folder.
"""

from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from cardservice.domain.holder import Citizenship, Holder, Sex
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.numbers import parse_enp, parse_ogrn, parse_okato, parse_snils
from cardservice.keystores.software_keys import EcdsaP256Key
from cardservice.pki.authority import CertificateAuthority, create_root
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.cv.certificates import CvCertificate
from cardservice.pki.cv.issuing import Cvca, DocumentVerifier, create_cvca
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.cv.requests import create_request, verify_request
from cardservice.pki.cv.terms import ALL_RIGHTS
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.names import Fund, root_name
from cardservice.policycard.identity import CardIdentity, Iccid, encode_card_id, encode_iccid
from cardservice.policycard.insurer import InsurerRecord, encode_insurer
from cardservice.policycard.owner import OwnerRecord, encode_owner
from cardservice.policycard.photo import Photo, PhotoFormat

AT: Final = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
DAY: Final = AT.date()
CHIP_SERIAL: Final = bytes.fromhex("0102030405060708")
FUND: Final = Fund("77001", "Fund")
PHOTO: Final = Photo(PhotoFormat.JPEG, b"\xff\xd8\xff\xe0" + bytes(60))
CVCA: Final = HolderReference("RU", "OMSCVCA", "00001")
VERIFIER: Final = HolderReference("RU", "OMSDV77", "00001")
TERMINAL: Final = HolderReference("RU", "DESK0042", "00001")
_ROOT_SERIAL, _SIGNER_SERIAL = 1, 2


@cache
def key(name: str) -> EcdsaP256Key:
    """Return the published P-256 key of that name."""
    # A digest above the group's order would need a sieve; it happens once in 2**32 names.
    scalar = int.from_bytes(sha256(name.encode()).digest())
    return EcdsaP256Key(ec.derive_private_key(scalar, ec.SECP256R1()))


def owner(*, photo: Photo | None = None) -> bytes:
    """Return an owner EF with every field."""
    holder = Holder(
        enp=parse_enp("0058000844000019"),
        surname="Цветков",
        given_name="Андрей",
        patronymic="Александрович",
        sex=Sex.MALE,
        birth_date=date(1999, 1, 5),
        birth_place="д. Заречье",
        citizenship=Citizenship("RUS", "Россия"),
        snils=parse_snils("508-328-107 70"),
    )
    record = OwnerRecord(holder=holder, expiry=date(2030, 1, 1), issue_date=DAY, photo=photo)
    return encode_owner(record)


def insurer() -> bytes:
    """Return an insurer EF with an end."""
    return encode_insurer(
        InsurerRecord(
            InsurancePeriod(
                ogrn=parse_ogrn("1009900000010"),
                okato=parse_okato("00001"),
                start_date=DAY,
                end_date=date(2030, 1, 1),
            )
        )
    )


def card_id() -> bytes:
    """Return EF.CardID."""
    identity = CardIdentity(chip_serial=CHIP_SERIAL, fund=FUND.code, list_number=1, list_index=7)
    return encode_card_id(identity)


def iccid() -> bytes:
    """Return EF.ICCID."""
    return encode_iccid(Iccid(chip_serial=CHIP_SERIAL))


@cache
def root() -> CertificateAuthority:
    """Return the root of the issuer."""
    return create_root(key("root"), subject=root_name("Scheme"), serial=_ROOT_SERIAL, at=AT)


@cache
def security_object() -> bytes:
    """Return an EF.SOD that lists five objects."""
    signer = key("signer")
    octets = root().issue_signer(FUND, public_key=signer.public_key, serial=_SIGNER_SERIAL, at=AT)
    hashes = {number: sha256(bytes((number,))).digest() for number in (1, 2, 3, 4, 14)}
    return DocumentSigner(parse_certificate(octets), signer).sign(hashes, at=AT)


def request(name: str, holder: HolderReference) -> bytes:
    """Return a request for a CV certificate about the key of that name."""
    return create_request(key(name), holder=holder)


@cache
def cvca(number: int = 1) -> Cvca:
    """Return the first or the second trust point."""
    holder = CVCA if number == 1 else CVCA.next()
    return create_cvca(
        key(f"cvca-{number}"), holder=holder, effective=DAY, expiration=date(2029, 1, 1)
    )


@cache
def chain() -> tuple[CvCertificate, CvCertificate, CvCertificate]:
    """Return a link to the second trust point; a document verifier, a terminal under the first."""
    wished = verify_request(request("verifier", VERIFIER))
    verifier = cvca().issue_document_verifier(wished, rights=ALL_RIGHTS, at=DAY)
    office = DocumentVerifier(verifier, key("verifier"))
    wished = verify_request(request("terminal", TERMINAL))
    terminal = office.issue_terminal(wished, rights=ALL_RIGHTS, at=DAY)
    return cvca().link_to(cvca(2).certificate), verifier, terminal

"""How fast a card's files are encoded and signed, beside the bare signature."""

from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from bench.cards import Issued, in_turn, issued_cards
from bench.figures import FULL, Figure, Pace, per_second, rates_in_turn
from cardservice.channel.security_infos import parse_chip_security
from cardservice.home.issuer import new_ephemeral, utc_now
from cardservice.personalization.contents import sign_files
from cardservice.personalization.order import CardOrder, prepare
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.ef_sod import parse_ef_sod
from cardservice.policycard.identity import decode_card_id

Job = tuple[CardOrder, bytes, bytes]
"""An order, and the serial number and public point of the chip it is for."""

REFERENCE: Final = "P-256 signatures by cryptography over as many octets, and nothing else"


def sign(pace: Pace = FULL) -> Figure:
    """Measure from order to files: fields encoded, hashed, EF.SOD signed; no card is written."""
    with issued_cards(pace.cards) as issued:
        now = utc_now()
        make = in_turn(lambda job: _sign(job, issued.signer, now), _jobs(issued))
        covered = [parse_ef_sod(one.security_object or b"").covered for one in issued.readings]
        key, scheme = new_ephemeral(), ec.ECDSA(SHA256())
        bare = in_turn(lambda octets: key.sign(octets, scheme), covered)
        value, reference = rates_in_turn(make, bare, pace)
    return Figure(
        name="issue.sign",
        value=per_second(value),
        unit="cards/s",
        reference=REFERENCE,
        reference_value=per_second(reference),
    )


def _jobs(issued: Issued) -> list[Job]:
    jobs = []
    for order, reading in zip(issued.orders, issued.readings, strict=True):
        files = reading.files
        serial = decode_card_id(files.card_id or b"").identity.chip_serial
        point = parse_chip_security(files.chip_security or b"").public_key.point
        jobs.append((order, serial, point))
    return jobs


def _sign(job: Job, signer: DocumentSigner, now: datetime) -> None:
    order, serial, point = job
    sign_files(prepare(order), chip_serial=serial, chip_point=point, signer=signer, at=now)

"""What EF.SOD costs while the card is in the reader: it covers the key made on the chip."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from bench.cards import Issued, in_turn, issued_cards
from bench.figures import FULL, Figure, Pace, per_second, rates_in_turn
from cardservice.channel.security_infos import parse_chip_security
from cardservice.home.issuer import new_ephemeral, utc_now
from cardservice.personalization.contents import sign_files
from cardservice.personalization.order import prepare
from cardservice.pki.ef_sod import parse_ef_sod, sign_ef_sod
from cardservice.policycard.identity import decode_card_id

Calls = tuple[Callable[[], None], Callable[[], None]]

REFERENCE: Final = "P-256 signatures by cryptography over as many octets, and nothing else"
TARGET_PER_S: Final = 5_000
TARGET_MS: Final = 1
MS: Final = 1_000  # in a second
DIGITS: Final = 4


def sod(pace: Pace = FULL) -> Figure:
    """Measure EF.SOD alone, from six hashes to the file, on one core."""
    with _calls(pace, _sod_signer) as (measured, bare):
        value, reference = rates_in_turn(measured, bare, pace)
    return Figure(
        name="station.sod",
        value=per_second(value),
        unit="files/s",
        reference=REFERENCE,
        reference_value=per_second(reference),
        note=f"one core, key in this process; target {TARGET_PER_S}/s",
    )


def sod_added(pace: Pace = FULL) -> Figure:
    """Measure what is done between the chip's key and STORE DATA: files of the chip, EF.SOD."""
    with _calls(pace, _files_signer) as (measured, bare):
        value, reference = rates_in_turn(measured, bare, pace)
    return Figure(
        name="station.sod_added",
        value=round(MS / value, DIGITS),
        unit="ms",
        reference=REFERENCE,
        reference_value=round(MS / reference, DIGITS),
        note=f"a card, key in this process; target {TARGET_MS} ms",
    )


@contextmanager
def _calls(pace: Pace, signer_of: Callable[[Issued], Callable[[], None]]) -> Iterator[Calls]:
    with issued_cards(pace.cards) as issued:
        yield signer_of(issued), _bare(issued)


def _bare(issued: Issued) -> Callable[[], None]:
    covered = [parse_ef_sod(one.security_object or b"").covered for one in issued.readings]
    key, scheme = new_ephemeral(), ec.ECDSA(SHA256())
    return in_turn(lambda octets: key.sign(octets, scheme), covered)


def _sod_signer(issued: Issued) -> Callable[[], None]:
    listed = [parse_ef_sod(one.security_object or b"").objects.hashes for one in issued.readings]
    now = utc_now()
    return in_turn(lambda hashes: sign_ef_sod(hashes, signer=issued.signer, at=now), listed)


def _files_signer(issued: Issued) -> Callable[[], None]:
    now, jobs = utc_now(), []
    for order, reading in zip(issued.orders, issued.readings, strict=True):
        serial = decode_card_id(reading.files.card_id or b"").identity.chip_serial
        point = parse_chip_security(reading.files.chip_security or b"").public_key.point
        jobs.append((prepare(order), serial, point))
    return in_turn(
        lambda job: sign_files(
            job[0], chip_serial=job[1], chip_point=job[2], signer=issued.signer, at=now
        ),
        jobs,
    )

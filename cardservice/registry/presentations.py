"""What desks tell of cards: taken once, kept for a while without the card's number, looked at.

Taking does not wait for the region's other writers: a hundred thousand desks tell.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from hmac import digest
from typing import Final
from uuid import UUID

from cardservice.desk.presentations import Presentation
from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.signs import NEAR, Sighting, Sign, SignKind, signs_in
from cardservice.errors import Refusal
from cardservice.registry.frame import Office
from cardservice.registry.ports import Work
from cardservice.registry.ports_clinics import ClinicDesk, KeptPresentation
from cardservice.registry.signs import FoundSign, record_signs

MOST_AT_ONCE: Final = 100  # presentations of one report
AHEAD: Final = timedelta(minutes=5)  # a desk's clock may be before ours by so much
OLDEST: Final = timedelta(days=30)  # a desk keeps what it could not tell for so long
KEPT: Final = timedelta(days=90)
MOST_WRONG: Final = 1000  # wrong numbers at one presentation; a card answers slower with each
_CARD_NUMBERS: Final = 1 << 48
_CARD_OCTETS: Final = 6
_REASON: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a report.

    Attributes:
        taken: ids that are kept, those of an earlier report too; they need not be told again.
        refused: id → code of those that can never be taken.
        signs: kinds of the signs of abuse that were not known before it.
    """

    taken: tuple[UUID, ...]
    refused: Mapping[UUID, str] = field(default_factory=dict)
    signs: tuple[SignKind, ...] = ()


def take_presentations(
    office: Office, desk: ClinicDesk, told: Sequence[Presentation], *, key: bytes
) -> Taken:
    """Keep what a desk tells, each id once, and write down what signs of abuse it shows.

    Args:
        key: 32 octets, the installation's; for hashes of cards' numbers.

    Raises:
        Refusal: ``presentations-too-many``; ``duplicate``: the same report came twice at one
            moment, which sending it again mends.
    """
    if len(told) > MOST_AT_ONCE:
        sentence = f"A report has at most {MOST_AT_ONCE} presentations."
        raise Refusal("presentations-too-many", sentence, field="presentations")
    once = {one.id: one for one in reversed(told)}
    refused = {one.id: code for one in once.values() if (code := _refusal(office, one))}
    good = [one for one in told if once[one.id] is one and one.id not in refused]
    rows = {one.id: _row(office, desk, one, key) for one in good}
    near = _keep(office, desk, rows)
    numbers = {one.id: one.card_number for one in good}
    signs = signs_in(map(_sighting, rows.values()), [_sighting(one) for one in near])
    cards = {
        row.card_hash: number
        for id_, row in rows.items()
        if row.card_hash is not None and (number := numbers[id_]) is not None
    }
    new = record_signs(office, desk.region, _found(signs, cards, key))
    return Taken(taken=tuple(rows), refused=refused, signs=new)


def card_hash(card_number: int, key: bytes) -> bytes:
    """Return the 32 octets that stand for a card: HMAC-SHA-256 of its number's 6 octets."""
    return digest(key, b"card" + card_number.to_bytes(_CARD_OCTETS), sha256)


def forget_presentations(office: Office, region: str) -> int:
    """Forget what desks of a region told more than 90 days ago, and old codes; return how many."""
    before = office.clock() - KEPT

    def work(kept: Work) -> int:
        told = kept.presentations.forget(region, before) + kept.substitutes.forget(region, before)
        return told + kept.enrolment_codes.forget(region, before)

    return office.database.transaction(work, region=region, alone=False)


def _refusal(office: Office, one: Presentation) -> str | None:
    now = office.clock()
    if one.at > now + AHEAD:
        return "presentation-in-future"
    if one.at < now - OLDEST:
        return "presentation-too-old"
    is_card = one.card_number is None or 0 <= one.card_number < _CARD_NUMBERS
    is_count = 0 <= one.wrong_numbers <= MOST_WRONG
    return None if is_card and is_count and _REASON.fullmatch(one.reason) else "presentation-wrong"


def _keep(
    office: Office, desk: ClinicDesk, rows: Mapping[UUID, KeptPresentation]
) -> tuple[KeptPresentation, ...]:
    """Keep the rows that are new; return all that is known around them."""
    if not rows:
        return ()

    def work(kept: Work) -> tuple[KeptPresentation, ...]:
        told = kept.presentations.told(desk.region, desk.id, list(rows))
        kept.presentations.add(*(row for id_, row in rows.items() if id_ not in told))
        return tuple(_around(kept, desk, rows.values()))

    return office.database.transaction(work, region=desk.region, alone=False)


def _around(
    kept: Work, desk: ClinicDesk, rows: Iterable[KeptPresentation]
) -> Iterator[KeptPresentation]:
    rows = list(rows)
    times = {"from_": min(one.at for one in rows) - NEAR, "until": max(o.at for o in rows) + NEAR}
    cards = {one.card_hash for one in rows if one.card_hash is not None}
    found = kept.presentations.of_cards(sorted(cards), **times) if cards else ()
    yield from found
    if any(one.wrong_numbers for one in rows):
        seen = {one.id for one in found}
        of_desk = kept.presentations.with_wrong_numbers(desk.region, desk.id, **times)
        yield from (one for one in of_desk if one.id not in seen)


def _row(office: Office, desk: ClinicDesk, one: Presentation, key: bytes) -> KeptPresentation:
    number = one.card_number
    return KeptPresentation(
        region=desk.region,
        id=office.new_id(),
        desk_id=desk.id,
        organisation_id=desk.organisation_id,
        source_id=one.id,
        card_hash=None if number is None else card_hash(number, key),
        at=one.at,
        grade=one.grade.value,
        outcome=None if one.outcome is None else one.outcome.value,
        reason=one.reason,
        offline=one.offline,
        wrong_numbers=one.wrong_numbers,
        bearer=None if one.bearer is None else one.bearer.value,
        substitute=None if one.substitute is None else one.substitute.value,
        received_at=office.clock(),
    )


def _sighting(row: KeptPresentation) -> Sighting:
    return Sighting(
        at=row.at,
        region=row.region,
        organisation=row.organisation_id,
        desk=row.desk_id,
        card=row.card_hash,
        reason=row.reason,
        wrong_numbers=row.wrong_numbers,
        proven=row.grade == TimeGrade.PROVEN,
    )


def _found(signs: Iterable[Sign], cards: Mapping[bytes, int], key: bytes) -> Iterator[FoundSign]:
    for one in signs:
        desk = digest(key, b"desk" + one.seen.desk.bytes, sha256)
        number = None if one.seen.card is None else cards.get(one.seen.card)
        yield FoundSign(sign=one, subject=one.card or desk, card_number=number)

"""One row's trial: encoded, sized, signed, written to a software card, read as a clinic reads."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import entry_points
from typing import Final

from cardservice.errors import (
    CardServiceError,
    PeerError,
    ReaderUnavailableError,
    Refusal,
    UsageError,
)
from cardservice.home.issuer import utc_now
from cardservice.home.station_preflight_issuer import TrialIssuer, make_trial_issuer
from cardservice.home.station_preflight_photos import RowPhotos
from cardservice.personalization.contents import CardFiles, sign_files
from cardservice.personalization.order import CardOrder, PreparedOrder, prepare
from cardservice.personalization.preflight import Candidate, Fault, Trial
from cardservice.personalization.preflight_comparison import judge_fields, judge_sizes
from cardservice.personalization.station import NotAsOrderedError, Station
from cardservice.pki.names import Fund
from cardservice.policycard.identity import CHIP_SERIAL_LEN
from cardservice.transport.inprocess import open_seam
from cardservice.transport.link import CardLink
from cardservice.transport.registry import GROUP
from cardservice.verify.examination import Examination
from cardservice.verify.examiner import CardExaminer
from cardservice.verify.ports import PresentedCard
from cardservice.verify.reading import CardReading

OpenBlank = Callable[[], CardLink]
"""Lends a blank card; ``close`` throws it away."""

SOFTWARE_CARD: Final = "sim"
_ANY_SERIAL: Final = bytes(CHIP_SERIAL_LEN)
_ANY_POINT: Final = b"\x04" + bytes(64)  # an uncompressed point of P-256 by its form, on no curve

_NOT_WRITABLE: Final = "not-writable"
_NOT_MADE: Final = "card-not-made"
_NOT_AS_ORDERED: Final = "not-as-ordered"


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """What a process needs to try rows; called there, it returns the trial."""

    fund: Fund
    photos: RowPhotos | None = None

    def __call__(self) -> Trial:
        """Return a trial with new keys, on software cards of this process."""
        return CardTrial(make_trial_issuer(self.fund), find_software_card(), self.photos)


def find_software_card() -> OpenBlank:
    """Return what lends blank software cards, looked up once for all of them.

    Raises:
        ReaderUnavailableError: there is none in this installation.
    """
    entry = next(iter(entry_points(group=GROUP, name=SOFTWARE_CARD)), None)
    if entry is None:
        sentence = "the software card is not installed"
        raise ReaderUnavailableError(sentence, remedy="install the project again")
    opened = entry.load()
    return lambda: open_seam(lambda: opened(""))


class CardTrial:
    """Tries rows: a fresh blank card each, made and read as at a station.

    Args:
        issuer: whose keys the cards get.
        open_blank: lends a blank card.
        photos: of the table; an order may also bring its own.
    """

    def __init__(
        self, issuer: TrialIssuer, open_blank: OpenBlank, photos: RowPhotos | None = None
    ) -> None:
        self._issuer = issuer
        self._open_blank = open_blank
        self._photos = photos

    def __call__(self, candidate: Candidate) -> Sequence[Fault]:
        """Return what is wrong with a row; nothing: a card was made of it and shows it all."""
        try:
            return tuple(self._judge(candidate))
        except CardServiceError as error:
            return (_fault_of(error),)

    def _judge(self, candidate: Candidate) -> Iterator[Fault]:
        if candidate.order is None:
            return
        prepared = prepare(self._with_photo(candidate.row, candidate.order))
        oversize = tuple(judge_sizes(prepared, self._sign(prepared)))
        yield from oversize or self._make(prepared)

    def _with_photo(self, row: int, order: CardOrder) -> CardOrder:
        photo = None if self._photos is None else self._photos.of_row(row)
        return order if photo is None else replace(order, photo=photo)

    def _sign(self, prepared: PreparedOrder) -> CardFiles:
        return sign_files(
            prepared,
            chip_serial=_ANY_SERIAL,
            chip_point=_ANY_POINT,
            signer=self._issuer.keys.signer,
            at=utc_now(),
        )

    def _make(self, prepared: PreparedOrder) -> Iterator[Fault]:
        witness = _Witness(self._issuer.examiner, photo=prepared.order.photo is not None)
        # A station of its own: its journal remembers every card, and a batch has many.
        station = Station(
            self._issuer.keys,
            examiner=witness,
            issued=None,
            entropy=secrets.token_bytes,
            clock=utc_now,
        )
        link = self._open_blank()
        try:
            station.make(link, prepared)
        except NotAsOrderedError as error:
            yield from tuple(witness.judge(prepared.order)) or (_fault_of(error),)
        else:
            yield from witness.judge(prepared.order)
        finally:
            link.close()


@dataclass(slots=True)
class _Witness:
    """The station's examiner, who also remembers what was read, the photo with it."""

    examiner: CardExaminer
    photo: bool
    seen: tuple[Examination, CardReading | None] | None = field(default=None, repr=False)

    def examine(self, card: PresentedCard, *, can: str | None = None) -> Examination:
        self.seen = self.examiner.examine_with_reading(card, can=can, photo=self.photo)
        return self.seen[0]

    def judge(self, order: CardOrder) -> Iterator[Fault]:
        """Yield the fields that were read otherwise than ordered."""
        examination, reading = self.seen or (None, None)
        if examination is not None and reading is not None:
            yield from judge_fields(order, reading.files, examination.photo)


def _fault_of(error: CardServiceError) -> Fault:
    # Our own errors name fields and rules; what stands in a field is in none of them.
    if isinstance(error, Refusal):
        return Fault.of(error)
    if isinstance(error, NotAsOrderedError):
        return Fault(_NOT_AS_ORDERED, _sentence(error))
    if isinstance(error, UsageError):
        return Fault(_NOT_WRITABLE, _sentence(error))
    doing = "takes or shows it otherwise than it should" if isinstance(error, PeerError) else "left"
    return Fault(_NOT_MADE, f"The software card {doing}: {error}.")


def _sentence(error: CardServiceError) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."

"""The photo of a card that is read once more for it."""

from collections.abc import Callable
from dataclasses import replace

from cardservice.domain.verdict import Outcome
from cardservice.verify.examination import Examination
from cardservice.web.desk.state import PhotoPhase, PhotoState, ReaderState

ToPng = Callable[[bytes], bytes | None]
"""From a photo as a card has it to a PNG of our own; None when it cannot be decoded."""

FAILED = PhotoState(PhotoPhase.FAILED)
ABSENT = PhotoState(PhotoPhase.ABSENT)
WITHHELD = PhotoState(PhotoPhase.WITHHELD)


def photo_of(first: Examination, again: Examination, to_png: ToPng) -> PhotoState:
    """Return what can be shown of a second reading, ``again``, of the card first read.

    A photo counts only when everything else came out as the first time: it is shown beside
    what was read then.
    """
    if again.verdict is None or not _tells_the_same(first, again):
        return FAILED
    png = None if again.photo is None else to_png(again.photo.image)
    return ABSENT if png is None else PhotoState(PhotoPhase.SHOWN, png)


def looked_again(
    known: ReaderState, presentation: int, again: Examination, photo: PhotoState
) -> ReaderState:
    """Return the reader after the second reading: its photo, and its verdict where it is worse."""
    changed = known.with_photo(presentation, photo)
    if changed is known or known.examination is None or not _is_worse(again, known.examination):
        return changed
    return replace(changed, examination=replace(again, photo=None))


def _tells_the_same(first: Examination, again: Examination) -> bool:
    same = (first.holder, first.insurance, first.proved, first.card_number) == (
        again.holder,
        again.insurance,
        again.proved,
        again.card_number,
    )
    return same and not _is_worse(again, first)


def _is_worse(again: Examination, first: Examination) -> bool:
    if again.verdict is None or first.verdict is None:
        return False
    order = (Outcome.VALID, Outcome.UNDECIDED, Outcome.INVALID)
    return order.index(again.verdict.outcome) > order.index(first.verdict.outcome)

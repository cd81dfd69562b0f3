"""The photo: read on demand, of the same card, gone with it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Self

import pytest

from cardservice.domain.verdict import Outcome, Reason
from cardservice.errors import Refusal
from cardservice.printing.photo_png import PNG_SIGNATURE, png_apart
from cardservice.verify.examination import Examination, Problem
from cardservice.web.desk.photos import photo_of
from cardservice.web.desk.runner import DeskRunner, PhotoRules
from cardservice.web.desk.state import PhotoPhase, ReaderState
from cardservice.web.desk.typed import PhotoWish
from tests.unit.papers.portraits import portrait_of, written
from tests.unit.web.desk.following import WatchedHub, is_judged
from tests.unit.web.doubles import PATIENCE_S, READER, DoubleExaminer, DoubleWatch
from tests.unit.web.examples import (
    COPIED,
    MAMONTOVA,
    OPENED,
    PICTURED,
    VALID,
    examined,
    verdict,
)


class Desk:
    """A runner whose photos are made by what the test says."""

    def __init__(
        self, *, always: bool = False, never: bool = False, png: bytes | None = b"png"
    ) -> None:
        self.hub, self.watch = WatchedHub(), DoubleWatch()
        self.examiner = DoubleExaminer({b"valid": VALID, b"other": OPENED})
        self.examiner.pictured = {b"valid": PICTURED}
        rules = PhotoRules(always=always, never=never, to_png=lambda _: png)
        self.runner = DeskRunner(
            hub=self.hub, watch=self.watch, examiner=self.examiner, photos=rules
        )

    def __enter__(self) -> Self:
        self.runner.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.runner.stop()

    def wish(self, presentation: int) -> None:
        self.hub.ask_photo(PhotoWish(reader=READER, presentation=presentation))


def _is(phase: PhotoPhase) -> Callable[[ReaderState], bool]:
    return lambda state: state.photo.phase is phase


def test_no_photo_is_read_before_somebody_asks_for_it() -> None:
    with Desk() as desk:
        desk.watch.present(b"valid")
        state = desk.hub.wait_for(is_judged)
    assert desk.examiner.photos == [False]
    assert state.photo.phase is PhotoPhase.NOT_ASKED


def test_a_photo_that_is_asked_for_comes_beside_the_same_verdict() -> None:
    with Desk() as desk:
        desk.watch.present(b"valid")
        number = desk.hub.wait_for(is_judged).presentation
        desk.wish(number)
        state = desk.hub.wait_for(_is(PhotoPhase.SHOWN))
    assert (state.photo.image, state.examination) == (b"png", VALID)
    assert desk.examiner.photos == [False, True]
    assert all(link.closed for link in desk.watch.links)


def test_with_the_setting_every_photo_comes_by_itself_after_the_verdict() -> None:
    with Desk(always=True) as desk:
        desk.watch.present(b"valid")
        desk.hub.wait_for(_is(PhotoPhase.SHOWN))
    phases = [
        (one.examination is not None, one.photo.phase)
        for moment in desk.hub.history
        for one in moment.readers
    ]
    assert (True, PhotoPhase.COMING) in phases
    assert (False, PhotoPhase.COMING) not in phases


def test_a_desk_that_shows_no_photos_reads_none_whoever_asks() -> None:
    with Desk(never=True) as desk:
        desk.watch.present(b"valid")
        state = desk.hub.wait_for(is_judged)
        with pytest.raises(Refusal, match="photo"):
            desk.wish(state.presentation)
    assert desk.examiner.photos == [False]
    assert state.photo.phase is PhotoPhase.WITHHELD
    assert not state.offers_photo


def test_nothing_of_the_photo_stays_when_the_card_leaves() -> None:
    with Desk() as desk:
        desk.watch.present(b"valid")
        desk.wish(desk.hub.wait_for(is_judged).presentation)
        desk.hub.wait_for(_is(PhotoPhase.SHOWN))
        desk.watch.remove()
        state = desk.hub.state.reader(READER)
    assert state == ReaderState(reader=READER, presentation=1)


def test_the_photo_of_a_card_that_was_swapped_meanwhile_is_never_shown() -> None:
    with Desk() as desk:
        desk.watch.present(b"valid")
        number = desk.hub.wait_for(is_judged).presentation
        gate = desk.examiner.gate(b"valid")
        desk.wish(number)
        assert desk.examiner.entered[b"valid"].wait(PATIENCE_S)
        desk.watch.remove()
        desk.watch.present(b"other")
        gate.set()
        desk.hub.wait_for(lambda one: one.examination is OPENED)
    images = {one.photo.image for moment in desk.hub.history for one in moment.readers}
    assert images == {None}


@pytest.mark.parametrize("presentation", [0, 2])
def test_a_wish_for_another_presentation_is_refused(presentation: int) -> None:
    with Desk() as desk:
        desk.watch.present(b"valid")
        desk.hub.wait_for(is_judged)
        with pytest.raises(Refusal, match="can show its photo"):
            desk.wish(presentation)
    assert desk.examiner.photos == [False]


@pytest.mark.parametrize(
    ("again", "phase"),
    [
        (PICTURED, PhotoPhase.SHOWN),
        (VALID, PhotoPhase.ABSENT),
        (Examination(problem=Problem.CARD_REMOVED), PhotoPhase.FAILED),
        (replace(PICTURED, holder=MAMONTOVA), PhotoPhase.FAILED),
        (replace(PICTURED, proved=False), PhotoPhase.FAILED),
        (replace(PICTURED, card_number=7), PhotoPhase.FAILED),
        (replace(COPIED, photo=PICTURED.photo), PhotoPhase.FAILED),
    ],
)
def test_a_photo_counts_only_when_the_card_says_the_same_again(
    again: Examination, phase: PhotoPhase
) -> None:
    assert photo_of(VALID, again, lambda _: b"png").phase is phase


def test_a_photo_that_cannot_be_decoded_is_not_shown() -> None:
    assert photo_of(VALID, PICTURED, lambda _: None).phase is PhotoPhase.ABSENT


def test_a_card_that_turns_out_worse_the_second_time_is_shown_as_that() -> None:
    worse = examined(verdict(chip_genuine=(Outcome.INVALID, Reason.CHIP_COPIED)))
    with Desk() as desk:
        desk.examiner.pictured[b"valid"] = replace(worse, photo=PICTURED.photo)
        desk.watch.present(b"valid")
        desk.wish(desk.hub.wait_for(is_judged).presentation)
        state = desk.hub.wait_for(_is(PhotoPhase.FAILED))
    assert state.examination == worse
    assert state.photo.image is None


@pytest.mark.parametrize("kind", ["JPEG", "JPEG2000"])
def test_a_photo_becomes_a_png_that_was_made_anew(kind: str) -> None:
    shown = png_apart(written(portrait_of(324, 414), kind))
    assert shown is not None
    assert shown.startswith(PNG_SIGNATURE)


@pytest.mark.parametrize("octets", [b"", b"\xff\xd8\xff\xe0" + bytes(2000), b"<svg/>"])
def test_a_photo_that_is_none_becomes_nothing(octets: bytes) -> None:
    assert png_apart(octets) is None


def test_nothing_besides_the_pixels_goes_on_to_the_browser() -> None:
    image = written(portrait_of(324, 414), "JPEG", comment=b"ALERT-HIDDEN")
    shown = png_apart(image)
    assert shown is not None
    assert b"ALERT-HIDDEN" in image
    assert b"ALERT-HIDDEN" not in shown

"""The desk in a thread of this process, on a free port of the loopback interface."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

from cardservice.desk.presentations import Presentation
from cardservice.printing.photo_png_process import png_of
from cardservice.web.app import create_app
from cardservice.web.context import WebSettings
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.parts import DeskParts
from cardservice.web.desk.runner import DeskRunner, PhotoRules
from cardservice.web.serve import DeskServer, bind
from tests.unit.web import examples
from tests.unit.web.doubles import DoubleDemonstration, DoubleExaminer, DoubleWatch

STOP_WITHIN_S = 10.0
KNOWN = {
    b"valid": examples.VALID,
    b"other": examples.OTHER_VALID,
    b"copied": examples.COPIED,
    b"offline": examples.OFFLINE,
    b"field": examples.FIELD_CARD,
    b"blank": examples.BLANK,
    b"bank": examples.BANK_CARD,
    b"closed": examples.CLOSED,
}
OPENED = {(b"closed", examples.CAN): examples.OPENED}
TITLES = {
    "valid": "A valid policy",
    "copied": "A copied chip",
    "bank": "A bank card",
    "closed": "A contactless card (type its number)",
}
PICTURED = {b"valid": examples.PICTURED, b"closed": examples.PICTURED}
NUMBERS = {"closed": examples.CAN}


@dataclass(frozen=True, slots=True)
class RunningDesk:
    """A desk that answers at ``url``; the test moves the cards of ``watch``."""

    url: str
    hub: DeskHub
    watch: DoubleWatch
    examiner: DoubleExaminer
    server: DeskServer
    reports: list[Presentation]


def plain_png(image: bytes) -> bytes | None:
    """Return the photo as PNG, decoded here: the tests' photos are their own."""
    return png_of(image)


@contextmanager
def running_desk(  # noqa: PLR0913 - what a test may choose, all by keyword
    watch: DoubleWatch | None = None,
    *,
    settings: WebSettings | None = None,
    demonstration: bool = False,
    port: int = 0,
    parts: DeskParts | None = None,
    photos: PhotoRules | None = None,
) -> Iterator[RunningDesk]:
    """Run a desk for the length of the block and stop it cleanly."""
    reports: list[Presentation] = []
    hub, watch, examiner = DeskHub(), watch or DoubleWatch(), DoubleExaminer(dict(KNOWN), OPENED)
    shown = DoubleDemonstration(watch, TITLES, NUMBERS) if demonstration else None
    examiner.pictured = dict(PICTURED)
    runner = DeskRunner(
        hub=hub,
        watch=watch,
        examiner=examiner,
        report=reports.append,
        photos=photos or PhotoRules(to_png=plain_png),
    )
    app = create_app(hub, settings=settings, demonstration=shown, parts=parts)
    server = DeskServer(app, hub)
    listener = bind("127.0.0.1", port)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    runner.start()
    thread.start()
    try:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield RunningDesk(url, hub, watch, examiner, server, reports)
    finally:
        server.should_exit = True
        thread.join(STOP_WITHIN_S)
        runner.stop()
        listener.close()
        assert not thread.is_alive()

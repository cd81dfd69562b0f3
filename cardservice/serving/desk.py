"""The desk: readers, an examiner, and the page that shows its verdicts."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cardservice.cli.desk_keys import desk_enrolment
from cardservice.home.demonstration import make_demonstration
from cardservice.home.issuer import open_home, scratch_home
from cardservice.serving.listening import web_settings
from cardservice.settings import Settings
from cardservice.transport.budget import BudgetedWatch
from cardservice.transport.events import ReaderWatch
from cardservice.transport.inprocess import InProcessWatch
from cardservice.transport.pcsc.watch import PcscWatch
from cardservice.verify.ports import Examiner
from cardservice.web.app import create_app
from cardservice.web.desk.demonstration import Demonstration
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.runner import DeskRunner
from cardservice.web.serve import serve


@dataclass(frozen=True, slots=True)
class Desk:
    """What a desk works with; a demonstration has a drawer of cards."""

    watch: ReaderWatch
    examiner: Examiner
    demonstration: Demonstration | None = None


@contextmanager
def real_desk(settings: Settings) -> Iterator[Desk]:
    """Lend the desk of the home; raises Refusal as ``open_home``."""
    home = open_home(settings)
    yield Desk(PcscWatch(), home.examiner(enrolment=desk_enrolment(home)))


@contextmanager
def demonstration_desk(settings: Settings) -> Iterator[Desk]:
    """Lend a desk with simulated readers and cards; raises UsageError in production."""
    with scratch_home(settings) as (home, keys):
        demonstration = make_demonstration(home, keys)
        watch = InProcessWatch(demonstration.tray.readers.values())
        yield Desk(watch, home.examiner(), demonstration)


def serve_desk(settings: Settings, desk: Desk, listener: socket.socket) -> None:
    """Follow the readers and show the page until the process is told to stop."""
    hub = DeskHub()
    app = create_app(hub, settings=web_settings(settings), demonstration=desk.demonstration)
    runner = DeskRunner(
        hub=hub,
        watch=BudgetedWatch(desk.watch, settings.card_time_budget_s),
        examiner=desk.examiner,
    )
    serve(app, hub=hub, runner=runner, listener=listener)

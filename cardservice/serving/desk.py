"""The desk: readers, an examiner, and the page that shows its verdicts."""

import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from cardservice.cli.desk_keys import desk_enrolment
from cardservice.cli.passphrase import ask_passphrase
from cardservice.desklink.desk_calls import ServiceSubstitutes
from cardservice.errors import MalformedDataError
from cardservice.home.demonstration import REGION, make_demonstration
from cardservice.home.desk import desk_home, enrolment_of
from cardservice.home.desk_at_work import DeskAtWork, desk_at_work
from cardservice.home.desk_insurers import demonstration_insurers, insurer_names
from cardservice.home.desk_keys import desk_keys
from cardservice.home.desk_pairing import DeskPairings
from cardservice.home.issuer import open_home, scratch_home
from cardservice.papers.statement.signed import StatementKey
from cardservice.serving.desk_agent import DeskAgent
from cardservice.serving.listening import web_settings
from cardservice.settings import Settings
from cardservice.transport.budget import BudgetedWatch
from cardservice.transport.events import ReaderWatch
from cardservice.transport.inprocess import InProcessWatch
from cardservice.transport.pcsc.watch import PcscWatch
from cardservice.verify.ports import DeskExaminer
from cardservice.web.app import create_app
from cardservice.web.desk.demonstration import Demonstration
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.parts import DeskParts
from cardservice.web.desk.runner import DeskRunner, PhotoRules
from cardservice.web.desk.standing import DeskStanding
from cardservice.web.local.install import install_local
from cardservice.web.serve import serve


@dataclass(frozen=True, slots=True)
class Desk:
    """What a desk works with; a demonstration has a drawer of cards.

    Attributes:
        at_work: the desk enrolled at a service; None: it is alone.
        insurers: names of insurers by OGRN, beside those of the settings.
    """

    watch: ReaderWatch
    examiner: DeskExaminer
    demonstration: Demonstration | None = None
    at_work: DeskAtWork | None = None
    insurers: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def served_desk(settings: Settings) -> Iterator[Desk]:
    """Lend the desk that is enrolled at a service, or else the home's own.

    Raises:
        Refusal: as ``real_desk``, or ``enrolled_desk``.
        KeyStoreError: the keys of an enrolled desk cannot be opened.
    """
    is_enrolled = enrolment_of(desk_home(settings)) is not None
    with enrolled_desk(settings) if is_enrolled else real_desk(settings) as desk:
        yield desk


@contextmanager
def real_desk(settings: Settings) -> Iterator[Desk]:
    """Lend the home's own desk, which asks no service; raises Refusal as ``open_home``."""
    home = open_home(settings)
    with desk_enrolment(home, settings) as enrolment:
        yield Desk(PcscWatch(), home.examiner(enrolment=enrolment))


@contextmanager
def enrolled_desk(settings: Settings, *, watch: ReaderWatch | None = None) -> Iterator[Desk]:
    """Lend the desk that is enrolled at a service; raises as ``desk_at_work``."""
    with (
        desk_keys(settings, prompt=ask_passphrase) as keys,
        desk_at_work(settings, keys) as at_work,
    ):
        yield Desk(watch or PcscWatch(), at_work.examiners.live, at_work=at_work)


@contextmanager
def demonstration_desk(settings: Settings) -> Iterator[Desk]:
    """Lend a desk with simulated readers and cards; raises UsageError in production.

    Unless a region is set it stands in that of its good cards.
    """
    here = settings.model_copy(update={"region": settings.region or REGION})
    with scratch_home(here) as (home, keys):
        demonstration = make_demonstration(home, keys)
        watch = InProcessWatch(demonstration.tray.readers.values())
        yield Desk(watch, home.examiner(), demonstration, insurers=demonstration_insurers())


def serve_desk(settings: Settings, desk: Desk, listener: socket.socket) -> None:
    """Follow the readers and show the page until the process is told to stop."""
    hub = DeskHub()
    if desk.at_work is None:
        _serve(settings, desk, hub, listener)
        return
    agent = DeskAgent(desk.at_work, show=_shown_by(hub))
    agent.start()
    try:
        _serve(settings, desk, hub, listener, agent)
    finally:
        agent.stop()


def _serve(
    settings: Settings,
    desk: Desk,
    hub: DeskHub,
    listener: socket.socket,
    agent: DeskAgent | None = None,
) -> None:
    parts = page_parts(settings, desk)
    app = create_app(
        hub,
        settings=web_settings(settings),
        demonstration=desk.demonstration,
        parts=parts,
    )
    if settings.desk_origins or settings.desk_compat_origin is not None:
        install_local(
            app,
            DeskPairings(desk_home(settings).kept),
            origins=settings.desk_origins,
            compat_origin=settings.desk_compat_origin,
        )
    runner = DeskRunner(
        hub=hub,
        watch=BudgetedWatch(desk.watch, settings.card_time_budget_s),
        examiner=desk.examiner,
        hold_s=settings.desk_hold_s,
        report=None if agent is None else agent.report,
        moments=parts.moments,
        photos=PhotoRules(
            always=settings.desk_photo == "always", never=settings.desk_photo == "never"
        ),
    )
    serve(app, hub=hub, runner=runner, listener=listener)


def page_parts(settings: Settings, desk: Desk) -> DeskParts:
    """Return what the page of a desk asks besides its readers; one alone has nobody to ask."""
    if desk.at_work is not None:
        return parts_of(desk.at_work)
    return DeskParts(insurer_name={**desk.insurers, **insurer_names(settings)}.get)


def parts_of(at_work: DeskAtWork) -> DeskParts:
    """Return what the page of an enrolled desk asks besides its readers."""
    return DeskParts(
        insurer_name=insurer_names(at_work.settings).get,
        statement_keys=lambda: statement_keys(at_work),
        substitutes=ServiceSubstitutes(at_work.clerk_calls),
        moments=at_work.time.now,
    )


def statement_keys(at_work: DeskAtWork) -> Sequence[StatementKey]:
    """Return whose temporary certificates this desk believes now; one it cannot use is left out."""
    trust = at_work.knowledge.trust
    found = []
    for insurer, spki in () if trust is None else trust.statement_keys:
        try:
            found.append(StatementKey(insurer, spki))
        except MalformedDataError:
            continue
    return found


def _shown_by(hub: DeskHub) -> Callable[[DeskStanding], None]:
    def show(standing: DeskStanding) -> None:
        hub.update(lambda desk: replace(desk, standing=standing))

    return show

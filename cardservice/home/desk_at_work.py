"""An enrolled desk put to work: its clock, what it knows, its ways to the service, its queue."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import uuid4

from cardservice.desk.kept import NotRestored, restore
from cardservice.desk.knowledge import Knowledge
from cardservice.desk.proven_time import ProvenTime
from cardservice.desk.signed_answers import AnswerProver
from cardservice.desklink.assertions import AssertionKey
from cardservice.desklink.desk_calls import DeskCalls, ServiceAnswers
from cardservice.desklink.link import ServiceLink
from cardservice.desklink.open_calls import OpenCalls
from cardservice.desklink.terms import ServiceTerms
from cardservice.desklink.tokens import DeskTokens
from cardservice.home.desk import DeskEnrolment, DeskHome, alone_at, desk_home, require_enrolled
from cardservice.home.desk_examiner import DeskExaminers
from cardservice.home.desk_kept import DeskFiles, FileNote
from cardservice.home.desk_queue import PresentationQueue
from cardservice.home.desk_service import service_terms
from cardservice.home.desk_time import monotonic, wall
from cardservice.pki.keys import KeyStore
from cardservice.settings import Settings

CARD_CONNECT_S: Final = 1.0
CARD_WHOLE_S: Final = 2.0
"""A person waits at the desk: after so long a card is judged by the list alone."""


@dataclass(slots=True)
class Reach:
    """Whether the service answered when it was last asked; a bool, written by any thread."""

    online: bool = False

    def lose(self) -> None:
        """Note that it did not answer; the thread in the background finds out when it is back."""
        self.online = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskAtWork:
    """What an enrolled desk works with; made and taken apart by ``desk_at_work``.

    Attributes:
        link: for what is fetched in the background; stopping it ends that.
        calls: by that link.
        clerk_calls: by a link of its own, for the clerk who asks the register.
        reach: whether the service answers.
        notes: what of the files was not believed, or could not be read or written.
    """

    settings: Settings
    home: DeskHome
    enrolment: DeskEnrolment
    keys: KeyStore = field(repr=False)
    link: ServiceLink
    other_links: tuple[ServiceLink, ...]
    open: OpenCalls
    calls: DeskCalls
    clerk_calls: DeskCalls
    time: ProvenTime
    knowledge: Knowledge
    files: DeskFiles
    queue: PresentationQueue
    examiners: DeskExaminers
    reach: Reach
    not_restored: tuple[NotRestored, ...]
    notes: list[FileNote]

    def stop(self) -> None:
        """Cut off what is asked of the service; returns at once."""
        for one in (self.link, *self.other_links):
            one.stop()


@contextmanager
def desk_at_work(
    settings: Settings, keys: KeyStore, *, terms: ServiceTerms | None = None
) -> Iterator[DeskAtWork]:
    """Lend the enrolled desk of these settings; nothing is asked of the service yet.

    Args:
        terms: None: those of the enrolment's service.

    Raises:
        Refusal: ``desk-not-enrolled``, ``desk-running``, ``home-damaged``.
        KeyStoreError: the assertion key cannot be opened.
        UsageError: as ``service_terms``.
    """
    home = desk_home(settings)
    enrolment = require_enrolled(home)
    terms = terms or service_terms(settings, enrolment.service)
    with ExitStack() as stack:
        stack.enter_context(alone_at(home))
        desk = _made(settings, home, enrolment, keys, terms, stack)
        try:
            yield desk
        finally:
            desk.stop()
            desk.time.stop()


def _made(  # noqa: PLR0913, PLR0917 - what a desk is made of
    settings: Settings,
    home: DeskHome,
    enrolment: DeskEnrolment,
    keys: KeyStore,
    terms: ServiceTerms,
    stack: ExitStack,
) -> DeskAtWork:
    notes: list[FileNote] = []
    files = DeskFiles(home.kept, note=notes.append)
    time = ProvenTime(monotonic=monotonic, wall=wall, kept=files.bound(), keep=files.keep_bound)
    tokens = DeskTokens(
        AssertionKey(client_id=enrolment.client_id, key=keys.signing_key(enrolment.key)),
        now=lambda: time.now().at,
        monotonic=monotonic,
        identifier=lambda: str(uuid4()),
    )
    quick = replace(terms, connect_s=CARD_CONNECT_S, whole_s=CARD_WHOLE_S)
    # Three, so that neither a card nor a clerk waits until a list is here.
    link, card_link, clerk_link = (
        stack.enter_context(ServiceLink(one)) for one in (terms, quick, terms)
    )
    prover = AnswerProver(
        signers=lambda: knowledge.signers, now=lambda: time.now().at, entropy=secrets.token_bytes
    )
    card_calls, reach = DeskCalls(card_link, tokens, prover), Reach()
    knowledge = Knowledge(
        enrolment.roots,
        production=settings.production,
        moments=time.now,
        ask=ServiceAnswers(card_calls, is_online=lambda: reach.online, lost=reach.lose),
    )
    not_restored = restore(files, knowledge, time)
    queue = PresentationQueue(home.queue)
    stack.callback(queue.close)
    return DeskAtWork(
        settings=settings,
        home=home,
        enrolment=enrolment,
        keys=keys,
        link=link,
        other_links=(card_link, clerk_link),
        open=OpenCalls(link, entropy=secrets.token_bytes, monotonic=monotonic),
        calls=DeskCalls(link, tokens, prover),
        clerk_calls=DeskCalls(clerk_link, tokens, prover),
        time=time,
        knowledge=knowledge,
        files=files,
        queue=queue,
        examiners=DeskExaminers(
            settings, region=enrolment.region, keys=keys, knowledge=knowledge, moments=time.now
        ),
        reach=reach,
        not_restored=not_restored,
        notes=notes,
    )

"""What an enrolled desk does with its service: each step once, now, in the caller's thread."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from cardservice.desk.freshness import Topic
from cardservice.desk.signed_time import TimeFault, TimeProofError
from cardservice.desk.trust_bundle import TrustError
from cardservice.desklink.desk_calls import MOST_PRESENTATIONS
from cardservice.domain.proven_time import TimeGrade
from cardservice.errors import (
    CardServiceError,
    PeerError,
    Refusal,
    SourceUnavailableError,
)
from cardservice.home.desk_at_work import DeskAtWork
from cardservice.home.desk_examiner import KEY_UNUSABLE
from cardservice.home.desk_keys import remove_former_keys
from cardservice.home.desk_time import prove_time
from cardservice.home.enrolment import install, installed, request_renewal
from cardservice.home.enrolment_files import DeskBundle, parse_request
from cardservice.pki.keys import KeyStoreError
from cardservice.pki.status_list import StatusListError

RENEW_BELOW_DAYS: Final = 3
"""Of seven: a desk that finds the service shut over a long weekend still has a day."""
MOST_BATCHES: Final = 20  # of presentations in one go; then the rest of the work has its turn
_MADE_ANEW: Final = frozenset({"desk-request-damaged", "desk-request-used"})
"""Refusals of a renewal's request after which the next one is another."""

_log: Final = logging.getLogger(__name__)
NOT_TAKEN: Final = "presentations-refused"


@dataclass(frozen=True, slots=True)
class Reported:
    """What came of telling: how many were taken, how many never will be."""

    taken: int = 0
    refused: int = 0


class DeskRefresher:
    """Fetches, verifies, keeps and reports for one desk; belongs to one thread."""

    def __init__(self, desk: DeskAtWork) -> None:
        self._desk = desk
        self._trust_tag: str | None = None
        self._list_tags: dict[int, str | None] = {}

    def fetch(self, topic: Topic) -> None:
        """Fetch it, believe it if it proves itself, keep it.

        Raises:
            SourceUnavailableError, Refusal: the service does not answer, or refuses.
            TimeProofError, TrustError, StatusListError: what it answers is not believed.
        """
        fetchers: dict[Topic, Callable[[], None]] = {
            Topic.TIME: self._fetch_time,
            Topic.TRUST: self._fetch_trust,
            Topic.LISTS: self._fetch_lists,
        }
        try:
            fetchers[topic]()
        except SourceUnavailableError:
            self._desk.reach.lose()
            raise
        except (TimeProofError, TrustError, StatusListError):
            self._desk.reach.lose()  # who answers so is not the service
            raise
        self._desk.reach.online = True

    def renewal_is_due(self) -> bool:
        """Return whether the desk's certificate has fewer than three days left."""
        left = self.certificate_days()
        proven = self._desk.time.now().grade is not TimeGrade.UNKNOWN
        return proven and left is not None and left < RENEW_BELOW_DAYS

    def certificate_days(self) -> int | None:
        """Return the whole days that the certificate lasts, negative when it is over; None: none.

        Raises:
            Refusal: ``home-damaged``.
        """
        bundle = installed(self._desk.home.folder)
        if bundle is None:
            return None
        return (bundle.terminal.expiration - self._today()).days

    def renew(self) -> DeskBundle:
        """Return the new bundle, in use; the examiner has it, too.

        The request is kept until it is answered, so that a lost answer is asked for again.

        Raises:
            SourceUnavailableError: the service does not answer.
            Refusal: it does not certify this desk any more; ``bundle-refused``: its answer is
                not for this desk.
            KeyStoreError: a key cannot be used or made.
        """
        desk = self._desk
        request = self._pending() or request_renewal(desk.home.folder, desk.keys)
        try:
            octets = desk.calls.renew_certificate(request)
        except Refusal as refusal:
            if refusal.code in _MADE_ANEW:
                desk.home.files.request.unlink(missing_ok=True)
            raise
        bundle = install(desk.home.folder, desk.keys, octets, at=desk.time.now().at)
        desk.examiners.follow()
        try:
            remove_former_keys(desk.keys, sequence=bundle.reference.sequence)
        except KeyStoreError as error:
            # The certificate is in use; a key too many does no harm and is tried again next time.
            _log.warning("a former key was not removed: %s", type(error).__name__)
        return bundle

    def report(self) -> Reported:
        """Tell the service what waits, in order; return what came of it.

        What it can never take is forgotten, and counted.

        Raises:
            SourceUnavailableError, Refusal, KeyStoreError: the rest waits.
        """
        taken = refused = 0
        for _ in range(MOST_BATCHES):
            batch = self._desk.queue.first(MOST_PRESENTATIONS)
            if not batch:
                break
            told = self._desk.calls.report(batch)
            self._desk.queue.done([*told.taken, *told.refused])
            taken, refused = taken + len(told.taken), refused + len(told.refused)
            if not told.taken and not told.refused:
                raise Refusal(NOT_TAKEN, "The service takes none of this desk's presentations.")
        return Reported(taken, refused)

    def _fetch_time(self) -> None:
        desk, signed = self._desk, self._desk.open.time()
        try:
            prove_time(desk.time, signed, desk.knowledge.signers)
        except TimeProofError as error:
            if error.fault is not TimeFault.SIGNER_UNDECIDED:
                raise
            offered = desk.open.trust(None)
            if offered is None:
                raise
            # Perhaps one under the next root. A desk that does not know the time cannot take
            # trust before, but the links to that root prove themselves at any time.
            signers = desk.knowledge.signers_linked_by(offered.octets.decode("ascii"))
            prove_time(desk.time, signed, signers)

    def _fetch_trust(self) -> None:
        desk = self._desk
        tag = None if desk.knowledge.trust is None else self._trust_tag
        fetched = desk.open.trust(tag)
        if fetched is None:
            return
        token = fetched.octets.decode("ascii")
        desk.time.not_before(desk.knowledge.take_trust(token).issued)
        desk.files.keep_trust(token)
        self._trust_tag = fetched.etag
        desk.examiners.follow()

    def _fetch_lists(self) -> None:
        fault: CardServiceError | None = None
        for number in self._desk.knowledge.wanted_lists():
            try:
                self._fetch_list(number)
            except (SourceUnavailableError, Refusal, StatusListError) as error:
                fault = error  # the other lists may be there
        if fault is not None:
            raise fault

    def _fetch_list(self, number: int) -> None:
        desk = self._desk
        expected = desk.knowledge.expected_list(number)
        held = desk.knowledge.held_list(number)
        fetched = desk.open.status_list(
            number,
            expected.uri,
            etag=None if held is None else self._list_tags.get(number),
            most=expected.most_token_octets,
        )
        if fetched is None:
            return
        desk.time.not_before(desk.knowledge.take_list(number, fetched.octets).issued)
        desk.files.keep_list(number, fetched.octets)
        self._list_tags[number] = fetched.etag

    def _pending(self) -> bytes | None:
        """Return the request of a renewal that was not answered; None: there is none."""
        path = self._desk.home.files.request
        bundle = installed(self._desk.home.folder)
        if bundle is None or not path.exists():
            return None
        try:
            octets = path.read_bytes()
            asked = parse_request(octets)
        except (OSError, PeerError):
            return None
        later = asked.reference.sequence > bundle.reference.sequence
        return octets if asked.vouched and later else None

    def _today(self) -> date:
        return self._desk.time.now().at.date()


def code_of(error: CardServiceError) -> str:
    """Return the stable code of why a step failed."""
    if isinstance(error, SourceUnavailableError | Refusal):
        return error.code
    if isinstance(error, TimeProofError | TrustError | StatusListError):
        return error.fault.value
    return KEY_UNUSABLE if isinstance(error, KeyStoreError) else "desk-failed"

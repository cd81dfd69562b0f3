"""Work on a card that its holder has: insurer, PIN, PUK, CAN, its end; each journaled, done once.

Nothing is written before the card proved to be the one of the order, and before the journal says
what is about to be written. After a crash the card itself says what became of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from cardservice.errors import PeerError, UsageError
from cardservice.personalization.after_issue_card import ReadingExaminer
from cardservice.personalization.after_issue_change import change_insurer
from cardservice.personalization.after_issue_codes import new_can, new_pin, unblock_pin
from cardservice.personalization.after_issue_end import terminate
from cardservice.personalization.after_issue_holder import NOTHING_TYPED, HolderInput
from cardservice.personalization.after_issue_keys import KeyRenewal, renew_keys
from cardservice.personalization.after_issue_refusals import broken_card
from cardservice.personalization.after_issue_service import Serve, Service
from cardservice.personalization.after_issue_visit import Tools, Visit
from cardservice.personalization.contents import HolderSecrets
from cardservice.personalization.jobs import Job, Outcome, Work
from cardservice.personalization.journal import LAST_LANE
from cardservice.personalization.journal_calls import LaneJournal
from cardservice.personalization.journal_service import ServiceTurn, take_service
from cardservice.personalization.making import StationKeys
from cardservice.personalization.ports import Clock, Entropy, IssuerKeys, NewEphemeralKey
from cardservice.verify.access import NewScalar
from cardservice.verify.ports import PresentedCard

_WORKS: Final[Mapping[Work, Serve]] = {
    Work.CHANGE_INSURER: change_insurer,
    Work.NEW_PIN: new_pin,
    Work.NEW_CAN: new_can,
    Work.UNBLOCK_PIN: unblock_pin,
    Work.TERMINATE: terminate,
}
_DRAWN_ANEW: Final = frozenset({Work.NEW_PIN, Work.NEW_CAN})
"""Done and not told of: their letter may be lost with the process, so they are done once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A job that is done; the card shows it.

    Attributes:
        outcome: to be told of.
        secrets: for the letter; what was not changed is empty. None: nothing was drawn.
        commands: command APDUs sent.
        keys: what became of the card's keys after the work.
    """

    outcome: Outcome
    secrets: HolderSecrets | None = field(default=None, repr=False)
    commands: int = 0
    keys: KeyRenewal = KeyRenewal.NOT_NEEDED


class AfterIssue:
    """Does the jobs for cards that there are.

    Args:
        keys: the issuer's.
        examiner: reads as a clinic does, without a register: that one learns of it later.
        entropy: unpredictable octets.
        clock: aware times, for ``signingTime``.
        journal: shared by the lanes of a station.
        new_ephemeral: makes a fresh P-256 key for one chip authentication.
        new_scalar: from a group's order to a fresh secret, for cards that want a CAN.
        preflight: asked before anything is signed; raises Refusal when it would not be trusted.
    """

    def __init__(  # noqa: PLR0913 - what the works stand on, all by keyword
        self,
        keys: IssuerKeys,
        *,
        examiner: ReadingExaminer,
        entropy: Entropy,
        clock: Clock,
        journal: LaneJournal,
        new_ephemeral: NewEphemeralKey,
        new_scalar: NewScalar,
        preflight: Callable[[], None] = lambda: None,
    ) -> None:
        self._signer = keys.signer
        self._entropy = entropy
        self._clock = clock
        self._journal = journal
        self._preflight = preflight
        self._tools = Tools(
            keys=StationKeys.of(keys),
            examiner=examiner,
            entropy=entropy,
            new_ephemeral=new_ephemeral,
            new_scalar=new_scalar,
        )

    def do(
        self,
        card: PresentedCard,
        job: Job,
        *,
        lane: int = 1,
        secrets: HolderInput | None = None,
    ) -> Served:
        """Return the job done with ``card``; it shows what was ordered.

        After a crash, or with a card that was torn out, call it again with the same job: what
        the card shows was done is not done again.

        Args:
            card: in the reader.
            job: for a card that there is.
            lane: 1 to 255.
            secrets: what its holder typed, where the work needs it.

        Raises:
            Refusal: the card is not the job's, or is none to work on; the holder typed something
                wrong; the journal cannot be written; ``docs/after-issue.md`` has all codes.
            LinkError: the card went away; put it back.
            UsageError: the job is for a new card, or lacks what its work needs.
        """
        serve = _WORKS.get(job.work)
        if serve is None or not 1 <= lane <= LAST_LANE:
            raise UsageError("this is no work on a card that there is, or no lane")
        with take_service(self._journal, job) as turn:
            service = self._service(card, job, turn, secrets or NOTHING_TYPED)
            if turn.is_done and job.work not in _DRAWN_ANEW:
                return Served(outcome=_outcome(job, turn))
            drawn = _served(serve, service)
            outcome = _outcome(job, turn)
            keys = _keys_after(job.work, service.visit, outcome.chip)
            commands = service.visit.commands
            return Served(outcome=outcome, secrets=drawn, commands=commands, keys=keys)

    def _service(
        self, card: PresentedCard, job: Job, turn: ServiceTurn, typed: HolderInput
    ) -> Service:
        return Service(
            visit=Visit(card, self._tools, typed.can),
            turn=turn,
            insurance=job.insurance,
            typed=typed,
            signer=self._signer,
            entropy=self._entropy,
            clock=self._clock,
            preflight=self._preflight,
        )


def _served(serve: Serve, service: Service) -> HolderSecrets | None:
    """Do the work; whatever rule the card broke, it is put back to its holder and not thrown away.

    Raises:
        Refusal: ``held-card-broken`` among others.
    """
    try:
        return serve(service)
    except PeerError as error:
        raise broken_card() from error


def _keys_after(work: Work, visit: Visit, chip: bytes) -> KeyRenewal:
    """Renew the keys of the card, unless it was ended and has none."""
    return KeyRenewal.NOT_NEEDED if work is Work.TERMINATE else renew_keys(visit, chip)


def _outcome(job: Job, turn: ServiceTurn) -> Outcome:
    life = turn.life
    if life is None:
        raise UsageError("an order that was done is in the journal")
    return Outcome(
        order_id=job.order_id,
        work=job.work,
        chip=life.chip,
        number=life.number,
        signed_at=life.signed_at,
    )

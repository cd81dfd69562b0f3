"""What a clerk does at the desk beside presenting cards: confirm, scan, ask the register."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

from cardservice.desk.presentations import BearerCheck, Presentation, Substitute
from cardservice.desk.substitutes import (
    RegisterUnreachableError,
    SubstituteAnswer,
    SubstituteQuestion,
)
from cardservice.domain.numbers import parse_enp
from cardservice.domain.proven_time import Moment
from cardservice.errors import CardServiceError, Refusal
from cardservice.web.desk.aside import UNREACHABLE, Aside, RegisterShown, RegisterTold, ScanUnknown
from cardservice.web.desk.ending import on_the_wall
from cardservice.web.desk.holds import Holds
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.parts import DeskParts
from cardservice.web.desk.past import Past
from cardservice.web.desk.scanned import CAN_TEXT, outcome_of, read_paper
from cardservice.web.desk.state import Clerk, DeskState, PhotoPhase, ReaderState
from cardservice.web.desk.stated_date import stated_date
from cardservice.web.desk.typed import TypedNumber

NO_DATE = ("birth-date-malformed", "This is no date.")
_ASIDE = "aside"


def card_gone() -> Refusal:
    """Return the refusal of a deed for a card that is not there any more."""
    return Refusal("presentation-over", "That card is not on the reader any more.")


class ClerkDesk:
    """Carries out what the page's forms ask; called from several threads."""

    def __init__(self, hub: DeskHub, parts: DeskParts) -> None:
        self._hub = hub
        self._parts = parts
        self._holds = Holds(parts.paper_s)
        hub.at_the_end(self._holds.end_all)

    def confirm_photo(self, reader: str, presentation: int) -> None:
        """Note that the bearer looks like the photo of the chip, which is on the page.

        Raises:
            Refusal: ``presentation-over``; ``photo-not-shown``: the picture printed on a card
                is anybody's, so it does not count.
        """

        def confirmed(known: ReaderState) -> Clerk:
            if known.photo.phase is not PhotoPhase.SHOWN:
                raise Refusal("photo-not-shown", "The photo of the chip is not on the page.")
            return replace(known.clerk, bearer=BearerCheck.PHOTO)

        self._note(reader, presentation, confirmed)

    def state_birth_date(self, reader: str, presentation: int, stated: str) -> None:
        """Compare the date that the bearer states with the card's; the page tells yes or no.

        A date that is none is not the holder's. Raises Refusal as ``confirm_photo``.
        """
        day = stated_date(stated)

        def compared(known: ReaderState) -> Clerk:
            result = known.examination
            if result is None or result.holder is None:
                raise card_gone()
            if result.holder.birth_date == day:
                return replace(known.clerk, bearer=BearerCheck.BIRTH_DATE)
            return replace(known.clerk, wrong_dates=known.clerk.wrong_dates + 1)

        self._note(reader, presentation, compared)

    def refuse_bearer(self, reader: str, presentation: int) -> None:
        """Note that the bearer is not the holder; raises Refusal as ``confirm_photo``."""
        self._note(
            reader,
            presentation,
            lambda known: replace(known.clerk, bearer=BearerCheck.NOT_THE_HOLDER),
        )

    def scan(self, text: str) -> None:
        """Take what a scanner typed: a certificate, or the number of the card that asks for it.

        Raises:
            Refusal: as ``DeskHub.hand_over``.
        """
        asking = [one for one in self._hub.state.readers if one.asks_for_number]
        if CAN_TEXT.fullmatch(text) and len(asking) == 1:
            card = asking[0]
            typed = TypedNumber(reader=card.reader, presentation=card.presentation, can=text)
            self._hub.hand_over(typed)
            return
        moment = self._parts.moments()
        paper = read_paper(text, self._parts.statement_keys(), moment)
        if paper is None:
            self._show(ScanUnknown())
            return
        past = Past(
            at=on_the_wall(moment.at),
            reader=None,
            outcome=outcome_of(paper),
            refusal=paper.refusal,
        )
        self._show(paper, past)

    def ask_register(
        self, reason: Substitute, *, enp: str, birth_date: str, card: tuple[str, int] | None
    ) -> None:
        """Ask the register in place of a chip; the page shows what it says.

        Args:
            reason: why.
            enp, birth_date: as typed.
            card: reader and presentation of the card that failed; None: there was none.
        """
        shown = RegisterShown(reason=reason, enp=enp, birth_date=stated_date(birth_date))
        self._show(shown)
        answered = self._asked(shown)
        self._change_aside(shown, answered)
        if answered.told is not None:
            self._record(reason, answered.told, card)

    def put_away(self) -> None:
        """Take the paper or the register's answer off the page."""
        self._holds.end(_ASIDE)
        self._hub.update(lambda desk: replace(desk, aside=None))

    def _asked(self, shown: RegisterShown) -> RegisterShown:
        try:
            question = _question(shown)
            return replace(shown, answer=self._ask(question))
        except Refusal as refusal:
            return replace(shown, refusal=(refusal.code, refusal.sentence))
        except CardServiceError:
            return replace(shown, refusal=UNREACHABLE)

    def _ask(self, question: SubstituteQuestion) -> SubstituteAnswer:
        if self._parts.substitutes is None:
            raise RegisterUnreachableError("this desk has no register to ask")
        return self._parts.substitutes.ask(question)

    def _record(self, reason: Substitute, told: RegisterTold, card: tuple[str, int] | None) -> None:
        if card is not None and self._noted_at_card(reason, told, *card):
            return
        moment = self._parts.moments()
        past = Past(
            at=on_the_wall(moment.at), reader=None, outcome=None, substitute=reason, told=told
        )
        desk = self._hub.update(lambda known: replace(known, history=known.history.with_past(past)))
        offline = desk.standing is not None and not desk.standing.online
        self._hub.report(_without_card(reason, moment, offline=offline))

    def _noted_at_card(
        self, reason: Substitute, told: RegisterTold, reader: str, presentation: int
    ) -> bool:
        try:
            self._note(
                reader,
                presentation,
                lambda one: replace(one.clerk, substitute=reason, told=told),
            )
        except Refusal:
            return False
        return True

    def _note(self, reader: str, presentation: int, found: Callable[[ReaderState], Clerk]) -> None:
        """Change what the clerk found of one presentation, at once or not at all."""

        def apply(desk: DeskState) -> DeskState:
            known = desk.reader(reader)
            if known is None or not known.is_judged(presentation):
                raise card_gone()
            return desk.with_reader(known.with_clerk(presentation, found(known)))

        self._hub.update(apply)

    def _show(self, aside: Aside, *past: Past) -> None:
        self._holds.end(_ASIDE)
        self._hub.update(
            lambda desk: replace(desk, aside=aside, history=desk.history.with_past(*past))
        )
        self._holds.begin(_ASIDE, lambda: self._time_over(aside.number))

    def _time_over(self, number: int) -> None:
        def apply(desk: DeskState) -> DeskState:
            here = desk.aside is not None and desk.aside.number == number
            return replace(desk, aside=None) if here else desk

        self._hub.update(apply)

    def _change_aside(self, shown: Aside, changed: Aside) -> None:
        def apply(desk: DeskState) -> DeskState:
            here = desk.aside is not None and desk.aside.number == shown.number
            return replace(desk, aside=changed) if here else desk

        self._hub.update(apply)


def _question(shown: RegisterShown) -> SubstituteQuestion:
    enp = parse_enp("".join(shown.enp.split()))
    if shown.birth_date is None:
        raise Refusal(*NO_DATE)
    return SubstituteQuestion(id=uuid4(), enp=enp, birth_date=shown.birth_date, reason=shown.reason)


def _without_card(reason: Substitute, moment: Moment, *, offline: bool) -> Presentation:
    return Presentation(
        id=uuid4(),
        at=moment.at,
        grade=moment.grade,
        outcome=None,
        reason=reason.value,
        offline=offline,
        substitute=reason,
    )

"""What is shown beside the readers: a scanned certificate, or the register in place of a chip."""

from collections.abc import Callable, Iterator
from typing import Final

from cardservice.desk.substitutes import SubstituteAnswer
from cardservice.domain.cover import Programme
from cardservice.domain.numbers import Ogrn
from cardservice.papers.statement.content import Statement
from cardservice.texts.catalog import translations
from cardservice.texts.desk import (
    OTHER_REFUSAL,
    PAPER_REFUSALS,
    PAPER_VALID,
    POLICY_STATES,
    PROGRAMMES,
    REGISTER_ASKING,
    REGISTER_IN_FORCE,
    REGISTER_NOT_IN_FORCE,
    REGISTER_REFUSALS,
    REGISTER_REFUSED,
    SCAN_UNKNOWN,
    SUBSTITUTES,
)
from cardservice.texts.formats import show_date, show_enp
from cardservice.texts.languages import Language
from cardservice.texts.phrases import Headline
from cardservice.texts.tables import OUTCOMES
from cardservice.web.desk.aside import Aside, PaperShown, RegisterShown
from cardservice.web.desk.present_refusals import refused_paper
from cardservice.web.desk.scanned import outcome_of
from cardservice.web.desk.views import AsideView, Fact, HolderView

_ENP_CODES: Final = "enp-"
_NO_NUMBER: Final = "enp-malformed"


class AsidePresenter:
    """Says in one language what an aside means."""

    def __init__(self, language: Language, insurer_name: Callable[[Ogrn], str | None]) -> None:
        self._language = language
        self._say = translations(language).gettext
        self._insurer_name = insurer_name

    def view(self, aside: Aside) -> AsideView:
        """Return what is shown of it."""
        if isinstance(aside, PaperShown):
            return self._paper(aside)
        if isinstance(aside, RegisterShown):
            return self._register(aside)
        return self._headline("problem", self._say("Scanner"), SCAN_UNKNOWN)

    def _headline(self, mark: str, title: str, said: Headline) -> AsideView:
        return AsideView(
            mark=mark,
            title=title,
            word=self._say(said.word),
            sentence=self._say(said.sentence),
            remedy=None if said.remedy is None else self._say(said.remedy),
        )

    def _paper(self, paper: PaperShown) -> AsideView:
        title = self._say("Temporary certificate")
        if paper.statement is not None:
            shown = self._headline("valid", title, PAPER_VALID)
            return AsideView(
                mark=shown.mark,
                title=title,
                word=shown.word,
                sentence=shown.sentence,
                remedy=shown.remedy,
                holder=self._holder(paper.statement),
            )
        outcome, (code, english) = outcome_of(paper), paper.refusal or ("", "")
        return AsideView(
            mark=outcome.value,
            title=title,
            word=self._say(OUTCOMES[outcome].word),
            sentence=refused_paper(code, english, self._language),
            remedy=self._say(PAPER_REFUSALS[code]) if code in PAPER_REFUSALS else None,
        )

    def _holder(self, said: Statement) -> HolderView:
        names = (said.given_name, said.patronymic)
        waits = self._say("being assigned")
        return HolderView(
            surname=said.surname,
            names=" ".join(name for name in names if name),
            birth_date=show_date(said.birth_date, self._language),
            enp=waits if said.enp is None else show_enp(said.enp),
            facts=tuple(self._paper_facts(said)),
            proved=True,
            insurer=self._insurer(said.insurer),
        )

    def _paper_facts(self, said: Statement) -> Iterator[Fact]:
        yield Fact(self._say("Certificate number"), said.number)
        first, last = (show_date(one, self._language) for one in (said.issued, said.valid_until))
        yield Fact(self._say("Serves"), f"{first} – {last}")

    def _insurer(self, ogrn: Ogrn) -> str:
        number = self._say("OGRN {number}").format(number=ogrn)
        name = self._insurer_name(ogrn)
        return number if name is None else f"{name}, {number}"

    def _register(self, shown: RegisterShown) -> AsideView:
        title = self._say("Register instead of the chip")
        note = self._say("Recorded with the reason: {reason}.").format(
            reason=self._say(SUBSTITUTES[shown.reason])
        )
        if shown.is_asking:
            return self._headline("reading", title, REGISTER_ASKING)
        if shown.answer is None:
            return self._refused(title, shown.refusal[0] if shown.refusal else "")
        good = shown.answer.in_force
        said = REGISTER_IN_FORCE if good else REGISTER_NOT_IN_FORCE
        return AsideView(
            mark="valid" if good else "invalid",
            title=title,
            word=self._say(said.word),
            sentence=self._say(said.sentence),
            remedy=None if said.remedy is None else self._say(said.remedy),
            facts=tuple(self._register_facts(shown.answer)),
            note=note,
        )

    def _refused(self, title: str, code: str) -> AsideView:
        known = _NO_NUMBER if code.startswith(_ENP_CODES) else code
        said = REGISTER_REFUSALS.get(known, OTHER_REFUSAL)
        return AsideView(
            mark="undecided" if code == "register-unreachable" else "problem",
            title=title,
            word=self._say(REGISTER_REFUSED.word),
            sentence=self._say(said.sentence),
            remedy=None if said.remedy is None else self._say(said.remedy),
        )

    def _register_facts(self, answer: SubstituteAnswer) -> Iterator[Fact]:
        yield Fact(self._say("Policy"), self._say(POLICY_STATES[answer.state]))
        if answer.valid_until is not None:
            last = show_date(answer.valid_until, self._language)
            yield Fact(self._say("Valid until"), last)
        if answer.insurer is not None:
            yield Fact(self._say("Insurer"), self._insurer(answer.insurer))
        paid = [self._say(PROGRAMMES[one]) for one in Programme if one in answer.programmes]
        if paid:
            yield Fact(self._say("Cover here"), ", ".join(paid))
        yield Fact(self._say("Asked on"), show_date(answer.asked_on, self._language))

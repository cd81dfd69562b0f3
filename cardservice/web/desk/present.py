"""From a reader's state to what its panel shows, in one language."""

from collections.abc import Callable, Iterator

from cardservice.domain.holder import Holder
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.numbers import Ogrn
from cardservice.domain.verdict import Check, CheckName, Outcome, ProtocolName, Verdict
from cardservice.texts.catalog import translations
from cardservice.texts.formats import show_age, show_date, show_enp, show_seconds
from cardservice.texts.languages import Language
from cardservice.texts.phrases import Headline, Phrase
from cardservice.texts.tables import (
    ANSWERS,
    CHECKS,
    FOR_INFORMATION,
    OUTCOMES,
    PROBLEMS,
    PROTOCOLS,
    READING,
    REASONS,
    SEXES,
    WAITING,
)
from cardservice.verify.examination import Examination, Problem
from cardservice.web.desk.parts import no_name
from cardservice.web.desk.present_clerk import (
    bearer_view,
    photo_view,
    sheet_address,
    why_substitute,
)
from cardservice.web.desk.state import Phase, ReaderState
from cardservice.web.desk.views import CheckView, Fact, HolderView, PanelView, key_of

InsurerName = Callable[[Ogrn], str | None]
NOTE_MARK = "note"  # a check that is shown and decides nothing


class Presenter:
    """Says in one language what a reader's state means."""

    def __init__(self, language: Language, *, insurer_name: InsurerName = no_name) -> None:
        self._language = language
        self._insurer_name = insurer_name
        self._say = translations(language).gettext

    def panel(self, state: ReaderState) -> PanelView:
        """Return the panel of a reader in whatever phase it is."""
        if state.phase is Phase.READING:
            return self._plain(state, "reading", READING)
        if state.examination is None:
            headline = PROBLEMS[Problem.CARD_REMOVED] if state.interrupted else WAITING
            return self._plain(state, "problem" if state.interrupted else "waiting", headline)
        return self._judged(state, state.examination)

    def _judged(self, state: ReaderState, result: Examination) -> PanelView:
        if result.verdict is None:
            problem = result.problem or Problem.CARD_UNREADABLE
            return self._plain(state, "problem", PROBLEMS[problem])
        return self._verdict(state, result, result.verdict)

    def _plain(self, state: ReaderState, mark: str, headline: Headline) -> PanelView:
        return PanelView(
            key=key_of(state.reader),
            reader=state.reader,
            mark=mark,
            word=self._say(headline.word),
            sentence=self._say(headline.sentence),
            remedy=self._maybe(headline.remedy),
            presentation=state.presentation,
            substitute=why_substitute(state),
            asks_for=state.presentation if state.asks_for_number else None,
        )

    def _verdict(self, state: ReaderState, result: Examination, verdict: Verdict) -> PanelView:
        chip = [one for one in verdict.checks if one.name is not CheckName.BEARER]
        why = self._why(verdict)
        return PanelView(
            key=key_of(state.reader),
            reader=state.reader,
            mark=verdict.outcome.value,
            word=self._say(OUTCOMES[verdict.outcome].word),
            sentence=self._say(why.sentence),
            remedy=self._maybe(why.remedy),
            presentation=state.presentation,
            cover=self._cover(verdict),
            bearer=bearer_view(state, self._say) if state.knows_holder else None,
            photo=photo_view(state, self._say) if state.knows_holder else None,
            sheet=sheet_address(state),
            substitute=why_substitute(state),
            holder=self._holder(result),
            checks=tuple(self._check(one) for one in chip),
            notes=tuple(self._notes(result, verdict)),
            ran=self._ran(verdict),
            skipped=tuple(self._say(one) for one in verdict.skipped if one),
            lifted=state.lifted,
        )

    def _why(self, verdict: Verdict) -> Phrase:
        if verdict.outcome is Outcome.VALID:
            return Phrase(OUTCOMES[Outcome.VALID].sentence)
        return REASONS[verdict.deciding.reason]

    def _cover(self, verdict: Verdict) -> str | None:
        found = (one for one in verdict.checks if one.name is CheckName.COVER_HERE)
        cover = next((one for one in found if one.outcome is Outcome.VALID), None)
        return None if cover is None else self._say(REASONS[cover.reason].sentence)

    def _check(self, check: Check) -> CheckView:
        said = REASONS[check.reason]
        return CheckView(
            name=self._say(CHECKS[check.name]),
            mark=_mark_of(check),
            answer=self._say(_answer_of(check)),
            sentence=self._say(said.sentence),
            remedy=self._maybe(said.remedy),
            age=self._age(check),
        )

    def _age(self, check: Check) -> str | None:
        if check.age is None:
            return None
        age = show_age(check.age, self._language)
        if check.at_least:
            return self._say("Data fetched {age} or earlier").format(age=age)
        return self._say("Data fetched {age}").format(age=age)

    def _holder(self, result: Examination) -> HolderView | None:
        holder = result.holder
        if holder is None:
            return None
        names = (holder.given_name, holder.patronymic)
        return HolderView(
            surname=holder.surname,
            names=" ".join(name for name in names if name),
            birth_date=show_date(holder.birth_date, self._language),
            enp=show_enp(holder.enp),
            facts=(*self._person(holder), *self._region(result.insurance)),
            proved=result.proved,
            insurer=self._insurer(result.insurance),
            insured=self._insured(result.insurance),
        )

    def _person(self, holder: Holder) -> Iterator[Fact]:
        yield Fact(self._say("Sex"), self._say(SEXES[holder.sex]))
        if holder.snils is not None:
            yield Fact(self._say("SNILS"), holder.snils)

    def _region(self, period: InsurancePeriod | None) -> Iterator[Fact]:
        if period is not None:
            yield Fact(self._say("Region (OKATO)"), period.okato)

    def _insurer(self, period: InsurancePeriod | None) -> str | None:
        if period is None:
            return None
        number = self._say("OGRN {number}").format(number=period.ogrn)
        name = self._insurer_name(period.ogrn)
        return number if name is None else f"{name}, {number}"

    def _insured(self, period: InsurancePeriod | None) -> str | None:
        if period is None:
            return None
        return self._say("Insured {period}").format(period=self._period(period))

    def _period(self, period: InsurancePeriod) -> str:
        start = show_date(period.start_date, self._language)
        if period.end_date is None:
            return self._say("from {start}, without an end").format(start=start)
        return f"{start} – {show_date(period.end_date, self._language)}"

    def _notes(self, result: Examination, verdict: Verdict) -> Iterator[str]:
        if verdict.signed_at is not None:
            day = show_date(verdict.signed_at.date(), self._language)
            yield self._say("Record signed on {day}").format(day=day)
        seconds = show_seconds(result.elapsed_ms, self._language)
        yield self._say("Read in {seconds} s").format(seconds=seconds)

    def _ran(self, verdict: Verdict) -> str | None:
        ran = [self._say(PROTOCOLS[one]) for one in ProtocolName if one in verdict.ran]
        if not ran:
            return None
        return self._say("Checked by: {protocols}").format(protocols=", ".join(ran))

    def _maybe(self, text: str | None) -> str | None:
        return None if text is None else self._say(text)


def _mark_of(check: Check) -> str:
    return check.outcome.value if check.decisive else NOTE_MARK


def _answer_of(check: Check) -> str:
    return ANSWERS[check.outcome] if check.decisive else FOR_INFORMATION

"""From what a panel shows to the sheet of paper that says the same, without the photo."""

from collections.abc import Callable, Iterator

from cardservice.domain.verdict import Verdict
from cardservice.papers.verdict_sheet import (
    SheetNote,
    SheetRow,
    SheetSection,
    VerdictSheet,
    verdict_pdf,
)
from cardservice.papers.wording import PaperLanguage
from cardservice.texts.catalog import translations
from cardservice.texts.formats import show_date
from cardservice.texts.languages import Language
from cardservice.web.desk.ending import on_the_wall
from cardservice.web.desk.parts import DeskParts
from cardservice.web.desk.present import Presenter
from cardservice.web.desk.state import ReaderState
from cardservice.web.desk.views import CheckView, HolderView, PanelView

Say = Callable[[str], str]


def sheet_of(state: ReaderState, language: Language, parts: DeskParts) -> bytes | None:
    """Return the PDF of the verdict in that panel, None while there is no verdict.

    Raises:
        Refusal: a text of the card cannot be printed.
        PaperFontsError: there are no fonts on this machine.
    """
    result = state.examination
    if result is None or result.verdict is None:
        return None
    say = translations(language).gettext
    panel = Presenter(language, insurer_name=parts.insurer_name).panel(state)
    made = on_the_wall(result.verdict.at)
    return verdict_pdf(
        VerdictSheet(
            title=say("Policy check"),
            moment=f"{show_date(made.date(), language)}, {made:%H:%M} · {panel.reader}",
            word=panel.word,
            sentence=panel.sentence,
            remedy=panel.remedy,
            sections=_sections(panel, say),
            notes=tuple(SheetNote(one) for one in _notes(panel, result.verdict, say)),
            signed_by=say("Signature of the employee"),
            date_word=say("Date"),
        ),
        fonts=parts.fonts(),
        made=made,
        language=PaperLanguage(language.value),
    )


def _sections(panel: PanelView, say: Say) -> tuple[SheetSection, ...]:
    holder = () if panel.holder is None else tuple(_holder(panel.holder, panel, say))
    checks = tuple(SheetRow(check.name, _finding(check)) for check in panel.checks)
    return (
        SheetSection(say("Holder"), holder),
        SheetSection(say("Checks of the chip"), checks),
        SheetSection(say("Bearer, by the employee"), _bearer(panel, say)),
    )


def _bearer(panel: PanelView, say: Say) -> tuple[SheetRow, ...]:
    bearer = panel.bearer
    if bearer is None:
        return ()
    word = say("Not confirmed") if bearer.is_open else bearer.word
    return (SheetRow(word, bearer.sentence),)


def _holder(holder: HolderView, panel: PanelView, say: Say) -> Iterator[SheetRow]:
    yield SheetRow(say("Name"), f"{holder.surname} {holder.names}")
    yield SheetRow(say("Birth date"), holder.birth_date)
    yield SheetRow(say("Policy number"), holder.enp)
    if holder.insurer is not None:
        yield SheetRow(say("Insurer"), holder.insurer)
    if holder.insured is not None:
        yield SheetRow(say("Period"), holder.insured)
    if panel.cover is not None:
        yield SheetRow(say("Cover here"), panel.cover)
    yield from (SheetRow(fact.label, fact.value) for fact in holder.facts)
    if not holder.proved:
        yield SheetRow(say("Proof"), say("Not proved: nobody vouches for these data"))


def _finding(check: CheckView) -> str:
    parts = (check.sentence, check.remedy, check.age and f"{check.age}.")
    return " ".join(part for part in parts if part)


def _notes(panel: PanelView, verdict: Verdict, say: Say) -> Iterator[str]:
    if panel.ran is not None:
        yield panel.ran
    yield from panel.notes
    if verdict.grade.value != "proven":
        yield say("The time is the computer's own, so ages are at least that")

"""How a verdict is printed for people: what was decided and why, then what the card says."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from cardservice.cli.console import (
    COLOURS,
    MARKS,
    NOTE_COLOUR,
    mark_of,
    new_table,
)
from cardservice.cli.wording import Say, sayer
from cardservice.domain.holder import Holder
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.verdict import Check, Outcome, ProtocolName, Verdict
from cardservice.texts.formats import show_age, show_date, show_enp
from cardservice.texts.languages import Language
from cardservice.texts.tables import CHECKS, OUTCOMES, PROBLEMS, PROTOCOLS, REASONS, SEXES
from cardservice.verify.examination import Examination, Problem

UNPROVED = "Not proved: nobody vouches for these data"
PASSED_OVER = "Passed over"
ASK_FOR_CAN = "Use --can, and type the six digits printed on the card."

Fact = tuple[str, str]
"""A label, and what the card says under it; both in the reader's language."""


def print_examination(
    console: Console, examination: Examination, language: Language, *, with_can: bool = False
) -> None:
    """Print verdict, checks and what the card says; or why there is no verdict.

    ``with_can`` tells whether the card was shown the number printed on it.
    """
    say = sayer(language)
    if examination.verdict is None:
        problem = examination.problem or Problem.CARD_UNREADABLE
        print_problem(console, problem, say, with_can=with_can)
        return
    print_headline(console, examination.verdict, say)
    console.print()
    print_checks(console, examination.verdict.checks, language)
    facts = list(facts_of(examination, language))
    if facts:
        console.print()
        if not examination.proved:
            console.print(Text(say(UNPROVED), COLOURS[Outcome.UNDECIDED]))
        print_facts(console, facts)
    print_effort(console, examination, say)


def print_headline(console: Console, verdict: Verdict, say: Say) -> None:
    """Print the verdict in a word and the sentence that decided it."""
    headline = OUTCOMES[verdict.outcome]
    decided = REASONS[verdict.deciding.reason].sentence
    sentence = headline.sentence if verdict.outcome is Outcome.VALID else decided
    word = Text(
        f"{MARKS[verdict.outcome]} {say(headline.word)}", f"bold {COLOURS[verdict.outcome]}"
    )
    console.print(word, Text(f" {say(sentence)}"))


def print_problem(console: Console, problem: Problem, say: Say, *, with_can: bool = False) -> None:
    """Print why there is no verdict, and what to do: here a number is typed after ``--can``."""
    headline = PROBLEMS[problem]
    remedy = headline.remedy
    if problem is Problem.ACCESS_REFUSED and not with_can:
        remedy = ASK_FOR_CAN
    word = Text(f"? {say(headline.word)}", f"bold {COLOURS[Outcome.UNDECIDED]}")
    console.print(word, Text(f" {say(headline.sentence)}"))
    if remedy is not None:
        console.print(Text(f"  → {say(remedy)}"))


def print_checks(console: Console, checks: tuple[Check, ...], language: Language) -> None:
    """Print one check a row: mark, name, sentence with the age of the data.

    What to do stands under the first check that asks for it, and is not repeated.
    """
    say, told = sayer(language), set[str]()
    table = new_table(console, names=2)
    for check in checks:
        mark, colour = mark_of(check)
        name = say(CHECKS[check.name])
        table.add_row(Text(f" {mark}", colour), name, _sentence(check, language))
        remedy = REASONS[check.reason].remedy
        if check.outcome is not Outcome.VALID and remedy is not None and remedy not in told:
            told.add(remedy)
            table.add_row("", "", Text(f"→ {say(remedy)}"))
    console.print(table)


def print_facts(console: Console, facts: list[Fact]) -> None:
    """Print one fact a row."""
    table = new_table(console, names=1)
    for label, value in facts:
        table.add_row(Text(f" {label}"), Text(value))
    console.print(table)


def print_effort(console: Console, examination: Examination, say: Say) -> None:
    """Print by what the card was checked, how many commands it was sent, and how long it took."""
    ran = () if examination.verdict is None else examination.verdict.ran
    names = ", ".join(say(PROTOCOLS[one]) for one in ProtocolName if one in ran)
    effort = say("{commands} commands, {ms} ms").format(
        commands=examination.commands, ms=round(examination.elapsed_ms)
    )
    console.print()
    if names:
        console.print(Text(say("Checked by: {protocols}").format(protocols=names), NOTE_COLOUR))
    console.print(Text(effort, NOTE_COLOUR))


def facts_of(examination: Examination, language: Language) -> Iterator[Fact]:
    """Yield what the card says of holder and insurance, when it was signed, what was passed over.

    Who the person is may be printed: that is what this command is asked for.
    """
    say = sayer(language)
    if examination.holder is not None:
        yield from _person(examination.holder, language)
    if examination.insurance is not None:
        yield from _insurance(examination.insurance, language)
    verdict = examination.verdict
    if verdict is None:
        return
    if verdict.signed_at is not None:
        day = show_date(verdict.signed_at.date(), language)
        yield "", say("Record signed on {day}").format(day=day)
    for number, note in enumerate(verdict.skipped):
        yield "" if number else say(PASSED_OVER), note


def _person(holder: Holder, language: Language) -> Iterator[Fact]:
    say = sayer(language)
    names = (holder.surname, holder.given_name, holder.patronymic)
    yield say("Holder"), " ".join(name for name in names if name)
    yield say("Policy number"), show_enp(holder.enp)
    yield say("Birth date"), show_date(holder.birth_date, language)
    yield say("Sex"), say(SEXES[holder.sex])
    if holder.snils is not None:
        yield say("SNILS"), holder.snils


def _insurance(period: InsurancePeriod, language: Language) -> Iterator[Fact]:
    say = sayer(language)
    yield say("Insurer (OGRN)"), period.ogrn
    yield say("Region (OKATO)"), period.okato
    yield say("Insured"), _period(period, language)


def _period(period: InsurancePeriod, language: Language) -> str:
    start = show_date(period.start_date, language)
    if period.end_date is None:
        return sayer(language)("from {start}, without an end").format(start=start)
    return f"{start} – {show_date(period.end_date, language)}"


def _sentence(check: Check, language: Language) -> Text:
    sentence = Text(sayer(language)(REASONS[check.reason].sentence))
    if check.age is not None:
        sentence.append(f" ({show_age(check.age, language)})", NOTE_COLOUR)
    return sentence

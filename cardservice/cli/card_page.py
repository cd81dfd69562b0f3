"""What ``card show`` prints: the chip, what the card says, what of it is proved and what is not."""

from collections.abc import Iterator
from typing import Final

from rich.console import Console
from rich.text import Text

from cardservice.channel.card_management import LifeCycle
from cardservice.cli.console import COLOURS
from cardservice.cli.printing import (
    UNPROVED,
    Fact,
    facts_of,
    print_checks,
    print_effort,
    print_facts,
    print_headline,
    print_problem,
)
from cardservice.cli.wording import Say, sayer
from cardservice.domain.verdict import Check, Outcome, Verdict
from cardservice.home.inspection import Inspection
from cardservice.policycard.identity import CardIdentity
from cardservice.texts.languages import Language
from cardservice.verify.examination import Problem

LIFE_CYCLES: Final = {
    LifeCycle.BLANK: "blank",
    LifeCycle.PERSONALIZED: "personalized",
    LifeCycle.BLOCKED: "blocked",
    LifeCycle.TERMINATED: "terminated",
}


def print_inspection(
    console: Console, inspection: Inspection, language: Language, *, with_can: bool = False
) -> None:
    """Print one card; with words for everything on it that nothing proves.

    ``with_can`` tells whether the card was shown the number printed on it.
    """
    say, examination = sayer(language), inspection.examination
    if examination.verdict is None:
        problem = examination.problem or Problem.CARD_UNREADABLE
        print_problem(console, problem, say, with_can=with_can)
    else:
        print_headline(console, examination.verdict, say)
    console.print()
    print_facts(console, list(_chip(inspection, say)))
    _print_said(console, inspection, language)
    if examination.verdict is not None:
        _print_proofs(console, examination.verdict, language)
    print_effort(console, examination, say)


def _chip(inspection: Inspection, say: Say) -> Iterator[Fact]:
    yield say("Answer to reset"), inspection.atr.hex(" ").upper()
    yield say("State"), _life_cycle(inspection.life_cycle, say)
    if inspection.identity is not None:
        yield from _identity(inspection.identity, say)
    versions = ", ".join(f"{version:02X}" for version in inspection.key_versions)
    yield say("Key version"), versions or say("not told")


def _life_cycle(octet: int | None, say: Say) -> str:
    if octet is None:
        return say("not told")
    known = {state.value: word for state, word in LIFE_CYCLES.items()}
    word = known.get(octet)
    return say("unknown ({octet})").format(octet=f"{octet:02X}") if word is None else say(word)


def _identity(identity: CardIdentity, say: Say) -> Iterator[Fact]:
    yield say("Chip serial number"), identity.chip_serial.hex().upper()
    yield say("Issuing fund"), identity.fund
    place = say("list {number}, place {index}")
    yield say("Status list"), place.format(number=identity.list_number, index=identity.list_index)


def _print_said(console: Console, inspection: Inspection, language: Language) -> None:
    facts = list(facts_of(inspection.examination, language))
    if not facts:
        return
    console.print()
    if not inspection.examination.proved:
        console.print(Text(sayer(language)(UNPROVED), COLOURS[Outcome.UNDECIDED]))
    print_facts(console, facts)


def _print_proofs(console: Console, verdict: Verdict, language: Language) -> None:
    """Print what decided for the card and what did not; what is only told along proves nothing."""
    proved = tuple(one for one in verdict.checks if one.decisive and one.outcome is Outcome.VALID)
    others = tuple(one for one in verdict.checks if one.outcome is not Outcome.VALID)
    _print_part(console, "Proved", proved, language)
    _print_part(console, "Cannot be proved", others, language)


def _print_part(
    console: Console, title: str, checks: tuple[Check, ...], language: Language
) -> None:
    if checks:
        console.print()
        console.print(Text(sayer(language)(title), "bold"))
        print_checks(console, checks, language)

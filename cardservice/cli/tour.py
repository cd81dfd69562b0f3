"""``cardservice tour``: the main job in one command, from a holder's row to a clinic's verdict."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from cardservice.cli.blanks import PCSC, is_bare, is_by_hand, tour_blanks
from cardservice.cli.console import (
    COLOURS,
    MARKS,
    mark_of,
    new_console,
    new_table,
    silence_notes,
)
from cardservice.cli.exit_codes import Exit, reports_errors
from cardservice.cli.options import TABLE, as_json_option
from cardservice.cli.rows import first_orders, table_lines
from cardservice.cli.wording import Say, sayer
from cardservice.domain.orders import PolicyOrder
from cardservice.domain.verdict import CheckName, Outcome
from cardservice.errors import Refusal
from cardservice.home.issuer import scratch_home
from cardservice.home.tour import Tour, TouredCard, report
from cardservice.settings import Settings, load_settings
from cardservice.texts.languages import Language
from cardservice.texts.tables import CHECKS

DEMONSTRATION_CARDS: Final = 220  # rows of the demonstration table that may have a chip card
TIME_WIDTH: Final = 7  # characters: up to 99999.9 ms keeps the columns in line
GAP: Final = "  "
UNREAD: Final = "unread"


@click.command(
    epilog="""\b
Examples:
  cardservice tour
  cardservice tour --count 5 --reader pcsc --json"""
)
@click.option(
    "--count",
    type=click.IntRange(1, DEMONSTRATION_CARDS),
    default=20,
    show_default=True,
    help="How many cards to make.",
)
@click.option(
    "--reader",
    default="sim",
    show_default=True,
    metavar="sim|pcsc|pcsc:NAME",
    help="Simulated cards in this process, in virtual PC/SC readers, or real blanks in a reader.",
)
@click.option("--holders", type=TABLE, help="Another table of holders, CSV in UTF-8.")
@as_json_option
@reports_errors
def tour(count: int, reader: str, holders: Path | None, *, as_json: bool) -> None:
    """Make cards for the first holders who may have one; read each as a clinic would.

    Everything happens in a scratch home with demonstration keys that is gone afterwards.
    """
    settings = load_settings()
    if as_json:
        silence_notes()
    orders, refused_rows = _orders(holders, count)
    console = new_console(quiet=as_json)
    cards = _travel(reader, orders, settings=settings, console=console)
    result = report(cards, refused_rows=refused_rows)
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        print_summary(console, result, sayer(Language(settings.language)))
    if result["valid"] != result["cards"]:
        raise SystemExit(Exit.NOT_ALL_GOOD)


def _orders(holders: Path | None, count: int) -> tuple[list[PolicyOrder], int]:
    orders, refused_rows = first_orders(table_lines(holders), count)
    if not orders:
        raise Refusal("no-good-row", "The table has no row for which a card can be made.")
    return orders, refused_rows


def _travel(
    reader: str, orders: Sequence[PolicyOrder], *, settings: Settings, console: Console
) -> list[TouredCard]:
    cards: list[TouredCard] = []
    say = sayer(Language(settings.language))
    asks = is_by_hand(reader) and not is_bare(reader, PCSC)
    with ExitStack() as stack:
        blanks = tour_blanks(reader, stack)
        home, keys = stack.enter_context(scratch_home(settings))
        journey = Tour(home, home.station(keys), home.examiner(), settings.card_time_budget_s)
        # A bar that is drawn again and again would write over a question.
        shown = console.is_terminal and not asks
        bar = Progress(console=console, transient=True, disable=not shown)
        for order in stack.enter_context(bar).track(orders, description=say("cards")):
            with blanks.next_blank() as link:
                cards.append(journey.visit(order, link))
            console.print(card_line(cards[-1], say, console.width))
    return cards


def card_line(card: TouredCard, say: Say, width: int) -> Text:
    """Return the line of one card, in columns; on a narrow terminal those that have room."""
    verdict = card.examination.verdict
    word = say(UNREAD if verdict is None else card.outcome.value)
    longest = max(len(say(one)) for one in (*Outcome, UNREAD))
    checks = () if verdict is None else verdict.checks
    parts = [
        Text(f"{MARKS[card.outcome]} {card.enp_masked}", COLOURS[card.outcome]),
        Text(word.ljust(longest)),
        # The bearer is a person's affair, and has no mark.
        Text.assemble(*(mark_of(one) for one in checks if one.name is not CheckName.BEARER)),
        Text(say("made in {ms} ms").format(ms=f"{card.personalize.ms:{TIME_WIDTH}.1f}")),
        Text(say("read in {ms} ms").format(ms=f"{card.verify.ms:{TIME_WIDTH}.1f}")),
    ]
    while len(parts) > 1 and _width(parts) > width:
        parts.pop()
    return Text(GAP).join(parts)


def _width(parts: Sequence[Text]) -> int:
    return sum(len(part) for part in parts) + len(GAP) * (len(parts) - 1)


def print_summary(console: Console, result: dict[str, Any], say: Say) -> None:
    """Print what the marks of the lines mean, how the cards came out, and how long they took."""
    table = new_table(console, names=1)
    names = [say(CHECKS[name]) for name in CheckName if name is not CheckName.BEARER]
    table.add_row(say("Marks"), Text(" · ".join(names)))
    counts = say("{cards}: {valid} valid, {invalid} invalid, {undecided} undecided")
    table.add_row(say("Cards"), Text(counts.format(**result)))
    table.add_row(say("Rows refused on the way"), Text(str(result["refused_rows"])))
    for title, stage in (("Made", "personalize"), ("Read", "verify")):
        table.add_row(say(title), Text(_stage_line(result, stage, say)))
    console.print()
    console.print(table)


def _stage_line(result: dict[str, Any], stage: str, say: Say) -> str:
    times = {name: f"{ms:.1f}" for name, ms in result[f"{stage}_ms"].items()}
    line = say("{p50} ms, at most {p95} ms for 95 of 100; {apdus} commands a card")
    return line.format(**times, apdus=result["apdus"][stage])

"""``cardservice personalize``: cards for the rows of a table."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from cardservice.cli.blanks import SIMULATED, BlanksByHand, is_bare, is_by_hand
from cardservice.cli.console import COLOURS, MARKS, new_console
from cardservice.cli.exit_codes import Exit, reports_errors
from cardservice.cli.options import TABLE, reader_option
from cardservice.cli.personalize_batch import Batch, opened_batch
from cardservice.cli.rows import judged_rows, say_refused, say_warnings, table_lines
from cardservice.cli.wording import Say, sayer
from cardservice.domain.numbers import mask_enp
from cardservice.domain.rows import Accepted, Refused
from cardservice.domain.verdict import Outcome
from cardservice.errors import Refusal, UsageError
from cardservice.home.issuer import open_home
from cardservice.personalization.station import MadeCard
from cardservice.settings import load_settings
from cardservice.texts.languages import Language


@click.command(
    epilog="""\b
Examples:
  cardservice personalize --holders table.csv --reader "pcsc:ACR39U"
  cardservice personalize --holders table.csv --enp 0058000844000019 --reader sim:anna.card"""
)
@click.option("--holders", required=True, type=TABLE, help="Table of holders, CSV in UTF-8.")
@click.option("--enp", metavar="N", help="Only the row with this policy number.")
@click.option(
    "--from-row",
    type=click.IntRange(min=1),
    default=1,
    metavar="N",
    help="Begin with this row of the table; the line of column names is row 1.",
)
@reader_option
@click.option("--yes", is_flag=True, help="Do not ask before a card is written.")
@click.option(
    "--letters",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the PIN letters, to try it out; production wants the setting letter_printer. "
    "With neither nobody learns PIN and PUK.",
)
@reports_errors
def personalize(  # noqa: PLR0913 - one parameter an option
    holders: Path, enp: str | None, from_row: int, reader: str, letters: Path | None, *, yes: bool
) -> None:
    """Make one card for each good row of a table.

    Every row is judged before the first card is touched. A bad row is named with its field and
    the reason, and makes the exit status 1; good rows go on. Cards of a real reader are asked
    for one after the other, and nothing is written to one without a yes. A run that was
    interrupted is finished by the same command: rows made before are passed over.
    """
    settings = load_settings()
    open_home(settings)  # who has none is told so before the table is read
    rows, refused = _judge(holders, enp=enp, from_row=from_row)
    hand = BlanksByHand(reader, yes=yes) if is_by_hand(reader) else None
    with opened_batch(settings, reader, hand, letters=letters) as batch:
        rows = _still_to_make(batch, rows)
        _require_cards(reader, rows)
        _run(batch, rows, refused, sayer(Language(settings.language)))
    if refused:
        raise SystemExit(Exit.NOT_ALL_GOOD)


def _judge(holders: Path, *, enp: str | None, from_row: int) -> tuple[Sequence[Accepted], int]:
    """Return the rows to make cards for, and how many others were refused, each told of."""
    rows = [row for row in judged_rows(table_lines(holders)) if row.row >= from_row]
    good = [row for row in rows if isinstance(row, Accepted)]
    bad = [row for row in rows if isinstance(row, Refused)]
    if enp is not None:
        good = [row for row in good if row.order.holder.enp == enp]
        bad = [] if good else bad
    for refused in bad:
        say_refused(refused)
    for accepted in good:
        say_warnings(accepted)
    if enp is not None and not good:
        raise Refusal("enp-not-in-table", "No good row has this policy number.", field="enp")
    return good, len(bad)


def _still_to_make(batch: Batch, rows: Sequence[Accepted]) -> Sequence[Accepted]:
    made = {row.row for row in rows if batch.is_made(row)}
    for number in sorted(made):
        click.echo(f"row {number}: a card was made for it before", err=True)
    return [row for row in rows if row.row not in made]


def _require_cards(reader: str, rows: Sequence[Accepted]) -> None:
    if not is_by_hand(reader) and not is_bare(reader, SIMULATED) and len(rows) > 1:
        raise UsageError(
            f"{reader} is one card, and the table has {len(rows)} good rows; choose one with --enp"
        )


def _run(batch: Batch, rows: Sequence[Accepted], refused: int, say: Say) -> None:
    console, made = new_console(), 0
    # A bar that is drawn again and again would write over a question.
    shown = console.is_terminal and batch.hand is None
    progress = Progress(console=console, transient=True, disable=not shown)
    try:
        with progress:
            for row in progress.track(rows, description=say("cards")):
                card = batch.make(row, f"{made + 1}/{len(rows)}")
                made += 1
                _print_card(console, card, say)
    except BaseException:
        _say_where_to_go_on(rows[made:])
        raise
    finally:
        counts = say("{made} of {wanted} cards made; {refused} rows refused")
        console.print(counts.format(made=made, wanted=len(rows), refused=refused))


def _say_where_to_go_on(rows: Sequence[Accepted]) -> None:
    for row in rows[:1]:
        click.echo(f"stopped at row {row.row}; to go on: --from-row {row.row}", err=True)


def _print_card(console: Console, card: MadeCard, say: Say) -> None:
    serial = say("chip {serial}").format(serial=card.chip_serial.hex().upper())
    line = f"{MARKS[Outcome.VALID]} {mask_enp(card.order.holder.enp)}"
    console.print(Text(line, COLOURS[Outcome.VALID]), Text(f" {serial}"))

"""``cardservice station stock``: the blanks of this station, by chip serial."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from cardservice.cli.exit_codes import Exit, reports_errors
from cardservice.cli.options import TABLE, as_json_option
from cardservice.cli.station_chips import CHIP, ranges_json, read_serials
from cardservice.errors import Refusal, UsageError
from cardservice.home.station_journal import booking_journal, journal_file
from cardservice.personalization.blanks import StationStock, place_of, serial_text, stock_of
from cardservice.personalization.blanks_tray import (
    TrayCount,
    count_tray,
    expect_tray_empty,
    missing_blanks,
    ranges_text,
)
from cardservice.personalization.journal import (
    CHIP_SERIAL_LEN,
    BlanksReceived,
    BlanksReturned,
    SpoiledReason,
)
from cardservice.personalization.recovery import Recovery, recover
from cardservice.personalization.recovery_blanks import SerialRange
from cardservice.settings import load_settings

_NAMES: Final = {
    "received": "received",
    "in_tray": "in the tray",
    "begun": "begun",
    "made": "made",
    "spoiled": "spoiled",
    "returned": "given back",
}
_first_option = click.option(
    "--first", type=CHIP, required=True, metavar="HEX", help="First chip serial, 16 digits."
)
_last_option = click.option(
    "--last", type=CHIP, metavar="HEX", help="Last one.  [default: the first; one blank]"
)
_count_option = click.option(
    "--count", type=click.IntRange(min=1), help="How many there are, to find a slip in a serial."
)


@click.group()
def stock() -> None:
    """Blanks of this station: in, out, counted. Not while the station runs."""


@stock.command(
    short_help="How many blanks there are, and where.",
    epilog="""\b
Example:
  cardservice station stock show --json""",
)
@as_json_option
@reports_errors
def show(*, as_json: bool) -> None:
    """Show how many blanks were received and where they are.

    Exit status 1 means that they do not add up.
    """
    with journal_file(load_settings()) as file:
        recovery = recover(file.entries())
    found = stock_of(recovery)
    _print(found, as_json=as_json, in_tray=missing_blanks(recovery))
    if not found.is_balanced:
        click.echo("They do not add up. Count the tray: cardservice station stock count", err=True)
        raise SystemExit(Exit.NOT_ALL_GOOD)


@stock.command(
    short_help="Book blanks that were handed to this station.",
    epilog="""\b
Example:
  cardservice station stock receive --first 00000000000003E8 --last 00000000000005DB --count 500""",
)
@_first_option
@_last_option
@_count_option
@as_json_option
@reports_errors
def receive(first: int, last: int | None, count: int | None, *, as_json: bool) -> None:
    """Book blanks that were handed to this station, by the serials on the label of their box.

    From the first receipt on a blank of another serial is foreign and stops its lane. A wrong
    receipt is undone by giving the same range back: cardservice station stock return
    """
    entry = BlanksReceived(first=first, last=_last(first, last, count))
    with booking_journal(load_settings(), create=True) as journal:
        journal.note(entry)
        _print(journal.stock, as_json=as_json)


@stock.command(
    name="return",
    short_help="Book blanks that leave this station, unused.",
    epilog="""\b
Example:
  cardservice station stock return --first 00000000000005DA --last 00000000000005DB""",
)
@_first_option
@_last_option
@_count_option
@as_json_option
@reports_errors
def return_command(first: int, last: int | None, count: int | None, *, as_json: bool) -> None:
    """Book blanks that leave this station unused, or undo a wrong receipt.

    A return is undone by receiving the same range again.
    """
    entry = BlanksReturned(first=first, last=_last(first, last, count))
    with booking_journal(load_settings()) as journal:
        journal.note(entry)
        _print(journal.stock, as_json=as_json)


@stock.command(
    short_help="Book a blank that was torn, bent or lost.",
    epilog="""\b
Example:
  cardservice station stock spoil --chip 00000000000003F0 --reason broken""",
)
@click.option("--chip", type=CHIP, required=True, metavar="HEX", help="Its chip serial.")
@click.option(
    "--reason",
    type=click.Choice([SpoiledReason.BROKEN.value, SpoiledReason.LOST.value]),
    required=True,
)
@as_json_option
@reports_errors
def spoil(chip: int, reason: str, *, as_json: bool) -> None:
    """Book a blank that was torn, bent or lost before a card was begun on it.

    It cannot be undone; if the blank comes to a reader after all, its chip is ended. A card that
    was begun is given up instead: cardservice station journal give-up
    """
    with booking_journal(load_settings()) as journal:
        journal.spoil_blank(chip.to_bytes(CHIP_SERIAL_LEN), SpoiledReason(reason))
        _print(journal.stock, as_json=as_json)


@stock.command(
    short_help="Compare the tray with what is booked.",
    epilog="""\b
Examples:
  cardservice station stock count --first 00000000000003F1 --last 00000000000005D9
  cardservice station stock count --serials scanned.txt
  cardservice station stock count --empty""",
)
@click.option("--first", type=CHIP, metavar="HEX", help="First chip serial in the tray.")
@click.option("--last", type=CHIP, metavar="HEX", help="Last one; all between them are there.")
@click.option(
    "--serials", type=TABLE, metavar="FILE", help="Serials in the tray: one a line, or FIRST-LAST."
)
@click.option("--empty", is_flag=True, help="The tray is empty.")
@as_json_option
@reports_errors
def count(
    first: int | None, last: int | None, serials: Path | None, *, empty: bool, as_json: bool
) -> None:
    """Compare the tray with what is booked; changes nothing.

    Exit status 1 means that something is missing, foreign or used. An empty tray from which
    blanks are missing is an error of its own, with exit status 5.
    """
    found = _found(first, last, serials, empty=empty)
    with journal_file(load_settings()) as file:
        recovery = recover(file.entries())
    _require_kept(recovery)
    if empty:
        expect_tray_empty(_Counted(recovery))
    result = count_tray(found, recovery)
    _print_count(result, as_json=as_json)
    if not result.is_as_booked:
        raise SystemExit(Exit.NOT_ALL_GOOD)


class _Counted:
    """What a journal that was read says is missing."""

    def __init__(self, recovery: Recovery) -> None:
        self._recovery = recovery

    def missing_blanks(self) -> list[SerialRange]:
        return missing_blanks(self._recovery)


def _last(first: int, last: int | None, count: int | None) -> int:
    """Return the end of a range; raises Refusal ``serials-wrong`` if it has another count."""
    end = first if last is None else last
    length = end - first + 1
    if count is not None and length != count:
        raise Refusal(
            "serials-wrong",
            f"From {serial_text(first)} to {serial_text(end)} there are {length} serials, not "
            f"{count}; read the label of the box again. Nothing was booked.",
        )
    return end


def _found(
    first: int | None, last: int | None, serials: Path | None, *, empty: bool
) -> list[SerialRange]:
    if [first is not None and last is not None, serials is not None, empty].count(True) != 1 or (
        (first is None) != (last is None)
    ):
        raise UsageError("say what is in the tray: --first and --last, --serials, or --empty")
    if serials is not None:
        return list(read_serials(serials))
    if first is None or last is None:
        return []
    if last < first:
        raise UsageError("a range of chip serials goes from the lower to the higher")
    return [(first, last)]


def _require_kept(recovery: Recovery) -> None:
    if not recovery.blanks.are_kept:
        raise Refusal(
            "blanks-not-kept",
            "No blanks were ever received here by serial, so there is nothing to compare with; "
            "book them with: cardservice station stock receive",
        )


def _print(
    found: StationStock, *, as_json: bool, in_tray: Iterable[SerialRange] | None = None
) -> None:
    ranges = None if in_tray is None else list(in_tray)
    if as_json:
        tray = {} if ranges is None else {"tray": ranges_json(ranges)}
        click.echo(json.dumps({**asdict(found), "balanced": found.is_balanced, **tray}))
        return
    if not found.received:
        click.echo("No blanks were ever received here by serial; nothing is counted.")
    for name, text in _NAMES.items():
        click.echo(f"{text:12}{getattr(found, name):>10,}".replace(",", " "))
    if ranges:
        click.echo(f"In the tray: {ranges_text(ranges)}")


def _print_count(result: TrayCount, *, as_json: bool) -> None:
    if as_json:
        members = {
            "as_booked": result.is_as_booked,
            "missing": ranges_json(result.missing),
            "foreign": ranges_json(result.foreign),
            "used": [
                {"chip": one.chip.hex().upper(), "place": place_of(one)} for one in result.used
            ],
        }
        click.echo(json.dumps(members))
        return
    if result.is_as_booked:
        click.echo("✔ The tray holds what is booked.")
    if result.missing:
        click.echo(f"✘ missing: {ranges_text(result.missing)}")
        click.echo("  → Look for them; one that is lost: cardservice station stock spoil")
    if result.foreign:
        click.echo(f"✘ foreign: {ranges_text(result.foreign)}")
        click.echo("  → Lay them aside; ours by right: cardservice station stock receive")
    for life in result.used:
        click.echo(f"✘ used: {life.chip.hex().upper()} is {place_of(life)}")
        click.echo(f"  → {life.finding.need}")

"""``cardservice station journal``: what became of every card."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

import click

from cardservice.cli.exit_codes import Exit, reports_errors
from cardservice.cli.options import as_json_option
from cardservice.cli.station_chips import CHIP
from cardservice.errors import Refusal
from cardservice.home.station_journal import (
    booking_journal,
    existing_journal,
    journal_file,
    read_journal,
)
from cardservice.personalization.journal import CHIP_SERIAL_LEN, SpoiledReason
from cardservice.personalization.journal_compaction import compacted
from cardservice.personalization.recovery import recover
from cardservice.personalization.recovery_lives import CardLife, Verdict
from cardservice.settings import load_settings
from cardservice.storage.journal_file_reading import JournalHealth, check_journal, kept_entries

_MARKS: Final = {
    Verdict.MADE: "✔",
    Verdict.TO_BE_FINISHED: "!",
    Verdict.LOOK: "!",
    Verdict.SPOILED: "✘",
}
_WORDS: Final = {
    Verdict.MADE: "made",
    Verdict.TO_BE_FINISHED: "to be finished",
    Verdict.LOOK: "look at it",
    Verdict.SPOILED: "spoiled",
}
_WORD_WIDTH: Final = max(map(len, _WORDS.values()))
_NOTHING: Final = "Nothing."


@click.group()
def journal() -> None:
    """What became of every card, and what to do with it."""


@journal.command(
    short_help="What became of every card, and what to do.",
    epilog="""\b
Examples:
  cardservice station journal show
  cardservice station journal show --chip 00000000000003F0 --json""",
)
@click.option("--all", "every", is_flag=True, help="Cards too with which nothing is to be done.")
@click.option("--chip", type=CHIP, metavar="HEX", help="Only the card with this chip serial.")
@as_json_option
@reports_errors
def show(chip: int | None, *, every: bool, as_json: bool) -> None:
    """Show what became of the cards: made, to be finished, to be looked at, or spoiled.

    Cards with which nothing is to be done are counted, and listed with --all. Works while a
    station runs, too; then what it shows is a moment old.
    """
    cards = read_journal(load_settings()).cards
    if chip is not None:
        listed = [_card(cards, chip)]
    else:
        lives = (one for one in cards.values() if every or _is_waiting(one))
        listed = sorted(lives, key=lambda one: one.sequence)
    counts = Counter(one.finding.verdict for one in cards.values())
    if as_json:
        by_name = {verdict.value: counts[verdict] for verdict in Verdict}
        members = [_members(one) for one in listed]
        click.echo(json.dumps({"counts": by_name, "cards": members}))
        return
    click.echo(", ".join(f"{_WORDS[verdict]}: {counts[verdict]}" for verdict in Verdict))
    _print(listed)


@journal.command(
    short_help="Say whether the journal can be believed.",
    epilog="""\b
Example:
  cardservice station journal check""",
)
@as_json_option
@reports_errors
def check(*, as_json: bool) -> None:
    """Say whether the journal's file is whole and tells one story; changes nothing.

    Exit status 5 means that it cannot be believed. The end of an entry that a power cut left
    unfinished is no damage: it was promised to nobody and is dropped when the station starts.
    """
    path = existing_journal(load_settings())
    health = check_journal(path)
    problem = health.damage
    if problem is None:
        try:
            recover(kept_entries(path))
        except Refusal as refusal:
            problem = refusal.sentence
    if as_json:
        click.echo(json.dumps(_health(health, problem)))
    else:
        _print_health(health, problem)
    if problem is not None:
        raise SystemExit(Exit.HOME)


@journal.command(
    short_help="Leave out the steps of cards long made.",
    epilog="""\b
Example:
  cardservice station journal compact""",
)
@reports_errors
def compact() -> None:
    """Leave out the steps of cards that are made and told of; their outcomes stay.

    Not while the station runs. All at once or not at all: killed at any moment, the journal is
    as before or as after.
    """
    path = existing_journal(load_settings())
    with journal_file(load_settings()) as file:
        before = path.stat().st_size
        entries = tuple(file.entries())
        file.replace(iter(compacted(entries)))
        after = path.stat().st_size
    click.echo(f"The journal had {before} octets and has {after}.")


@journal.command(
    name="give-up",
    short_help="Count a card as spoiled that is lost or broken.",
    epilog="""\b
Example:
  cardservice station journal give-up --chip 00000000000003F0 --reason lost""",
)
@click.option("--chip", type=CHIP, required=True, metavar="HEX", help="Its chip serial.")
@click.option(
    "--reason",
    type=click.Choice([SpoiledReason.LOST.value, SpoiledReason.BROKEN.value]),
    required=True,
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@reports_errors
def give_up(chip: int, reason: str, *, yes: bool) -> None:
    """Count a card as spoiled; its order is free for another card.

    Not while the station runs, and not to be undone: a card given up that turns up in a reader
    is ended.
    """
    with booking_journal(load_settings()) as opened:
        octets = chip.to_bytes(CHIP_SERIAL_LEN)
        life = opened.life_of(octets)
        if life is None:
            raise _unknown(octets)
        _print([life])
        if not yes:
            _ask()
        opened.give_up(octets, SpoiledReason(reason))
    click.echo(f"The card {octets.hex().upper()} counts as spoiled; its order is free.")


@journal.command(
    short_help="Note that somebody saw to what the registry would not take.",
    epilog="""\b
Example:
  cardservice station journal settle --chip 00000000000003F0""",
)
@click.option("--chip", type=CHIP, required=True, metavar="HEX", help="Its chip serial.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@reports_errors
def settle(chip: int, *, yes: bool) -> None:
    """Count the outcome of a card as told, though the registry refused it.

    For outcomes that a run lists as refused, after what docs/station-orders.md asks for was
    done. Not while the station runs, and not to be undone: nobody is told of the card again.
    """
    with booking_journal(load_settings()) as opened:
        octets = chip.to_bytes(CHIP_SERIAL_LEN)
        life = opened.life_of(octets)
        if life is None:
            raise _unknown(octets)
        if life.is_open or life.reported:
            raise Refusal("nothing-to-settle", "Nothing of this card waits to be told of.")
        _print([life])
        if not yes:
            _ask("Tell nobody of this card any more? It cannot be undone.")
        opened.reported(octets)
    click.echo(f"The card {octets.hex().upper()} counts as told of.")


def _ask(question: str = "Count this card as spoiled? It cannot be undone.") -> None:
    click.confirm(question, abort=True, default=False, err=True)


def _card(cards: dict[bytes, CardLife], chip: int) -> CardLife:
    octets = chip.to_bytes(CHIP_SERIAL_LEN)
    life = cards.get(octets)
    if life is None:
        raise _unknown(octets)
    return life


def _unknown(chip: bytes) -> Refusal:
    return Refusal(
        "card-unknown",
        f"This station's journal knows no card {chip.hex().upper()}; compare the serial. A blank "
        "that was never begun: cardservice station stock spoil",
    )


def _is_waiting(life: CardLife) -> bool:
    """Say whether somebody has still to do something, be it to tell of the card."""
    return life.finding.need != _NOTHING or not life.reported


def _need(life: CardLife) -> str:
    if life.is_open or life.reported:
        return life.finding.need
    told = "The registry is not told yet; the station tells it when it runs."
    return told if life.finding.need == _NOTHING else f"{life.finding.need} {told}"


def _members(life: CardLife) -> dict[str, Any]:
    return {
        "chip": life.chip.hex().upper(),
        "verdict": life.finding.verdict,
        "standing": life.standing,
        "order": life.order,
        "reason": life.reason,
        "reported": life.reported,
        "need": _need(life),
    }


def _print(lives: Iterable[CardLife]) -> None:
    for life in lives:
        verdict = life.finding.verdict
        words = f"{_MARKS[verdict]} {life.chip.hex().upper()}  {_WORDS[verdict]:{_WORD_WIDTH}}"
        rest = [one for one in (life.reason, life.order) if one]
        click.echo("  ".join((words, *rest)).rstrip())
        if _need(life) != _NOTHING:
            click.echo(f"  → {_need(life)}")


def _health(health: JournalHealth, problem: str | None) -> dict[str, Any]:
    return {
        "whole": problem is None,
        "entries": health.entries,
        "last_sequence": health.last_sequence,
        "whole_octets": health.whole_octets,
        "torn_octets": health.torn_octets,
        "problem": problem,
    }


def _print_health(health: JournalHealth, problem: str | None) -> None:
    said = f"{health.entries} entries, the last is number {health.last_sequence}"
    if problem is None:
        click.echo(f"✔ The journal is whole: {said}.")
        if health.torn_octets:
            click.echo(f"  {health.torn_octets} octets of an unfinished entry will be dropped.")
        return
    click.echo(f"✘ The journal cannot be believed after octet {health.whole_octets}: {problem}")
    click.echo(
        "  → Nothing was changed. Keep the file; ask the registry which of this station's orders "
        "were reported, count its cards, and begin a new journal in another place."
    )

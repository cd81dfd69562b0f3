"""``cardservice station card do``: work on a held card that the office ordered."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

import click

from cardservice.cli.exit_codes import Exit, line_for, reports_errors
from cardservice.cli.options import reader_option
from cardservice.cli.passphrase import ask_passphrase
from cardservice.errors import Refusal, SourceUnavailableError
from cardservice.home.station_card import OrderedWork, card_in, ordered_work
from cardservice.home.station_keys import ask_secrets
from cardservice.personalization.after_issue import Served
from cardservice.personalization.after_issue_holder import HolderInput
from cardservice.personalization.jobs import Job, Work
from cardservice.settings import load_settings

_WORDS: Final[Mapping[Work, str]] = MappingProxyType(
    {
        Work.CHANGE_INSURER: "another insurer is written",
        Work.NEW_PIN: "PIN and PUK become new, on a letter",
        Work.NEW_CAN: "the CAN becomes another, on a letter",
        Work.UNBLOCK_PIN: "the PIN is unblocked",
        Work.TERMINATE: "the card is ENDED FOR GOOD",
    }
)
_ASKED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "pin-needed": ("pin", "PIN"),
        "puk-needed": ("puk", "PUK"),
        "new-pin-needed": ("new_pin", "New PIN"),
        "can-needed": ("can", "The six digits printed on the card"),
    }
)
"""Code of what a card or a work lacks → its name, and what its holder is asked for."""

_LATER: Final = "The office is told by the next such command, or when the station runs."
_MOST_ATTEMPTS: Final = 1 + len(_ASKED)  # after each refusal one thing more was typed


@click.command(
    name="do",
    short_help="Do what the office ordered for the card.",
    epilog="""\b
Example:
  cardservice station card do --order 0190c6b2-0000-7000-8000-000000000001 \\
    --reader pcsc:""",
)
@click.option("--order", required=True, type=click.UUID, metavar="ID", help="The order's name.")
@reader_option
@click.option("--yes", is_flag=True, help="Do not ask before the card is written to.")
@reports_errors
def do(order: UUID, reader: str, *, yes: bool) -> None:
    """Do what the office ordered for the card in the reader, and tell it.

    The holder types PIN, PUK or CAN, unseen, when the card asks for it. If nothing was written
    the order goes back. After an interruption type the same command with the same card; what the
    office could not be told it is told by the next one, or when the station runs.
    """
    settings, order_id = load_settings(), str(order)
    with ordered_work(settings, lambda: ask_secrets(settings, prompt=ask_passphrase)) as ordered:
        if not ordered.is_done(order_id):
            ordered.tell()  # what waits from earlier, before another card is changed
        with ordered.taken(order_id) as job:
            if not yes:
                click.confirm(f"{job.label}: {_WORDS[job.work]}. Go on?", abort=True, err=True)
            served = _served(ordered, reader, job)
            click.echo(f"✔ {job.work}: chip {served.outcome.chip.hex().upper()}")
            _tell(ordered)


def _served(ordered: OrderedWork, reader: str, job: Job) -> Served:
    """Return the work done; what is lacking is asked for, each once, while no card is waiting."""
    typed: dict[str, str] = {}
    for _ in range(_MOST_ATTEMPTS - 1):
        try:
            return _attempt(ordered, reader, job, typed)
        except Refusal as refusal:
            name, words = _ASKED.get(refusal.code, ("", ""))
            if not name or name in typed:
                raise
            typed[name] = _ask(words, twice=name == "new_pin")
    return _attempt(ordered, reader, job, typed)


def _attempt(ordered: OrderedWork, reader: str, job: Job, typed: Mapping[str, str]) -> Served:
    with card_in(reader, ordered.settings) as card:
        return ordered.serve(card, job, HolderInput(**typed))


def _tell(ordered: OrderedWork) -> None:
    try:
        ordered.tell()
    except SourceUnavailableError as error:
        said = (
            f"{line_for(error)} The office is told by the next command, or when the station runs."
        )
        click.echo(said, err=True)
    for one in ordered.refused:
        click.echo(f"order {one.outcome.order_id}: {one.code}: {one.sentence}", err=True)
    if ordered.refused:
        raise SystemExit(Exit.NOT_ALL_GOOD)


def _ask(what: str, *, twice: bool) -> str:
    """Return what a person types unseen; never an argument, which other programs can see."""
    answer: str = click.prompt(what, hide_input=True, confirmation_prompt=twice, err=True)
    return answer

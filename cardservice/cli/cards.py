"""``cardservice verify`` and ``cardservice card show``: what a card says and what it proves."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getpass
from typing import Final

import click

from cardservice.channel.pace_password import CAN_LEN, PacePassword
from cardservice.cli.card_page import print_inspection
from cardservice.cli.console import new_console
from cardservice.cli.desk_keys import desk_enrolment
from cardservice.cli.exit_codes import Exit, reports_errors
from cardservice.cli.json_form import examination_to_json, inspection_to_json
from cardservice.cli.options import as_json_option, reader_option
from cardservice.cli.printing import print_examination
from cardservice.domain.verdict import Outcome
from cardservice.home.inspection import inspect_card
from cardservice.home.issuer import anywhere_examiner, open_home
from cardservice.settings import Settings, load_settings
from cardservice.texts.languages import Language
from cardservice.transport.budget import TimeBudgetLink
from cardservice.transport.registry import open_link

_LINE_MAX: Final = 64  # characters read of a line that should hold six

_can_option = click.option(
    "--can",
    "with_can",
    is_flag=True,
    help="Ask for the six digits printed on the card: a contactless card wants them.",
)


@click.command(
    epilog="""\b
Examples:
  cardservice verify --reader pcsc:
  cardservice verify --reader "pcsc:ACR39U" --json
  cardservice verify --reader pcsc: --can"""
)
@reader_option
@_can_option
@as_json_option
@reports_errors
def verify(reader: str, *, with_can: bool, as_json: bool) -> None:
    """Read the card in a reader as a clinic does, and judge it.

    Exit status 0 means valid; 1 means invalid, undecided or not a policy card.
    """
    settings = load_settings()
    home = open_home(settings)
    with desk_enrolment(home, settings) as enrolment:
        examiner = home.examiner(enrolment=enrolment)
        can = _ask_can() if with_can else None
        with _card(reader, settings) as link:
            examination = examiner.examine(link, can=can)
    language = Language(settings.language)
    if as_json:
        click.echo(json.dumps(examination_to_json(examination, language), ensure_ascii=False))
    else:
        print_examination(new_console(), examination, language, with_can=with_can)
    if examination.verdict is None or examination.verdict.outcome is not Outcome.VALID:
        raise SystemExit(Exit.NOT_ALL_GOOD)


@click.group()
def card() -> None:
    """Look at a single card."""


@card.command(
    short_help="Say what a card says, and what cannot be proved.",
    epilog="""\b
Examples:
  cardservice card show --reader pcsc:
  cardservice card show --reader sim:anna.card --json""",
)
@reader_option
@_can_option
@as_json_option
@reports_errors
def show(reader: str, *, with_can: bool, as_json: bool) -> None:
    """Say what any policy card says, and what of it cannot be proved.

    Works for cards of the field too, for blank and blocked ones, and without a home folder.
    Exit status 1 means that it is no policy card, or could not be read.
    """
    settings = load_settings()
    examiner = anywhere_examiner(settings)
    can = _ask_can() if with_can else None
    with _card(reader, settings) as link:
        inspection = inspect_card(examiner, link, can=can)
    language = Language(settings.language)
    if as_json:
        click.echo(json.dumps(inspection_to_json(inspection, language), ensure_ascii=False))
    else:
        print_inspection(new_console(), inspection, language, with_can=with_can)
    if inspection.examination.verdict is None:
        raise SystemExit(Exit.NOT_ALL_GOOD)


def _ask_can() -> str:
    """Return the digits a person types unseen, or one line of standard input.

    Never an argument: the list of processes and the shell's history would keep it.
    """
    if sys.stdin.isatty():
        can = getpass(f"The {CAN_LEN} digits printed on the card: ").strip()
    else:
        can = sys.stdin.readline(_LINE_MAX).strip()
    PacePassword.can(can)  # Before the card is asked: a slip of the hand is no attempt to guess.
    return can


@contextmanager
def _card(reader: str, settings: Settings) -> Iterator[TimeBudgetLink]:
    link = open_link(reader)
    try:
        yield TimeBudgetLink(link, settings.card_time_budget_s, time.monotonic)
    finally:
        link.close()

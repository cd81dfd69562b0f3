"""``cardservice station card``: work on a card that its holder has."""

from datetime import date, datetime

import click

from cardservice.cli.exit_codes import reports_errors
from cardservice.cli.options import reader_option
from cardservice.cli.station_card_order import do
from cardservice.cli.station_card_work import Wish, open_counter
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.numbers import parse_ogrn, parse_okato
from cardservice.errors import UsageError
from cardservice.home.station_card import DRAWS, card_in, letter_printer
from cardservice.personalization.after_issue_holder import HolderInput
from cardservice.personalization.jobs import Work
from cardservice.settings import load_settings

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_can_option = click.option(
    "--can",
    "with_can",
    is_flag=True,
    help="Ask for the six digits printed on the card, for cards that show nothing without.",
)
_yes_option = click.option("--yes", is_flag=True, help="Do not ask before the card is written to.")


@click.group()
def card() -> None:
    """Change a card that its holder has.

    Where orders come from the office, have the work ordered there, and do it with "do"; the
    others are for a home that stands alone. PIN, PUK and CAN are typed unseen and are no
    arguments. A work that was interrupted is gone on with: type the same command with the same
    card.
    """


card.add_command(do)


@card.command(
    short_help="Write another insurer onto the card.",
    epilog="""\b
Example:
  cardservice station card change-insurer --reader pcsc: \\
    --ogrn 1027700000008 --okato 45000 --from 2026-11-01""",
)
@reader_option
@click.option("--ogrn", required=True, metavar="DIGITS", help="The new insurer's OGRN.")
@click.option("--okato", required=True, metavar="DIGITS", help="The region of the insurance.")
@click.option("--from", "start", required=True, type=_DAY, help="First day of the insurance.")
@click.option("--until", "end", type=_DAY, help="Its last day, if it is known.")
@_can_option
@_yes_option
@reports_errors
def change_insurer(  # noqa: PLR0913 - one parameter an option
    reader: str,
    ogrn: str,
    okato: str,
    start: datetime,
    end: datetime | None,
    *,
    with_can: bool,
    yes: bool,
) -> None:
    """Write another insurer, signed anew, onto the card; its holder types the PIN.

    The record of the old insurer stays on the card.
    """
    insurance = _insurance(ogrn, okato, start.date(), None if end is None else end.date())
    typed = HolderInput(pin=_ask("PIN"), can=_can(with_can))
    _serve(
        reader,
        Wish(
            work=Work.CHANGE_INSURER,
            words=f"the insurer becomes {insurance.ogrn}",
            typed=typed,
            insurance=insurance,
            yes=yes,
        ),
    )


@card.command(
    short_help="Give the card a new PIN and PUK, on a letter.",
    epilog="""\b
Example:
  cardservice station card new-pin --reader pcsc:""",
)
@reader_option
@_can_option
@_yes_option
@reports_errors
def new_pin(reader: str, *, with_can: bool, yes: bool) -> None:
    """Give the card a new PIN and PUK, and print the letter that tells them.

    The old ones are good no more. Needs the setting letter_printer.
    """
    typed = HolderInput(can=_can(with_can))
    _serve(reader, Wish(work=Work.NEW_PIN, words="PIN and PUK become new", typed=typed, yes=yes))


@card.command(
    short_help="Give the card a new CAN, on a letter.",
    epilog="""\b
Example:
  cardservice station card new-can --reader pcsc: --can""",
)
@reader_option
@_can_option
@_yes_option
@reports_errors
def new_can(reader: str, *, with_can: bool, yes: bool) -> None:
    """Give the card another number than the six digits printed on it.

    A letter tells it: needs the setting letter_printer. What is printed on the card is good no
    more.
    """
    typed = HolderInput(can=_can(with_can))
    _serve(reader, Wish(work=Work.NEW_CAN, words="the CAN becomes another", typed=typed, yes=yes))


@card.command(
    short_help="Give the card a PIN its holder chooses, by the PUK.",
    epilog="""\b
Example:
  cardservice station card unblock-pin --reader pcsc:""",
)
@reader_option
@_can_option
@_yes_option
@reports_errors
def unblock_pin(reader: str, *, with_can: bool, yes: bool) -> None:
    """Unblock the PIN: its holder types the PUK, and a new PIN twice."""
    typed = HolderInput(puk=_ask("PUK"), new_pin=_ask("New PIN", twice=True), can=_can(with_can))
    _serve(reader, Wish(work=Work.UNBLOCK_PIN, words="the PIN is unblocked", typed=typed, yes=yes))


@card.command(
    short_help="End the card for good.",
    epilog="""\b
Example:
  cardservice station card terminate --reader pcsc:""",
)
@reader_option
@_can_option
@_yes_option
@reports_errors
def terminate(reader: str, *, with_can: bool, yes: bool) -> None:
    """End the card for good: first in the ledger, then its chip, which holds nothing after."""
    typed = HolderInput(can=_can(with_can))
    _serve(
        reader, Wish(work=Work.TERMINATE, words="the card is ENDED FOR GOOD", typed=typed, yes=yes)
    )


def _serve(reader: str, wish: Wish) -> None:
    settings = load_settings()
    printer = letter_printer(settings) if wish.work in DRAWS else None
    with (
        open_counter(settings, print_secrets=printer) as counter,
        card_in(reader, settings) as link,
    ):
        served = counter.serve(link, wish)
    click.echo(f"✔ {wish.work}: chip {served.outcome.chip.hex().upper()}")


def _insurance(ogrn: str, okato: str, start: date, end: date | None) -> InsurancePeriod:
    if end is not None and end < start:
        raise UsageError("--until is before --from")
    return InsurancePeriod(
        ogrn=parse_ogrn(ogrn), okato=parse_okato(okato), start_date=start, end_date=end
    )


def _can(wanted: bool) -> str | None:  # noqa: FBT001 - the flag as click gives it
    return _ask("The six digits printed on the card") if wanted else None


def _ask(what: str, *, twice: bool = False) -> str:
    """Return what a person types unseen.

    Never an argument: the list of processes and the shell's history would keep it.
    """
    answer: str = click.prompt(what, hide_input=True, confirmation_prompt=twice, err=True)
    return answer

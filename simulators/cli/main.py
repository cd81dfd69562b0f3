"""The command ``cardsim``: virtual readers, cards to put in them, and files to keep cards in."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from simulators.cli.advice import adding_entries, address_of
from simulators.reader import namespace
from simulators.reader.card import Card
from simulators.reader.cards import INTERFACES, blank_card, load_card, new_state_file
from simulators.reader.daemon import Pcscd
from simulators.reader.driver import MAX_READERS, entries_for
from simulators.reader.errors import ReaderSetupError
from simulators.reader.place import SYSTEM, answers
from simulators.reader.vpcd import VirtualReaderSlot

EXIT_IMPOSSIBLE: Final = 1
NOTICE_S: Final = 3.0
LOOK_S: Final = 0.5


class Problem(click.ClickException):
    """One line on standard error: what is wrong and what to do. Exit code 1."""

    exit_code = EXIT_IMPOSSIBLE

    def __init__(self, error: ReaderSetupError) -> None:
        super().__init__(f"{error}: {error.remedy}")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Cards and readers that are programs, for machines without either.

    Exit codes: 0 done, 1 not possible here (the message says what to do), 2 wrong usage.
    """
    # Ended politely by whatever started us, a card is taken out as with Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@main.command()
@click.option(
    "--count", default=2, show_default=True, type=click.IntRange(1, MAX_READERS), help="How many."
)
def readers(count: int) -> None:
    """Run virtual PC/SC readers until Ctrl-C, and print NAME and HOST:PORT of each.

    Starts pcscd, so it must be root. If pcscd runs already, prints what to add to it instead.
    They come in pairs. The driver listens on every network interface: development machines only.

    Example: sudo cardsim readers --count 4
    """
    try:
        if answers(namespace.SOCKET):
            click.echo(adding_entries(entries_for(count)))
            return
        with _until_interrupted(), Pcscd(SYSTEM, readers=count) as pcscd:
            for slot in pcscd.slots:
                click.echo(f"{slot.name}\t{slot.host}:{slot.port}")
            click.echo("Ctrl-C ends the readers.", err=True)
            _stay_while(lambda: pcscd.pid is not None)
    except ReaderSetupError as error:
        raise Problem(error) from error


@main.command()
@click.option("--reader", required=True, metavar="HOST:PORT", help="Slot of a virtual reader.")
@click.option("--state", type=click.Path(path_type=Path), help="File that is the card's memory.")
@click.option("--blank", is_flag=True, help="A new card; without --state it is forgotten.")
@click.option("--interface", type=click.Choice(INTERFACES), default=INTERFACES[0])
def card(reader: str, state: Path | None, *, blank: bool, interface: str) -> None:
    """Put a card into a virtual reader until Ctrl-C removes it.

    Example: cardsim card --reader 127.0.0.1:35963 --state anna.card
    """
    try:
        _hold(_card(state, blank=blank, interface=interface), *address_of(reader))
    except ReaderSetupError as error:
        raise Problem(error) from error


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def new(file: Path) -> None:
    """Make FILE the memory of a new, blank card.

    Example: cardsim new anna.card
    """
    try:
        new_state_file(file)
    except ReaderSetupError as error:
        raise Problem(error) from error
    click.echo(f"{file} is a blank card.")


def _card(state: Path | None, *, blank: bool, interface: str) -> Card:
    if state is None:
        if blank:
            return blank_card(interface=interface)
        raise ReaderSetupError("which card?", remedy="give --state FILE, or --blank")
    if blank:
        new_state_file(state)
    return load_card(state, interface=interface)


def _hold(held: Card, host: str, port: int) -> None:
    with _until_interrupted(), VirtualReaderSlot(host, port) as slot:
        slot.insert(held)
        seen = slot.wait_until_noticed(NOTICE_S)
        waiting = f"Waiting for a reader at {host}:{port}; Ctrl-C ends."
        click.echo("The card is in; Ctrl-C removes it." if seen else waiting)
        _stay_while(lambda: slot.occupied)


@contextmanager
def _until_interrupted() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        click.echo("Removed.", err=True)


def _stay_while(there: Callable[[], bool]) -> None:
    while there():
        time.sleep(LOOK_S)
    raise ReaderSetupError("it ended by itself", remedy="start it again")


if __name__ == "__main__":
    sys.exit(main())

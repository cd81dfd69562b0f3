"""``cardsim serve``: a tray under control over HTTP, with a page, until Ctrl-C."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from simulators.card import Interface
from simulators.cli.advice import HIGHEST_PORT, address_of
from simulators.cli.choosing import kept_card
from simulators.cli.problem import reports_problems, until_interrupted
from simulators.models.timing import Timing
from simulators.reader.daemon import Pcscd
from simulators.reader.driver import MAX_READERS
from simulators.reader.errors import ReaderSetupError
from simulators.reader.place import SYSTEM
from simulators.tray import Tray
from simulators.web.app import create_app
from simulators.web.serve import LOOPBACK, Server, bind
from simulators.web.simulation import Simulation, Times

DEFAULT_PORT: Final = 8765
USUAL_READERS: Final = (("Contact", Interface.CONTACT), ("Contactless", Interface.CONTACTLESS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asks for."""

    readers: Sequence[tuple[str, Interface]]
    pcsc: int
    slots: Sequence[tuple[str, str]]
    cards: Sequence[tuple[str, str]]
    zoo: Path | None
    times: Times | None


@click.command("serve")
@click.option(
    "--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(0, HIGHEST_PORT)
)
@click.option(
    "--reader", "contact", multiple=True, metavar="NAME", help="A reader in this process."
)
@click.option("--contactless", multiple=True, metavar="NAME", help="Likewise, without contacts.")
@click.option("--pcsc", default=0, type=click.IntRange(0, MAX_READERS), help="PC/SC readers; root.")
@click.option("--slot", multiple=True, metavar="NAME=HOST:PORT", help="One of `cardsim readers`.")
@click.option("--zoo", type=click.Path(path_type=Path), help="Folder that keeps the zoo's issuer.")
@click.option("--card", "cards", multiple=True, metavar="NAME=FILE", help="A card in a state file.")
@click.option("--timing", metavar="MODE[:CHIP]", help="Time of new readers: virtual:median.")
def command(  # noqa: PLR0913 - one for each option
    port: int,
    contact: tuple[str, ...],
    contactless: tuple[str, ...],
    *,
    pcsc: int,
    slot: tuple[str, ...],
    zoo: Path | None,
    cards: tuple[str, ...],
    timing: str | None,
) -> None:
    """Serve cards and readers to other programs, over HTTP on loopback and with a page.

    Cards of the zoo come by their names. Without options there is a reader with contacts and one
    without. The driver of PC/SC's virtual readers listens on every network interface: development
    machines only.

    Example: cardsim serve --reader "Desk 1" --card anna=anna.card
    """
    with reports_problems(), until_interrupted("Stopped."):
        chosen = [
            *((name, Interface.CONTACT) for name in contact),
            *((name, Interface.CONTACTLESS) for name in contactless),
        ]
        wanted = Wanted(
            readers=chosen or ([] if pcsc or slot else USUAL_READERS),
            pcsc=pcsc,
            slots=[_pair(one, "NAME=HOST:PORT") for one in slot],
            cards=[_pair(one, "NAME=FILE") for one in cards],
            zoo=zoo,
            times=None if timing is None else _times(timing),
        )
        _serve(port, wanted)


def _serve(port: int, wanted: Wanted) -> None:
    # The port first: it is what most often cannot be had, and then nothing else was started.
    with bind(port) as listener, simulation_of(wanted) as simulation:
        address = f"http://{LOOPBACK}:{listener.getsockname()[1]}/"
        for line in _announcement(address, simulation):
            click.echo(line)
        Server(create_app(simulation), simulation.history).run(sockets=[listener])


@contextmanager
def simulation_of(wanted: Wanted) -> Iterator[Simulation]:
    """Yield what was asked for; afterwards cards are out and pcscd is stopped.

    Raises:
        ReaderSetupError: this machine cannot give it.
    """
    with ExitStack() as stack:
        times = wanted.times
        # Wall time: whoever reads the events compares them with other logs.
        tray = Tray(clock=time.time, timing=times.timing if times else None)
        stack.enter_context(tray)
        simulation = stack.enter_context(Simulation(tray, zoo_folder=wanted.zoo, times=times))
        if wanted.pcsc:
            pcscd = stack.enter_context(Pcscd(SYSTEM, readers=wanted.pcsc))
            for one in pcscd.slots[: wanted.pcsc]:
                tray.attach_pcsc_reader(one.name, one.host, one.port)
            stack.callback(tray.close)  # While pcscd is there to see the cards leave.
        for name, place in wanted.slots:
            tray.attach_pcsc_reader(name, *address_of(place))
        for name, interface in wanted.readers:
            simulation.add_reader(name, interface)
        for name, file in wanted.cards:
            simulation.cards.put_plastic(name, kept_card(Path(file)))
        yield simulation


def _announcement(address: str, simulation: Simulation) -> Iterator[str]:
    yield f"{address}  (Ctrl-C stops it)"
    for reader in simulation.readers():
        where = f"PC/SC, {reader.address}" if reader.address else "in this process"
        yield f"reader\t{reader.name}\t{reader.interface.value}\t{where}"
    cards = simulation.cards.listed()
    for card in cards:
        if card.made:
            yield f"card\t{card.name}\t{card.kind.value}"
    yield f"and {sum(not one.made for one in cards)} cards of the zoo (cardsim zoo)"


def _pair(text: str, form: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not (name and separator and value):
        raise ReaderSetupError(f"{text!r} is not {form}", remedy="write both parts")
    return name, value


def _times(text: str) -> Times:
    mode, _, chip = text.partition(":")
    names = {"mode": mode, **({"chip": chip} if chip else {})}
    return Times(Timing.named(**names), names)

"""``cardsim tray``: move the cards of a running ``cardsim serve``."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec

import click

from simulators.cli.problem import reports_problems, until_interrupted
from simulators.faults import load_plan, plan_names
from simulators.web.client import USUAL_URL, Service

P = ParamSpec("P")
Body = Mapping[str, object]

_NO_FAULTS: Final = "none"
_HEADERS: Final = {"If-None-Match": "*"}


class Terminal:
    """A running service and the form in which its answers are printed."""

    def __init__(self, url: str, *, as_json: bool) -> None:
        self.service = Service(url)
        self.as_json = as_json

    def show(self, answer: Any, line: str) -> None:
        """Print the answer as it is, or a line for people."""
        click.echo(json.dumps(answer, ensure_ascii=False) if self.as_json else line)

    def rows(self, answer: list[dict[str, Any]], row: Callable[[dict[str, Any]], str]) -> None:
        """Print a list as it is, or a line for each member."""
        if self.as_json:
            click.echo(json.dumps(answer, ensure_ascii=False))
            return
        for one in answer:
            click.echo(row(one))


def _told(action: Callable[Concatenate[Terminal, P], None]) -> Callable[P, None]:
    """Give a command its terminal, and its options ``--url`` and ``--json``."""

    @click.option("--url", default=USUAL_URL, show_default=True, help="Of the running service.")
    @click.option("--json", "as_json", is_flag=True, help="Print the service's answer.")
    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        url, as_json = str(kwargs.pop("url")), bool(kwargs.pop("as_json"))
        with reports_problems():
            action(Terminal(url, as_json=as_json), *args, **kwargs)

    return run


@click.group("tray")
def command() -> None:
    """Move the cards of a running `cardsim serve`.

    Example: cardsim tray insert valid Contact
    """


@command.command("readers")
@_told
def readers(terminal: Terminal) -> None:
    """List the readers, each with the card in it.

    Example: cardsim tray readers --json
    """
    answer = terminal.service.get("readers")
    terminal.rows(answer, lambda one: f"{one['name']}\t{one['interface']}\t{one['card'] or '-'}")


@command.command("cards")
@_told
def cards(terminal: Terminal) -> None:
    """List the cards, each with the reader it is in.

    Example: cardsim tray cards
    """
    answer = terminal.service.get("cards")
    terminal.rows(answer, lambda one: f"{one['name']}\t{one['kind']}\t{one['reader'] or '-'}")


@command.command("insert")
@click.argument("card")
@click.argument("reader")
@_told
def insert(terminal: Terminal, card: str, reader: str) -> None:
    """Put CARD into READER, which must be empty.

    Example: cardsim tray insert valid Contact
    """
    body = {"card": card}
    answer = terminal.service.send("PUT", "readers", reader, "card", body=body, headers=_HEADERS)
    terminal.show(answer, f"{card} is in {reader}.")


@command.command("swap")
@click.argument("card")
@click.argument("reader")
@_told
def swap(terminal: Terminal, card: str, reader: str) -> None:
    """Put CARD into READER in place of what is there.

    Example: cardsim tray swap expired Contact
    """
    answer = terminal.service.send("PUT", "readers", reader, "card", body={"card": card})
    terminal.show(answer, f"{card} is in {reader}.")


@command.command("tap")
@click.argument("card")
@click.argument("reader")
@click.option("--hold", default=2.0, show_default=True, help="Seconds until it is removed.")
@_told
def tap(terminal: Terminal, card: str, reader: str, hold: float) -> None:
    """Hold CARD to READER for some seconds.

    Example: cardsim tray tap valid Contactless --hold 2
    """
    body = {"card": card, "hold_s": hold}
    answer = terminal.service.send("PUT", "readers", reader, "card", body=body)
    terminal.show(answer, f"{card} is at {reader} for {hold:g} s.")


@command.command("remove")
@click.argument("reader")
@_told
def remove(terminal: Terminal, reader: str) -> None:
    """Take the card out of READER. Harmless when there is none.

    Example: cardsim tray remove Contact
    """
    answer = terminal.service.send("DELETE", "readers", reader, "card")
    terminal.show(answer, f"{answer['card'] or 'Nothing'} was in {reader}.")


@command.command("pull")
@click.argument("reader")
@click.option("--after", default=1, show_default=True, help="At which command from now.")
@click.option("--during", is_flag=True, help="Its answer never arrives.")
@_told
def pull(terminal: Terminal, reader: str, after: int, *, during: bool) -> None:
    """Pull the card out of READER at a command from now.

    Example: cardsim tray pull Contact --after 3 --during
    """
    body = {"after": after, "during": during}
    answer = terminal.service.send("POST", "readers", reader, "pull", body=body)
    terminal.show(answer, f"The card leaves {reader} at command {after} from now.")


@command.command("faults")
@click.argument("reader")
@click.argument("plan")
@_told
def faults(terminal: Terminal, reader: str, plan: str) -> None:
    """Put PLAN in force in READER: a ready plan, the file of one, or `none`.

    Example: cardsim tray faults Contact noisy-line
    """
    if plan == _NO_FAULTS:
        answer = terminal.service.send("DELETE", "readers", reader, "faults")
    else:
        answer = terminal.service.send("POST", "readers", reader, "faults", body=_plan(plan))
    terminal.show(answer, f"Faults of {reader}: {plan}.")


@command.command("events")
@click.option("--count", type=click.IntRange(1), help="Stop after so many.")
@_told
def events(terminal: Terminal, count: int | None) -> None:
    """Print what happens from now on, until Ctrl-C.

    Example: cardsim tray events --count 10 --json
    """
    with until_interrupted(""), closing(terminal.service.events()) as happenings:
        for number, event in enumerate(happenings, start=1):
            terminal.show(event, _line(event))
            if number == count:
                return


def _plan(name: str) -> Body:
    return {"name": name} if name in plan_names() else load_plan(Path(name)).as_mapping()


def _line(event: Body) -> str:
    if "missed" in event:
        return f"{event['missed'] or 'unknown'} events are missing"
    words: Iterator[object] = (event[name] for name in ("at", "kind", "reader", "card", "detail"))
    return "\t".join(str(word or "-") for word in words)

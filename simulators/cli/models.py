"""``cardsim models``: how long chips, lines and readers take, and who says so."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from simulators.cli.problem import reports_problems
from simulators.models import Quantity, Timing
from simulators.models.listing import Listed, listed_models

NAME_WIDTH: Final = 22
NUMBER_WIDTH: Final = 10


@click.command("models")
@click.option(
    "--check", type=click.Path(path_type=Path), metavar="FILE", help="Say what a timing file means."
)
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
def command(check: Path | None, *, as_json: bool) -> None:
    r"""List the models of time by name: chips, lines, readers, each number with its source.

    A timing file names what is used, and may bring models of its own:

    \b
      mode = "real"                        # or virtual, none
      chip = "slowest"
      contactless_line = "contactless-106k"

    Example: cardsim models --check my-clinic.toml
    """
    with reports_problems():
        if check is not None:
            _print(_named(Timing.load(check)), as_json=as_json)
        elif as_json:
            click.echo(json.dumps(_by_kind(listed_models()), ensure_ascii=False, indent=1))
        else:
            click.echo("\n".join(map(_text_of, listed_models())))


def _named(timing: Timing) -> dict[str, str]:
    contact = timing.contact_line
    return {
        "mode": timing.mode.value,
        "chip": timing.chip.name,
        "contact_line": contact.name if contact else "as the card's answer to reset tells",
        "contactless_line": timing.contactless_line.name,
        "reader": timing.reader.name,
    }


def _print(named: Mapping[str, str], *, as_json: bool) -> None:
    lines = (f"{name:<{NAME_WIDTH}}{value}" for name, value in named.items())
    click.echo(json.dumps(named, indent=1) if as_json else "\n".join(lines))


def _by_kind(models: tuple[Listed, ...]) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for one in models:
        numbers = {name: _as_json(quantity) for name, quantity in one.numbers.items()}
        found.setdefault(one.kind, {})[one.name] = {"numbers": numbers, "results": one.results}
    return found


def _as_json(quantity: Quantity) -> dict[str, object]:
    return {
        "value": quantity.value,
        "source": quantity.source,
        "is_assumed": quantity.is_assumed,
    }


def _text_of(one: Listed) -> str:
    rows = [(name, quantity.value, quantity.source) for name, quantity in one.numbers.items()]
    rows += [(name, value, "follows from the above") for name, value in one.results.items()]
    shown = (f"  {name:<{NAME_WIDTH}}{value:<{NUMBER_WIDTH}} {said}" for name, value, said in rows)
    return "\n".join([f"{one.kind}: {one.name}", *shown, ""])

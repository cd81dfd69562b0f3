"""``cardsim faults``: what can go wrong, and whether a plan is one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from simulators.cli.problem import reports_problems
from simulators.faults import KINDS, Counts, Fault, FaultPlan, What, When
from simulators.faults.files import load_plan, named_plan, plan_names, plan_text
from simulators.faults.record import Told

EXAMPLE: Final = "cut-during-store-data"
_SHOWN: Final = 40
_INDENT: Final = "    "
_APPLIED_BY_TRAY: Final = "; the tray applies it"


@click.command("faults")
@click.option(
    "--check", type=click.Path(path_type=Path), metavar="FILE", help="Say what a plan file holds."
)
@click.option("--show", metavar="NAME", help="Print a ready plan, to be changed at will.")
def command(check: Path | None, show: str | None) -> None:
    """List every kind of fault, when it can strike, and the ready plans.

    Example: cardsim faults --check monday.toml
    """
    with reports_problems():
        if check is not None:
            click.echo("\n".join(_holds(load_plan(check))))
        elif show is not None:
            click.echo(plan_text(show), nl=False)
        else:
            click.echo("\n".join(_listing()))


def _listing() -> Iterator[str]:
    yield "Kinds of fault (what = …), each with its parameters:"
    for kind in KINDS.values():
        yield f"  {kind.kind}: {kind.about}{_note(kind)}"
        yield from map(_told, kind.parameters())
    yield ""
    yield "When it strikes (when = { … }); all that is given must hold, nothing given is always:"
    yield from map(_told, When.parameters())
    yield ""
    yield "Ready plans (cardsim faults --show NAME):"
    yield from (f"  {name}: {named_plan(name).about}" for name in plan_names())
    yield ""
    yield f"An example, {EXAMPLE}:"
    yield from (f"{_INDENT}{line}".rstrip() for line in plan_text(EXAMPLE).splitlines())


def _note(kind: type[What]) -> str:
    counted = "" if kind.counts is Counts.COMMANDS else f"; counts {kind.counts.value}"
    return counted + (_APPLIED_BY_TRAY if kind.is_of_reader else "")


def _told(parameter: Told) -> str:
    return (
        f"{_INDENT}{parameter.name}: {parameter.takes} ({parameter.default}); {parameter.meaning}"
    )


def _holds(plan: FaultPlan) -> Iterator[str]:
    """Say it line by line, without the octets that a plan may hold."""
    count = len(plan.faults)
    about = f": {plan.about}" if plan.about else ""
    yield f"{count} fault{'' if count == 1 else 's'}, seed {plan.seed}{about}"
    yield from (f"  {number}. {_said(fault)}" for number, fault in enumerate(plan.faults, 1))


def _said(fault: Fault) -> str:
    when = _pairs(fault.when.as_mapping()) or "always"
    what = _pairs(fault.what.as_mapping())
    return f"{fault.what.kind}{' ' if what else ''}{what}: {when}"


def _pairs(mapping: dict[str, object]) -> str:
    return " ".join(f"{name}={_value(value)}" for name, value in mapping.items())


def _value(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"

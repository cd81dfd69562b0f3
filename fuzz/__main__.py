"""``python -m fuzz``: what to do is the first argument."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from fuzz import guided, kept
from fuzz.mutation import mutants
from fuzz.registry import corpus, load

_USAGE_ERROR: Final = 2
_SECONDS: Final = 60
_MUTANTS: Final = 2000
_REMEDY: Final = "atheris is not installed: pip install atheris, or --unguided"
_EPILOG: Final = "Findings are written to build/fuzz/findings; --repeat runs one of them again."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0 when nothing was found, 1 for a finding, 2 for a wrong command."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.here:
        # Before anything is imported that is to be instrumented; it ends the process.
        guided.run_here(chosen.target, _seconds(chosen))
    targets = load()
    if chosen.list:
        _say(*targets)
        return 0
    if not chosen.all and chosen.target not in targets:
        parser.error("name a target (--list shows them), or --all")
    return _run(chosen, list(targets) if chosen.all else [chosen.target])


def _run(chosen: argparse.Namespace, names: list[str]) -> int:
    targets = load()
    if chosen.keep:
        return kept.keep(names, targets)
    if chosen.repeat:
        targets[names[0]].check(chosen.repeat.read_bytes())
        return 0
    if chosen.unguided:
        for name in names:
            _run_unguided(name)
        return 0
    if not guided.is_available():
        _say(_REMEDY)
        return _USAGE_ERROR
    held = [guided.run_in_child(name, _seconds(chosen)) for name in names]
    return 0 if all(held) else 1


def _seconds(chosen: argparse.Namespace) -> int:
    # argparse would let the default of one of the two spellings win over the other's value.
    return int(chosen.each if chosen.seconds is None else chosen.seconds)


def _run_unguided(name: str) -> None:
    target, inputs = load()[name], corpus(name)
    for octets in [*inputs, *mutants(inputs, count=_MUTANTS)]:
        target.check(octets)


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fuzz", epilog=_EPILOG)
    parser.add_argument("target", nargs="?", help="what to fuzz")
    parser.add_argument("seconds", nargs="?", type=int, help=f"for a target; {_SECONDS} if absent")
    parser.add_argument("--seconds", dest="each", type=int, default=_SECONDS, help="with --all")
    parser.add_argument("--all", action="store_true", help="every target, one after another")
    parser.add_argument("--list", action="store_true", help="show the targets")
    parser.add_argument("--unguided", action="store_true", help="mutations only, without atheris")
    parser.add_argument("--repeat", type=Path, metavar="FILE", help="run one input")
    parser.add_argument("--keep", action="store_true", help="write the corpus anew")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""``python -m bench [NAME ...]``: measure the named figures, or all of them."""

import argparse
import logging
import sys
from collections.abc import Callable, Mapping, Sequence

from bench.figures import FULL, QUICK, Figure, NotMeasurableError, Pace
from bench.registry import MEASUREMENTS

EXIT_NOT_MEASURED = 1
EXIT_USAGE = 2


def main(
    arguments: Sequence[str] | None = None,
    measurements: Mapping[str, Callable[..., Figure]] = MEASUREMENTS,
) -> int:
    """Measure what ``arguments`` name; return 0, 1 (one could not be measured) or 2 (usage)."""
    options = _parser().parse_args(arguments)
    if options.list:
        print("\n".join(measurements))
        return 0
    unknown = [name for name in options.names if name not in measurements]
    if unknown:
        print(f"bench: no figure named {', '.join(unknown)}; try --list", file=sys.stderr)
        return EXIT_USAGE
    pace = QUICK if options.quick else FULL
    done = [_print(name, measurements[name], pace) for name in options.names or measurements]
    return 0 if all(done) else EXIT_NOT_MEASURED


def _print(name: str, measure: Callable[..., Figure], pace: Pace) -> bool:
    try:
        print(measure(pace).line(), flush=True)
    except NotMeasurableError as error:
        print(f"bench: {name} was not measured: {error}", file=sys.stderr, flush=True)
        return False
    return True


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench",
        description="Measure the project's speed figures; one JSON line each.",
        epilog="example: python -m bench verify.offline verify.verdict",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="all when none is given")
    parser.add_argument("--list", action="store_true", help="list the names and stop")
    parser.add_argument(
        "--quick", action="store_true", help="see that it works; the figures mean nothing"
    )
    return parser


if __name__ == "__main__":
    # Scratch homes warn at every start that their keys are not protected; here they need not be.
    logging.getLogger("cardservice.keystores.memory").setLevel(logging.ERROR)
    sys.exit(main())

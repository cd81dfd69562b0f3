"""``python -m bench.soak pace --runs N``: one JSON line; exit code 1 if a run failed."""

import argparse
import json
import sys
from collections.abc import Sequence
from secrets import randbits

from bench.soak.pace import SoakResult, soak

EXIT_FAILED = 1
SEED_BITS = 32
FAILURES_SHOWN = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak as ``arguments`` say; return 0, or 1 when a run failed."""
    options = _parser().parse_args(arguments)
    seed = randbits(SEED_BITS) if options.seed is None else options.seed
    result = soak(options.runs, seed=seed)
    print(json.dumps(_members(result, seed)), flush=True)
    return EXIT_FAILED if result.failures else 0


def _members(result: SoakResult, seed: int) -> dict[str, object]:
    return {
        "soak": "pace",
        "runs": result.runs,
        "failures": len(result.failures),
        "first_failures": result.failures[:FAILURES_SHOWN],
        "seconds": round(result.seconds, 1),
        "seed": seed,
        "places": len(result.forced),
        "runs_of_each_place": min(result.forced.values(), default=0),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench.soak",
        description="Run protocols again and again, with leading zeros forced in turn everywhere.",
        epilog="example: python -m bench.soak pace --runs 1000",
    )
    parser.add_argument("protocol", choices=["pace"], help="PACE with chip authentication after it")
    parser.add_argument("--runs", type=int, default=1000, help="how many (default: 1000)")
    parser.add_argument("--seed", type=int, help="repeats a soak; drawn and printed when not given")
    return parser


if __name__ == "__main__":
    sys.exit(main())

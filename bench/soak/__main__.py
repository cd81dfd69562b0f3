"""``python -m bench.soak pace|insertions --runs N``, ``desk --minutes N``: one JSON line.

Exit code 1 if a run failed.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from secrets import randbits
from typing import Final

from bench.soak.desk import Wish, soak_desk
from bench.soak.insertions import READERS_MAX, soak_insertions
from bench.soak.pace import soak
from simulators.reader import ReaderSetupError

EXIT_FAILED = 1
SEED_BITS = 32
FAILURES_SHOWN = 20
SECONDS_A_MINUTE = 60
GROWTH_MAX: Final = 0.02  # resident memory from the warm-up to the end
DESK_GROWTH_MAX: Final = 0.03

Outcome = tuple[dict[str, object], bool]
"""What is printed, and whether all went well."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak as ``arguments`` say; return 0, or 1 when a run failed."""
    options = _parser().parse_args(arguments)
    try:
        members, well = SOAKS[options.what](options)
    except ReaderSetupError as error:
        print(f"bench.soak: {error}: {error.remedy}", file=sys.stderr)
        return EXIT_FAILED
    print(json.dumps(members), flush=True)
    return 0 if well else EXIT_FAILED


def _pace(options: argparse.Namespace) -> Outcome:
    seed = randbits(SEED_BITS) if options.seed is None else options.seed
    result = soak(options.runs, seed=seed)
    members = {
        "soak": "pace",
        "runs": result.runs,
        "failures": len(result.failures),
        "first_failures": result.failures[:FAILURES_SHOWN],
        "seconds": round(result.seconds, 1),
        "seed": seed,
        "places": len(result.forced),
        "runs_of_each_place": min(result.forced.values(), default=0),
    }
    return members, not result.failures


def _insertions(options: argparse.Namespace) -> Outcome:
    result = soak_insertions(options.runs, readers=options.readers)
    assert result.warm is not None  # noqa: S101 - for the type; the soak has ended
    assert result.last is not None  # noqa: S101
    members: dict[str, object] = {
        "soak": "insertions",
        "readers": result.readers,
        "insertions": result.insertions,
        "removals": result.removals,
        "conversations": result.conversations,
        "lost": dict(result.lost),
        "extra": dict(result.extra),
        "failed": dict(result.failed),
        "growth": round(result.growth, 4),
        "warm": asdict(result.warm),
        "last": asdict(result.last),
        "seconds": round(result.seconds, 1),
    }
    return members, result.sound and result.growth <= GROWTH_MAX


def _desk(options: argparse.Namespace) -> Outcome:
    seed = randbits(SEED_BITS) if options.seed is None else options.seed
    result = soak_desk(Wish(seconds=options.minutes * SECONDS_A_MINUTE, seed=seed))
    found = result.findings
    members: dict[str, object] = {
        "soak": "desk",
        "seed": seed,
        "presentations": found.presentations,
        "insertions": found.spans,
        "lay_long_enough": found.lay,
        "cut_short": found.cut,
        "too_short_to_be_seen": found.unseen,
        "answers": dict(found.answers.most_common()),
        "done": dict(result.done.most_common()),
        "told": result.told,
        "followed": result.followed,
        "wrong": result.wrong,
        "examples": found.examples,
        "growth": round(result.growth, 4),
        "kib": result.kib,
        "seconds": round(result.seconds, 1),
    }
    return members, not result.wrong and result.growth <= DESK_GROWTH_MAX


SOAKS: Final[Mapping[str, Callable[[argparse.Namespace], Outcome]]] = {
    "pace": _pace,
    "insertions": _insertions,
    "desk": _desk,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench.soak",
        description="Do one thing again and again and see whether it ever goes wrong.",
        epilog="example: python -m bench.soak insertions --runs 1000 --readers 4",
    )
    parser.add_argument(
        "what",
        choices=SOAKS,
        help="pace: PACE and chip authentication, leading zeros forced in turn everywhere; "
        "insertions: cards in and out of virtual PC/SC readers (as root); "
        "desk: a desk at work while readers, pcscd and the service break (as root)",
    )
    parser.add_argument("--runs", type=int, default=1000, help="how many (default: 1000)")
    parser.add_argument(
        "--minutes", type=float, default=30.0, help="of desk: how long (default: 30)"
    )
    parser.add_argument(
        "--readers", type=int, default=READERS_MAX, help="of insertions (default: 16, the most)"
    )
    parser.add_argument(
        "--seed",
        type=int,
        help="of pace and desk: repeats a soak; drawn and printed when not given",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())

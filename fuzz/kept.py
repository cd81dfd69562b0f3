"""Which inputs are worth keeping: few that together reach every line reached so far."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import Any, Final

from fuzz.guided import BUILD
from fuzz.registry import CORPUS, ROOT
from fuzz.target import Target

_WATCHED: Final = tuple(f"{ROOT / package}/" for package in ("cardservice", "simulators"))
_NAME_LEN: Final = 12

Line = tuple[str, int]


def keep(names: Iterable[str], targets: Mapping[str, Target]) -> int:
    """Write the corpus of each target anew: its seeds, and what fuzzing found beside them."""
    for name in names:
        folder = CORPUS / name
        inputs = [*targets[name].seeds(), *_stored(folder), *_stored(BUILD / "corpus" / name)]
        chosen = list(telling(targets[name], inputs))
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for octets in chosen:
            (folder / sha256(octets).hexdigest()[:_NAME_LEN]).write_bytes(octets)
    return 0


def telling(target: Target, inputs: Iterable[bytes]) -> Iterator[bytes]:
    """Yield few of the inputs that together reach every line that all of them reach.

    The one that reaches most lines not reached yet comes next, of equals the shortest.
    """
    left = {octets: _lines_of(target, octets) for octets in sorted(set(inputs), key=len)}
    reached: set[Line] = set()
    while left:
        best = max(left, key=lambda octets: len(left[octets] - reached))
        if left[best] <= reached:
            return
        reached |= left.pop(best)
        yield best


def _lines_of(target: Target, octets: bytes) -> set[Line]:
    lines: set[Line] = set()
    with _traced(lines):
        target.check(octets)
    return lines


def _stored(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir()] if folder.is_dir() else []


@contextmanager
def _traced(lines: set[Line]) -> Iterator[None]:
    def trace(frame: FrameType, _event: str, _argument: Any) -> Any:
        file = frame.f_code.co_filename
        if not file.startswith(_WATCHED):
            return None
        lines.add((file, frame.f_lineno))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)

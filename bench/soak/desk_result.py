"""What came of a soak of the desk, and what is said of it."""

import logging
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from typing_extensions import override

from bench.soak.desk_truth import Findings
from bench.soak.insertions import Footprint

_LONGEST: Final = 200  # characters of a message that is shown
_EXCEPTION: Final = "Traceback (most recent call last)"


@dataclass(slots=True)
class DeskResult:
    """What came of a soak.

    Attributes:
        untold: presentations that the register has not; ``told_twice``: those that were over, or
            that it has, more than once; ``not_ours``: those that nobody presented.
        logged: exceptions and errors of this process and the service, by logger and message.
        unsettled: after a batch, who did not come to rest.
        before: what this process held before the desk began; ``after``: when all had stopped.
        kib: resident memory after each batch.
    """

    seed: int
    findings: Findings = field(default_factory=Findings)
    done: Counter[str] = field(default_factory=Counter)
    told: int = 0
    untold: int = 0
    told_twice: int = 0
    not_ours: int = 0
    logged: Counter[str] = field(default_factory=Counter)
    unsettled: Counter[str] = field(default_factory=Counter)
    followed: dict[str, int] = field(default_factory=dict)
    misled: Counter[str] = field(default_factory=Counter)
    before: Footprint | None = None
    after: Footprint | None = None
    kib: list[int] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def left_behind(self) -> dict[str, int]:
        """Threads, files and children that were not there before; empty: none."""
        if self.before is None or self.after is None:
            raise ValueError("the soak has not ended")
        more = {
            "threads": self.after.threads - self.before.threads,
            "files": self.after.files - self.before.files,
            "zombies": self.after.zombies,
        }
        return {name: count for name, count in more.items() if count > 0}

    @property
    def wrong(self) -> dict[str, Any]:
        """Everything that ought not to be, by kind; empty: all went well."""
        found = {
            "presentations": dict(self.findings.wrong),
            "untold": self.untold,
            "told_twice": self.told_twice,
            "not_ours": self.not_ours,
            "logged": dict(self.logged),
            "unsettled": dict(self.unsettled),
            "misled": dict(self.misled),
            "left_behind": self.left_behind,
        }
        return {name: what for name, what in found.items() if what}

    @property
    def growth(self) -> float:
        """Return by what part memory grew at most since the first batch."""
        return max(self.kib) / self.kib[0] - 1 if self.kib else 0.0


@contextmanager
def listening(to: Counter[str]) -> Iterator[None]:
    """Count meanwhile what is logged as an error or with an exception, and what nobody caught."""
    handler = _Errors(to)
    root, thread_hook, lost_hook = logging.getLogger(), threading.excepthook, sys.unraisablehook

    def in_thread(error: threading.ExceptHookArgs) -> None:
        to[f"thread: {error.exc_type.__name__}: {error.exc_value}"[:_LONGEST]] += 1

    def unraisable(error: "sys.UnraisableHookArgs") -> None:
        to[f"unraisable: {error.exc_type.__name__}: {error.exc_value}"[:_LONGEST]] += 1

    root.addHandler(handler)
    threading.excepthook, sys.unraisablehook = in_thread, unraisable
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = thread_hook, lost_hook
        root.removeHandler(handler)


class _Errors(logging.Handler):
    def __init__(self, to: Counter[str]) -> None:
        super().__init__(logging.WARNING)
        self._to = to

    @override
    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR or record.exc_info:
            kind = record.exc_info[0] if record.exc_info else None
            said = f"{record.name}: {record.getMessage()}" + (f": {kind.__name__}" if kind else "")
            self._to[said[:_LONGEST]] += 1


def errors_in(log: Path) -> Counter[str]:
    """Return what a process of ours said of exceptions and errors."""
    lines = log.read_text(errors="replace").splitlines()
    bad = [one for one in lines if one.startswith(_EXCEPTION) or " ERROR " in f" {one} "]
    return Counter(f"service: {one}"[:_LONGEST] for one in bad)

"""One clock for the office, the service and the desks; a test lets it go on."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Final

import pytest

DESKS: Final = ("desk_at_work", "desk_enrolling")
"""Modules of ``cardservice.home`` in which a desk reads its clocks."""


@dataclass(slots=True)
class TownClock:
    """The real time, and what a test has let go by."""

    gone: timedelta = timedelta()

    def __call__(self) -> datetime:
        """Return the time, aware."""
        return datetime.now(UTC) + self.gone

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic() + self.gone.total_seconds()

    def go(self, **more: float) -> None:
        """Let time go by."""
        self.gone += timedelta(**more)

    def rule(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let desks, and the memory that a service made from now on has, go by this clock."""
        ours = SimpleNamespace(monotonic=self.monotonic)
        monkeypatch.setattr("cardservice.serving.clinics.time", ours)
        for one in DESKS:
            monkeypatch.setattr(f"cardservice.home.{one}.wall", self)
            monkeypatch.setattr(f"cardservice.home.{one}.monotonic", self.monotonic)

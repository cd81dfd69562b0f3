"""What a station and the process of a lane say to each other, over a pipe of their own."""

from dataclasses import dataclass, field
from pathlib import Path
from traceback import extract_tb
from typing import Any, Final

from cardservice.errors import CardServiceError, Refusal
from cardservice.home.station_keys import KeySecrets
from cardservice.personalization.jobs import Job
from cardservice.personalization.lane_faults import code_of
from cardservice.personalization.lane_worker import Bin, LaneFaultError
from cardservice.personalization.order import PreparedOrder
from cardservice.settings import Settings
from cardservice.transport.feeders import FeederError

_NOWHERE: Final = "an unknown place"


@dataclass(frozen=True, slots=True, kw_only=True)
class LanePlan:
    """What a lane is.

    Attributes:
        number: from 1 to 255.
        reader: its URL.
        feeder: URL of the machine; empty: the reader's own if it has one, else a person.
    """

    settings: Settings
    number: int
    reader: str
    feeder: str = ""


@dataclass(frozen=True, slots=True)
class Begin:
    """The first message: open keys, feeder and printers."""

    plan: LanePlan
    secrets: KeySecrets = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fetch:
    """Say whether a card lies in the reader by now; the feeder goes on between the questions."""


@dataclass(frozen=True, slots=True)
class LetGo:
    """Say whether the card is out of the reader by now, on its way to the bin."""

    bin: Bin


@dataclass(frozen=True, slots=True)
class Do:
    """Do the job with the card that lies in the reader."""

    job: Job
    prepared: PreparedOrder | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Leave:
    """Let go of everything and end."""


Request = Begin | Fetch | LetGo | Do | Leave


@dataclass(frozen=True, slots=True)
class Answer:
    """The value of the request, or of a call to the journal."""

    value: Any = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """An error, as it crosses: what ``LaneFaultError`` and ``Refusal`` have; no traceback."""

    code: str
    sentence: str
    chip: bytes | None = None

    def fault(self) -> LaneFaultError:
        """Return it as a lane's fault."""
        return LaneFaultError(self.code, self.sentence, chip=self.chip)

    def refusal(self) -> Refusal:
        """Return it as the journal's refusal."""
        return Refusal(self.code, self.sentence)


@dataclass(frozen=True, slots=True)
class JournalCall:
    """The lane asks the journal; an answer or a failure follows."""

    name: str
    arguments: tuple[Any, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Printing:
    """The card is made and out of its link; what takes its time now are printers."""


def failure_of(error: Exception, *, chip: bytes | None = None) -> Failure:
    """Return ``error`` as it crosses: of an error nobody meant, its kind and place alone."""
    if isinstance(error, LaneFaultError):
        return Failure(error.code, error.sentence, error.chip or chip)
    if isinstance(error, FeederError):
        return Failure(error.code, error.sentence, chip)
    if isinstance(error, CardServiceError):
        return Failure(code_of(error), str(error), chip)
    sentence = f"The lane failed by a fault of the program: {type(error).__name__} at {_at(error)}."
    return Failure("internal", sentence, chip)


def _at(error: Exception) -> str:
    frames = extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else _NOWHERE

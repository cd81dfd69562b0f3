"""How long from presentation to verdict, on modelled chips and lines.

Chip, line and reader are modelled (``simulators.models``, ``docs/time-models.md``); the host is our
own code's time on this machine, with the software card's own computing left out.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from bench.figures import FULL, Figure, Pace
from bench.tap_bound import CHIP_OCTETS, PACE_OCTETS, REFERENCE, TERMINAL_OCTETS, bound_ms
from bench.tap_desk import Stage, stage
from bench.tap_taking import Examine, tap
from simulators.models import Times, chip, line, reader


class Way(Enum):
    """How the desk gets at the card's files."""

    ENROLLED = "its certificates"
    CAN = "the number printed on the card"
    PLAIN = "nothing: on contact everybody may read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One figure: a chip on a line before a desk.

    Attributes:
        chip, line: names in the model files.
        target_ms: what is wanted.
    """

    name: str
    chip: str
    line: str
    way: Way
    target_ms: int

    @property
    def times(self) -> Times:
        """The models of the scene, in the usual reader."""
        return Times(chip=chip(self.chip), line=line(self.line), reader=reader())


_TAP: Final = "contactless-424k"

ENROLLED_MEDIAN: Final = Scene(
    name="tap.enrolled.median", chip="median", line=_TAP, way=Way.ENROLLED, target_ms=500
)
ENROLLED_FASTEST: Final = Scene(
    name="tap.enrolled.fastest", chip="fastest", line=_TAP, way=Way.ENROLLED, target_ms=200
)
CAN_MEDIAN: Final = Scene(
    name="tap.can.median", chip="median", line=_TAP, way=Way.CAN, target_ms=950
)
CONTACT_250K: Final = Scene(
    name="contact.250k.median", chip="median", line="contact-250k", way=Way.PLAIN, target_ms=450
)
CONTACT_129K: Final = Scene(
    name="contact.129k.median", chip="median", line="contact-129k", way=Way.PLAIN, target_ms=650
)
CONTACT_FIELD: Final = Scene(
    name="contact.field.median", chip="median", line="contact-field", way=Way.PLAIN, target_ms=700
)


def enrolled_median(pace: Pace = FULL) -> Figure:
    """An enrolled desk, contactless, the median chip."""
    return measure(ENROLLED_MEDIAN, pace)


def enrolled_fastest(pace: Pace = FULL) -> Figure:
    """An enrolled desk, contactless, the fastest chip."""
    return measure(ENROLLED_FASTEST, pace)


def can_median(pace: Pace = FULL) -> Figure:
    """A desk that is not enrolled, with the CAN, contactless, the median chip."""
    return measure(CAN_MEDIAN, pace)


def contact_250k(pace: Pace = FULL) -> Figure:
    """Inserted, 250 kbit/s, the median chip."""
    return measure(CONTACT_250K, pace)


def contact_129k(pace: Pace = FULL) -> Figure:
    """Inserted, 129 kbit/s, the median chip."""
    return measure(CONTACT_129K, pace)


def contact_field(pace: Pace = FULL) -> Figure:
    """Inserted, with the answer to reset of cards in the field, the median chip."""
    return measure(CONTACT_FIELD, pace)


def measure(scene: Scene, pace: Pace) -> Figure:
    """Return the scene's figure: of several taps the one in the middle."""
    with stage() as lent:
        examine, times = _examine(lent, scene.way), scene.times
        tap(lent.card, times, examine)  # the first card of a day fills the desk's caches
        taps = [tap(lent.card, times, examine) for _ in range(pace.rounds)]
        taken = sorted(taps, key=lambda one: one.total_ms)[len(taps) // 2]
        bound = bound_ms(taken, times, protocol_octets=_protocol_octets(lent, scene.way))
    return Figure(
        name=scene.name,
        value=round(taken.total_ms, 1),
        unit="ms",
        reference=REFERENCE,
        reference_value=round(bound, 1),
        note=f"{taken.text()}; target {scene.target_ms} ms",
    )


def _examine(lent: Stage, way: Way) -> Examine:
    if way is Way.CAN:
        return lambda link: lent.plain.examine_with_reading(link, can=lent.can)
    desk = lent.enrolled if way is Way.ENROLLED else lent.plain
    return desk.examine_with_reading


def _protocol_octets(lent: Stage, way: Way) -> int:
    more = {
        Way.ENROLLED: TERMINAL_OCTETS + lent.certificate_octets,
        Way.CAN: PACE_OCTETS,
        Way.PLAIN: 0,
    }
    return CHIP_OCTETS + more[way]

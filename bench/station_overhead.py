"""What a station adds to a card's own time, and so how many cards an hour a lane makes.

Chip, line and reader are modelled (``simulators.models``), nobody waits for them. The host is
measured: whole lanes, each a process, over a journal on a disk, with a card that answers at once.
"""

from statistics import median
from typing import Final

from bench.figures import FULL, Figure, NotMeasurableError, Pace
from bench.station_models import CHIPS, CONTACT_FAST, CONTACT_FIELD, ModelStation, model_station
from bench.station_stage import PATIENCE_S, floor_of, station
from bench.station_watching import Watched
from cardservice.home.station_lane import open_lane
from simulators.models import Split
from simulators.models.clock import ms

HANDLING_S: Final = 5.0
"""A person takes a card out and puts the next one in: our assumption, nobody was timed."""
TARGET_SHARE: Final = 0.05
MODEL_CARDS: Final = 5  # modelled time hardly differs from card to card: some octets of a signature
MS_PER_HOUR: Final = 3_600_000
MS_PER_S: Final = 1000
NS_PER_MS: Final = 1_000_000
WALL_CARDS_A_RUN: Final = 4  # twenty at full pace
OVERHEAD_REFERENCE: Final = (
    "modelled chip, line (129 kbit/s) and reader of a card without a photo, fastest chip"
)
RATE_REFERENCE: Final = "the models alone: a host that takes no time"


def overhead(pace: Pace = FULL) -> Figure:
    """Measure the host's time a card beside the modelled time of the fastest chip's card."""
    host_ms = _host_ms(pace)
    with model_station(min(pace.cards, MODEL_CARDS)) as models:
        modelled = {chip: ms(models.card(chip).total_ns) for chip in CHIPS}
    said = ", ".join(
        f"{chip} {host_ms / one:.2%} of {one:.0f} ms" for chip, one in modelled.items()
    )
    return Figure(
        name="station.overhead",
        value=round(host_ms, 2),
        unit="ms/card",
        reference=OVERHEAD_REFERENCE,
        reference_value=round(modelled["fastest"], 1),
        note=f"{said}; target {TARGET_SHARE:.0%}",
    )


def on_the_wall(pace: Pace = FULL) -> Figure:
    """Measure the same with cards that let the fastest chip's time pass.

    Whoever slept until a card answered goes on with cold caches, and its disk has slept too.
    """
    watched = _watched(pace.runs * WALL_CARDS_A_RUN, "real:fastest")
    with model_station(min(pace.cards, MODEL_CARDS)) as models:
        modelled_ms = ms(models.card("fastest").total_ns)
    whole_ms = median(watched.whole_ns()) / NS_PER_MS
    host_ms = whole_ms - modelled_ms
    return Figure(
        name="station.overhead.wall",
        value=round(host_ms, 2),
        unit="ms/card",
        reference=OVERHEAD_REFERENCE,
        reference_value=round(modelled_ms, 1),
        note=f"{host_ms / modelled_ms:.2%}: {whole_ms:.0f} ms a card; target {TARGET_SHARE:.0%}",
    )


def rate_fastest(pace: Pace = FULL) -> Figure:
    """Cards an hour of one lane, fastest chip."""
    return _rate("fastest", pace)


def rate_median(pace: Pace = FULL) -> Figure:
    """Cards an hour of one lane, median chip."""
    return _rate("median", pace)


def rate_slowest(pace: Pace = FULL) -> Figure:
    """Cards an hour of one lane, slowest chip."""
    return _rate("slowest", pace)


def _rate(chip: str, pace: Pace) -> Figure:
    host_ms = _host_ms(pace)
    with model_station(min(pace.cards, MODEL_CARDS)) as models:
        split = models.card(chip)
        others = _others(models, chip, host_ms)
    total_ms = ms(split.total_ns) + host_ms
    return Figure(
        name=f"station.cards_per_hour.{chip}",
        value=round(MS_PER_HOUR / total_ms),
        unit="cards/h",
        reference=RATE_REFERENCE,
        reference_value=round(MS_PER_HOUR / ms(split.total_ns)),
        note=(
            f"{_said(split, host_ms)}; a feeder that takes 0 s, by hand "
            f"({HANDLING_S:.0f} s) {_per_hour(split, host_ms, hand_s=HANDLING_S)}; {others}"
        ),
    )


def _others(models: ModelStation, chip: str, host_ms: float) -> str:
    """Return the rates of the same chip with a photo, and on other lines."""
    field = models.card(chip, line=CONTACT_FIELD)
    fast = models.card(chip, line=CONTACT_FAST)
    photo = models.card(chip, photo=True)
    both = models.card(chip, line=CONTACT_FAST, photo=True)
    return (
        f"with a photo of 16 KB {_per_hour(photo, host_ms)}; "
        f"at 51.6 kbit/s {_per_hour(field, host_ms)}; "
        f"at 250 kbit/s {_per_hour(fast, host_ms)}, with a photo {_per_hour(both, host_ms)}"
    )


def _per_hour(split: Split, host_ms: float, *, hand_s: float = 0.0) -> str:
    return f"{MS_PER_HOUR / (ms(split.total_ns) + host_ms + hand_s * MS_PER_S):.0f}/h"


def _said(split: Split, host_ms: float) -> str:
    total_ms = ms(split.total_ns) + host_ms
    return (
        f"{total_ms:.0f} ms: chip {ms(split.chip_ns):.0f}, "
        f"line at 129 kbit/s {ms(split.line_ns):.0f}, reader {ms(split.reader_ns):.0f}, "
        f"host {host_ms:.1f} ({host_ms / total_ms:.1%})"
    )


def _host_ms(pace: Pace) -> float:
    """Return the host's milliseconds of the median card, when no card lets time pass."""
    return median(_watched(pace.cards, "none").host_ns()) / NS_PER_MS


def _watched(count: int, time: str) -> Watched:
    """Return what was seen of a lane that made so many cards of that time, and one to begin."""
    cards = count + 1
    with station(cards) as made:
        url = f"simfeed:{made.holders.parent / 'feeder'}?cards={cards}&time={time}"
        watched = Watched(open_lane(made.settings, 1, url, "", made.secrets))
        with floor_of(made, [watched], count=cards) as floor:
            floor.start()
            floor.wait(PATIENCE_S)
    if len(watched.whole_ns()) != count:
        raise NotMeasurableError("the lane did not make its cards; run the station's tests")
    return watched

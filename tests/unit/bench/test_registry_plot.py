"""The drawing of what look-ups cost."""

import json
from xml.etree import ElementTree as ET

from bench.registry_plot import curves, drawing


def line(name: str, policies: int, value: float) -> str:
    note = f"{policies} policies; median {value / 2} ms; and more"
    return json.dumps({"name": name, "value": value, "note": note})


LINES = [
    "2026-01-01 10:00:00 persons filled",
    line("registry.enp.p99", 2_000_000, 3.5),
    line("registry.enp.p99", 200_000, 2.5),
    line("registry.queue.p99", 200_000, 5.0),
]


def test_the_figures_come_by_name_the_smallest_register_first() -> None:
    assert curves(LINES) == {
        "registry.enp.p99": [(200_000, 2.5, 1.25), (2_000_000, 3.5, 1.75)],
        "registry.queue.p99": [(200_000, 5.0, 2.5)],
    }


def test_the_drawing_is_an_image_with_two_lines_a_figure_and_a_word_for_each_size() -> None:
    image = ET.fromstring(drawing(curves(LINES)))  # noqa: S314 - our own
    space = "{http://www.w3.org/2000/svg}"
    lines = [one for one in image.iter(f"{space}path") if one.get("stroke-width") == "2"]
    words = [one.text for one in image.iter(f"{space}text")]
    assert len(lines) == 4
    assert {"200,000", "2,000,000", "by policy number, p99"} <= set(words)

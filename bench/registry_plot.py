"""Cost per look-up over the size of the register, as a drawing for the docs.

``python -m bench.registry_plot LINES.jsonl docs/lookups.svg``: the lines are what
``python -m bench.registry_lookups --policies N`` printed for several N.
"""

import argparse
import json
import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

WIDTH: Final = 780
HEIGHT: Final = 400
LEFT, RIGHT, TOP, BOTTOM = 70, 215, 30, 60
_TITLES: Final = {
    "registry.enp.p99": ("by policy number", "#1f5fae"),
    "registry.name_birth.p99": ("by name and birth date", "#a31621"),
    "registry.queue.p99": ("a page of the queue", "#0f6b3d"),
}
_NOTE: Final = re.compile(r"([0-9]+) policies; median ([0-9.]+) ms")

Curves = Mapping[str, Sequence[tuple[int, float, float]]]
"""Name of a figure → (policies, p99 in ms, median in ms), the smallest first."""


def curves(lines: Iterable[str]) -> Curves:
    """Return what the figures say, by name."""
    found: dict[str, list[tuple[int, float, float]]] = defaultdict(list)
    for line in lines:
        if not line.startswith("{"):
            continue
        figure = json.loads(line)
        note = _NOTE.match(figure["note"])
        if note is not None:
            found[figure["name"]].append((int(note[1]), figure["value"], float(note[2])))
    return {name: sorted(points) for name, points in found.items()}


def drawing(found: Curves) -> str:
    """Return an SVG: policies across, on a logarithmic scale, milliseconds up; p99 and median."""
    most = max(p99 for points in found.values() for _, p99, _ in points)
    top = math.ceil(most)
    sizes = sorted({size for points in found.values() for size, _, _ in points})
    marks = [*_frame(sizes, top)]
    for name, points in found.items():
        title, colour = _TITLES[name]
        slow = [(_x(size, sizes), _y(p99, top)) for size, p99, _ in points]
        half = [(_x(size, sizes), _y(median, top)) for size, _, median in points]
        marks += [_line(slow, colour), _line(half, colour, dashed=True)]
        marks.append(_text(slow[-1][0] + 8, slow[-1][1] + 4, f"{title}, p99", colour))
    text = "\n".join(marks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="13">\n<title>Milliseconds per look-up over the '
        f"number of policies</title>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n{text}\n</svg>\n'
    )


def _frame(sizes: Sequence[int], top: int) -> Iterator[str]:
    for size in sizes:
        yield _text(_x(size, sizes), HEIGHT - BOTTOM + 22, f"{size:,}", "#333333", "middle")
    step = max(1, round(top / 6))
    for value in range(0, top + 1, step):
        y = _y(value, top)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>'
        yield _text(LEFT - 8, y + 4, str(value), "#333333", "end")
    yield _text(LEFT - 8, TOP - 12, "ms", "#333333", "end")
    foot = "policies (logarithmic); unbroken: p99, broken: median"
    yield _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, foot, "#333333", "middle")


def _x(size: int, sizes: Sequence[int]) -> float:
    low, high = math.log(sizes[0]), math.log(sizes[-1])
    share = (math.log(size) - low) / (high - low) if high > low else 0.5
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)


def _line(points: Sequence[tuple[float, float]], colour: str, *, dashed: bool = False) -> str:
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dash = ' stroke-dasharray="5 5"' if dashed else ""
    return f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'


def _text(x: float, y: float, words: str, colour: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">{words}</text>'


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the figures of a file."""
    parser = argparse.ArgumentParser(prog="bench.registry_plot")
    parser.add_argument("lines", type=Path, help="JSON lines of bench.registry_lookups")
    parser.add_argument("drawing", type=Path, help="the SVG to write")
    options = parser.parse_args(arguments)
    found = curves(options.lines.read_text().splitlines())
    options.drawing.write_text(drawing(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())

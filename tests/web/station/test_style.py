"""The look of the page: colours from the tokens alone, each read with ease, a shape a state."""

import re

import pytest

from cardservice.personalization.lanes import LaneState
from cardservice.web.assets import assets
from tests.shared import ROOT
from tests.unit.web.test_contrast import TEXT_CONTRAST, _contrast, _tokens

SHEETS = ("station.css", "station_lane.css")
ICONS = ROOT / "cardservice/web/templates/station/icons.html"


def _sheet(name: str) -> str:
    return assets()[name].content.decode()


def _grounds() -> list[tuple[str, str]]:
    """Return the pairs of ground and ink that tiles are painted with."""
    found = re.findall(r"--ground: var\(--([a-z-]+)\);\s+--ink: var\(--([a-z-]+)\);", _lanes())
    return sorted(set(found))


def _lanes() -> str:
    return _sheet("station_lane.css")


@pytest.mark.parametrize("name", SHEETS)
def test_only_tokens_name_colours(name: str) -> None:
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(|hsl\(", _sheet(name)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_can_be_read_on_its_colour(scheme: str) -> None:
    tokens = _tokens(scheme)
    assert len(_grounds()) >= 7
    weak = [
        pair for pair in _grounds() if _contrast(*(tokens[one] for one in pair)) < TEXT_CONTRAST
    ]
    assert weak == []


def test_every_state_has_its_colour_and_a_shape_of_its_own() -> None:
    icons = ICONS.read_text(encoding="utf-8")
    shapes = dict(re.findall(r'<symbol id="icon-([a-z-]+)"[^>]*>(.*?)</symbol>', icons, re.DOTALL))
    assert set(shapes) == set(LaneState)
    assert len(set(shapes.values())) == len(LaneState)
    assert [state for state in LaneState if f'[data-mark="{state}"]' not in _lanes()] == []


def test_nothing_moves_unless_motion_is_welcome() -> None:
    for name in SHEETS:
        before, *_ = _sheet(name).split("prefers-reduced-motion: no-preference")
        assert "animation" not in before
        assert "transition" not in _sheet(name)

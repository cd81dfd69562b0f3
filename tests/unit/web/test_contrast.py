"""Colours that can be read, in light and in dark.

Source: WCAG 2.2, definitions of relative luminance and contrast ratio; criteria 1.4.3, 1.4.11.
"""

import re

import pytest

from cardservice.web.assets import assets

TEXT_CONTRAST = 4.5
VERDICT_CONTRAST = 5.0
PAIRS = [
    ("surface", "surface-ink"),
    ("surface", "surface-soft-ink"),
    ("page", "surface-ink"),
    ("page", "surface-soft-ink"),
    ("accent", "accent-ink"),
    ("surface", "accent"),
    ("task", "task-ink"),
    ("surface", "surface-valid-ink"),
    ("surface", "surface-invalid-ink"),
    ("surface", "surface-undecided-ink"),
]
VERDICTS = ["valid", "invalid", "undecided", "problem"]


def _tokens(scheme: str) -> dict[str, str]:
    light, dark = assets()["tokens.css"].content.decode().split("@media")
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light))
    return found | (
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", dark)) if scheme == "dark" else {}
    )


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_black_on_white_has_the_contrast_the_standard_says() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21.0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ground", "ink"), PAIRS)
def test_every_text_can_be_read(scheme: str, ground: str, ink: str) -> None:
    tokens = _tokens(scheme)
    assert _contrast(tokens[ground], tokens[ink]) >= TEXT_CONTRAST


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_can_be_read_with_ease(scheme: str, verdict: str) -> None:
    tokens = _tokens(scheme)
    assert _contrast(tokens[verdict], tokens[f"{verdict}-ink"]) >= VERDICT_CONTRAST


@pytest.mark.parametrize("name", ["desk.css", "panel.css", "can.css", "desk_clerk.css"])
def test_only_tokens_name_colours(name: str) -> None:
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", assets()[name].content.decode()) == []

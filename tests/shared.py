"""The one way for tests to reach the published vectors and shared data, in place."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("POLICYCARD_SHARED", ROOT.parent / "shared"))


def _read(path: Path) -> bytes:
    if not path.is_file():
        pytest.fail(
            f"{path.relative_to(SHARED)} is missing below {SHARED}: the published vectors lie in "
            "the folder `shared` beside the checkout; set POLICYCARD_SHARED to where it is.",
            pytrace=False,
        )
    return path.read_bytes()


@cache
def vectors(name: str) -> Any:
    """Return the parsed JSON of ``vectors/NAME.json``; NAME may hold a folder."""
    return json.loads(_read(SHARED / "vectors" / f"{name}.json"))


@cache
def golden(name: str) -> Any:
    """Return one golden file of the field layout, e.g. ``golden("owner-plain")``."""
    return json.loads(_read(SHARED / "data" / "golden" / f"{name}.json"))


def data(name: str) -> bytes:
    """Return the octets of ``data/NAME``, e.g. ``data("holders.csv")``."""
    return _read(SHARED / "data" / name)

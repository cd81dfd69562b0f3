"""The run as one JSON object."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from cardservice.conformance.results import Result, summary


def as_json(results: Sequence[Result]) -> str:
    """Return the object: counts, and each case with its exchanges."""
    told = {**asdict(summary(results)), "cases": [_case(result) for result in results]}
    return json.dumps(told, ensure_ascii=False)


def _case(result: Result) -> dict[str, Any]:
    return {
        "number": result.case.number,
        "title": result.case.title,
        "clause": result.case.clause,
        "interface": result.interface,
        "stage": result.stage,
        "outcome": result.outcome,
        "why": result.why,
        "seconds": round(result.seconds, 6),
        "exchanges": [asdict(exchange) for exchange in result.exchanges],
    }

"""All cases, in the order of their numbers."""

from typing import Final

from cardservice.conformance.case import Case
from cardservice.conformance.cases import (
    access,
    atomicity,
    chip_authentication,
    commands,
    field_layer,
    insurer,
    life_cycle,
    pace,
    reading,
    scp03,
    secure_messaging,
    steps,
    terminal_authentication,
)
from cardservice.conformance.terms import Group

_CHAPTERS: Final = (
    field_layer,
    scp03,
    pace,
    secure_messaging,
    chip_authentication,
    access,
    commands,
    reading,
    life_cycle,
    steps,
    atomicity,
    insurer,
    terminal_authentication,
)
_ORDER: Final = tuple(Group)

CASES: Final[tuple[Case, ...]] = tuple(
    sorted(
        (case for module in _CHAPTERS for case in module.chapter),
        key=lambda case: (_ORDER.index(case.group), case.number),
    )
)
"""Every case once."""

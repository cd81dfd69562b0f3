"""The region that an open question is about: this office's, or the one that is named."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from cardservice.registry.frame import Office
from cardservice.web.at_once import at_once
from cardservice.web.office.parts import OfficeParts, office_parts

Named = Annotated[
    str | None,
    Query(
        alias="region",
        pattern=r"^[0-9]{5}$",
        description="Five digits; this office's own unless named.",
        examples=["45000"],
    ),
]


@dataclass(frozen=True, slots=True)
class Here:
    """An office, and the region of it that is asked about."""

    office: Office
    region: str


def _here(
    parts: Annotated[OfficeParts, Depends(at_once(office_parts))], region: Named = None
) -> Here:
    return Here(parts.office, region or parts.region)


Asked = Annotated[Here, Depends(at_once(_here))]

"""The fields of a form as they were sent, bounded; and errors beside their fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from cardservice.domain.findings import Finding
from cardservice.errors import Refusal
from cardservice.registry.errors import FindingsRefusal

MAX_FIELDS: Final = 400  # the longest form has about eighty
MAX_TEXT: Final = 64 * 1024  # octets of a page's form, all fields together


@dataclass(frozen=True, slots=True, repr=False)
class FormFields:
    """Texts by the names of their fields; a field may have come several times."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return the last text of the field, empty if there is none."""
        found = self.values.get(name)
        return found[-1] if found else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Return every text of the field."""
        return self.values.get(name, ())

    def has(self, name: str) -> bool:
        """Return whether a box was ticked."""
        return bool(self.text(name))


async def form_fields(request: Request) -> FormFields:
    """Return the texts of the form that was sent; files are not among them.

    Raises:
        HTTPException: 400 for more fields than a form of ours has.
    """
    form = await request.form(max_files=1, max_fields=MAX_FIELDS)
    values: dict[str, tuple[str, ...]] = {}
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            values[name] = (*values.get(name, ()), value)
    return FormFields(values)


Fields = Annotated[FormFields, Depends(form_fields)]


def findings_of(refusal: Refusal) -> tuple[Finding, ...]:
    """Return what a refusal says, field by field; a field of None is the form as a whole."""
    if isinstance(refusal, FindingsRefusal):
        return refusal.findings
    return (Finding(refusal.field or "", refusal.code, refusal.sentence),)


def by_field(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return findings by the path of their field."""
    beside: dict[str, list[Finding]] = {}
    for one in findings:
        beside.setdefault(one.field, []).append(one)
    return beside

"""The judge of every resource here: the R4B models of ``fhir.resources``, and their value sets.

The models hold a list of allowed codes beside each field and do not enforce it, so it is enforced
here.
"""

import json
from collections.abc import Iterator
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from pydantic import BaseModel

from cardservice.fhir.elements import Element

# Any media type may stand there; the model lists the two that the standard defines.
OPEN = frozenset({"CapabilityStatement.format"})


def accepted(resource: Element) -> Any:
    """Return the model of ``resource`` after it was found valid and lossless."""
    sent = json.loads(json.dumps(resource))
    model = get_fhir_model_class(sent["resourceType"]).model_validate(sent)
    foreign = list(foreign_codes(model))
    assert not foreign, foreign
    assert json.loads(model.model_dump_json()) == with_utc_as_z(sent)
    return model


def foreign_codes(model: BaseModel) -> Iterator[str]:
    """Yield each code that is not in its field's closed value set."""
    for name, field in type(model).model_fields.items():
        extra = field.json_schema_extra
        allowed = extra.get("enum_values") if isinstance(extra, dict) else None
        values = getattr(model, name)
        for value in values if isinstance(values, list) else [values]:
            if isinstance(allowed, list) and value is not None and value not in allowed:
                yield from {f"{type(model).__name__}.{name}"} - OPEN
            if isinstance(value, BaseModel):
                yield from foreign_codes(value)


def with_utc_as_z(value: Any) -> Any:
    """Return ``value`` with moments as the models write them: the same moment, a ``Z``."""
    if isinstance(value, dict):
        return {name: with_utc_as_z(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [with_utc_as_z(inner) for inner in value]
    utc = isinstance(value, str) and "T" in value and value.endswith("+00:00")
    return f"{value[:-6]}Z" if utc else value

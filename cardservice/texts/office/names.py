"""The shape of a table of names: the values of one kind, and what each is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Names:
    """What the values of one kind are called in English.

    Attributes:
        kind: its name, as ``label_of`` takes it; the context of the translations.
        texts: value → English text.
        of: the enumeration of the values, None when there is none.
    """

    kind: str
    texts: Mapping[str, str]
    of: type[StrEnum] | None = None

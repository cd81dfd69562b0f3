"""Column types that give and take the same on both databases, and refuse what neither can hold."""

import json
import math
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import JSON, Date, DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from cardservice.storage.errors import UnstorableError, UnsuitableError
from cardservice.storage.rows.base import Json

NUL: Final = "\0"
JSON_DEPTH: Final = 32  # nested lists and objects; a form has four


class Words(TypeDecorator[str]):
    """Text of at most ``limit`` characters, without NUL and unpaired surrogates.

    PostgreSQL cannot hold NUL, SQLite would, and cuts texts short at it in places.
    """

    impl = String
    cache_ok = True

    def __init__(self, limit: int, *, field: str, sorted_by_octet: bool = False) -> None:
        super().__init__(limit)
        self.limit = limit
        self.field = field
        self.sorted_by_octet = sorted_by_octet

    @override
    def load_dialect_impl(self, dialect: Dialect) -> Any:
        # With collation C an index serves prefixes, whatever language the cluster speaks; SQLite
        # compares octets anyway.
        collation = "C" if self.sorted_by_octet and dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(self.limit, collation=collation))

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        text = str(value)
        if len(text) > self.limit:
            sentence = f"The text has more than {self.limit} characters."
            raise UnstorableError("text-too-long", sentence, field=self.field)
        require_storable(text, field=self.field)
        return text


class Moment(TypeDecorator[datetime]):
    """An instant: aware going in, UTC coming out, microseconds kept."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise UnsuitableError("a time without its zone cannot be stored")
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class DueDay(TypeDecorator[date]):
    """A date by which something is due, or None: then it comes after all that have one.

    None is kept as the last day there is, because a page cannot begin after a NULL.
    """

    impl = Date
    cache_ok = True

    @override
    def process_bind_param(self, value: date | None, dialect: Dialect) -> date:
        return date.max if value is None else value

    @override
    def process_result_value(self, value: date | None, dialect: Dialect) -> date | None:
        return None if value == date.max else value


class Structure(TypeDecorator[Json]):
    """JSON, kept as its text: both databases give back exactly what they were given.

    Not ``jsonb``, which reorders members: an audit entry's hash is over its detail.
    """

    impl = JSON
    cache_ok = True

    def __init__(self, limit: int, *, field: str) -> None:
        super().__init__(none_as_null=False)
        self.limit = limit
        self.field = field

    @override
    def process_bind_param(self, value: Json, dialect: Dialect) -> Json:
        _require_json(value, field=self.field, depth=0)
        if len(json.dumps(value, ensure_ascii=False)) > self.limit:
            sentence = f"The data have more than {self.limit} characters."
            raise UnstorableError("data-too-long", sentence, field=self.field)
        return value


def require_storable(text: str, *, field: str) -> None:
    """Return if both databases can hold ``text``.

    Raises:
        UnstorableError: ``text-nul`` or ``text-surrogate``.
    """
    if NUL in text:
        raise UnstorableError("text-nul", "The text holds the character NUL.", field=field)
    try:
        text.encode()
    except UnicodeEncodeError:
        sentence = "The text holds half a character (an unpaired surrogate)."
        raise UnstorableError("text-surrogate", sentence, field=field) from None


def _require_json(value: object, *, field: str, depth: int) -> None:
    if depth > JSON_DEPTH:
        raise UnstorableError("data-too-deep", "The data are nested too deeply.", field=field)
    if isinstance(value, str):
        require_storable(value, field=field)
    elif isinstance(value, dict):
        for name, member in value.items():
            if not isinstance(name, str):
                raise UnsuitableError("JSON members have texts for names")
            require_storable(name, field=field)
            _require_json(member, field=field, depth=depth + 1)
    elif isinstance(value, list | tuple):
        for member in value:
            _require_json(member, field=field, depth=depth + 1)
    elif isinstance(value, float) and not math.isfinite(value):
        raise UnstorableError("data-not-finite", "A number is not finite.", field=field)
    elif not (value is None or isinstance(value, int | float)):
        raise UnsuitableError(f"{type(value).__name__} cannot be stored as JSON")

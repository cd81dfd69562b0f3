"""An office for programs: the one of the pages."""

from tests.unit.web_office.conftest import ready_file, world

__all__ = ["ready_file", "world"]

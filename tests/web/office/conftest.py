"""An office that is served, and pages of somebody who signed in to it."""

from tests.unit.web_office.conftest import ready_file, world
from tests.web.conftest import browser, context

__all__ = ["browser", "context", "ready_file", "world"]

"""A visitor who sends something before there is anything to know them by."""

from typing import Final
from uuid import UUID

from cardservice.accounts.dice import keyed
from cardservice.domain.roles import Role
from cardservice.registry.actor import Actor
from cardservice.web.signin.context import Visit
from cardservice.web.signin.forms import browser_secret

_UUID_OCTETS, _UUID_VERSION = 16, 5
BEGINNING: Final = "begin application"
COMPLAINING: Final = "file complaint"


def visitor(visit: Visit, purpose: str, key: str) -> Actor:
    """Return who sends the form with ``key`` for ``purpose``.

    The same form sent twice by the same browser is one command: its sender has the same id both
    times, which nobody without the browser's cookie can make.
    """
    secret = browser_secret(visit.request, visit.context) or ""
    octets = keyed(secret, purpose, key)[:_UUID_OCTETS]
    return Actor(UUID(bytes=octets, version=_UUID_VERSION), Role.APPLICANT)

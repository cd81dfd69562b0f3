"""Who can be signed in; the parts themselves are the office's (``cardservice.domain.roles``)."""

from typing import Final

from cardservice.domain.roles import Role

__all__ = ["STAFF", "Role"]

STAFF: Final = frozenset(Role) - {Role.APPLICANT, Role.SERVICE}
"""Roles that an account can have; an applicant has no account, only an application, and nobody
signs in as the program itself."""

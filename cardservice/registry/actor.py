"""Who acts: an account, a program, an applicant, or this service itself when a day has come."""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right, may
from cardservice.accounts.roles import Role as SignedInRole
from cardservice.domain.roles import Role
from cardservice.errors import Refusal, UsageError

SERVICE_NAME: Final = "system"
_GROUND: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/,-]{0,127}")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who brings something about, in which role, on what ground.

    Attributes:
        account: id of the account or program, of the application for an applicant; None: this
            service itself.
        role: the one they act in.
        ground: a code, perhaps with an id after it (``application/0190…``), never words: it goes
            into the audit log. None: the act is its own ground.

    Raises:
        UsageError: the service has an account, or somebody else has none; words for a ground.
    """

    account: UUID | None
    role: Role
    ground: str | None = None

    def __post_init__(self) -> None:
        if (self.account is None) != (self.role is Role.SERVICE):
            raise UsageError("everybody but the service itself acts with an account")
        if self.ground is not None and not _GROUND.fullmatch(self.ground):
            raise UsageError("the ground of an act is a code, perhaps with an id")

    @property
    def name(self) -> str:
        """What rows and the audit log name them by."""
        return SERVICE_NAME if self.account is None else str(self.account)

    def require(self, right: Right) -> None:
        """Return if their role has ``right``; the service itself has none.

        Raises:
            Refusal: ``role-not-allowed``.
        """
        is_service = self.role is Role.SERVICE
        if is_service or not may({SignedInRole(self.role.value)}, right):
            raise Refusal("role-not-allowed", "This role may not do that.")


SERVICE: Final = Actor(None, Role.SERVICE)
"""This service itself."""

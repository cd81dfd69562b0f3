"""THE table of rights: what may be done, by whom, and through which routes.

One row a right. A route that is in no row is refused by the walk over all routes that the test
run does (``cardservice.web.signin.routes``), and so is a row's route that does not ask for its
right. Nothing else decides who may do what; a rule of the field may still refuse the act itself.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum, unique
from types import MappingProxyType
from typing import Final

from cardservice.accounts.roles import Role


@unique
class Right(StrEnum):
    """What can be done; also the scopes of programs."""

    OPEN = "open"
    ACCOUNT = "account"
    ACCOUNTS = "accounts"
    TOKENS = "tokens"
    SETTINGS = "settings"
    APPLICATION_ENTER = "application.enter"
    APPLICATION_OWN = "application.own"
    APPLICATION_READ = "application.read"
    APPLICATION_DECIDE = "application.decide"
    DOCUMENT_READ = "document.read"
    PERSON_READ = "person.read"
    PERSON_MERGE = "person.merge"
    PERSON_ERASE = "person.erase"
    POLICY_READ = "policy.read"
    POLICY_CHANGE = "policy.change"
    COVERAGE_ASK = "coverage.ask"
    ORDER_READ = "order.read"
    ORDER_MAKE = "order.make"
    CARD_BLOCK = "card.block"
    CARD_UNBLOCK = "card.unblock"
    CARD_HAND_OVER = "card.hand-over"
    STOCK = "stock"
    PLACE_EDIT = "place.edit"
    COMPLAINT_ANSWER = "complaint.answer"
    AUDIT_READ = "audit.read"
    KEYS = "keys"
    STATISTICS = "statistics"


@dataclass(frozen=True, slots=True)
class Row:
    """One right: who has it, and the names of the routes that ask for it."""

    right: Right
    roles: frozenset[Role]
    routes: tuple[str, ...] = ()


def _row(right: Right, *roles: Role, routes: str = "") -> Row:
    return Row(right, frozenset(roles), tuple(routes.split()))


_R: Final = Role
# An administrator runs the service and sees no person; a security officer and an auditor see
# what was done, not whom for. Who decides may also enter, who hands over may not decide.
TABLE: Final = (
    _row(
        Right.OPEN,
        *Role,
        routes="openapi tell_health send_asset send_style describe_problem "
        "show_sign_in sign_in show_second_factor take_second_factor "
        "show_applicant_sign_in send_applicant_code show_applicant_code take_applicant_code "
        "begin_openid finish_openid sign_out "
        # The desk of a clinic stands alone and has no accounts: its page answers only under the
        # names it was started for, and shows only the card that lies on its reader.
        "show_desk send_events take_number tap_card lift_card read_desk",
    ),
    _row(
        Right.ACCOUNT,
        *(set(Role) - {Role.APPLICANT}),
        routes="show_account sign_out_everywhere show_password change_password "
        "show_enrolment begin_enrolment finish_enrolment remove_second_factor",
    ),
    _row(Right.ACCOUNTS, _R.ADMINISTRATOR),
    _row(Right.TOKENS, _R.ADMINISTRATOR, _R.SECURITY_OFFICER),
    _row(Right.SETTINGS, _R.ADMINISTRATOR),
    _row(Right.APPLICATION_ENTER, _R.CLERK, _R.APPROVER),
    _row(Right.APPLICATION_OWN, _R.APPLICANT),
    _row(Right.APPLICATION_READ, _R.CLERK, _R.APPROVER),
    _row(Right.APPLICATION_DECIDE, _R.APPROVER),
    _row(Right.DOCUMENT_READ, _R.CLERK, _R.APPROVER),
    _row(Right.PERSON_READ, _R.CLERK, _R.APPROVER),
    _row(Right.PERSON_MERGE, _R.APPROVER),
    _row(Right.PERSON_ERASE, _R.SECURITY_OFFICER),
    _row(Right.POLICY_READ, _R.CLERK, _R.APPROVER),
    _row(Right.POLICY_CHANGE, _R.CLERK, _R.APPROVER),
    _row(Right.COVERAGE_ASK, _R.CLINIC, _R.CLERK, _R.APPROVER),
    _row(Right.ORDER_READ, _R.CLERK, _R.APPROVER, _R.STATION),
    _row(Right.ORDER_MAKE, _R.STATION),
    _row(Right.CARD_BLOCK, _R.CLERK, _R.APPROVER, _R.SECURITY_OFFICER, _R.APPLICANT),
    _row(Right.CARD_UNBLOCK, _R.APPROVER),
    _row(Right.CARD_HAND_OVER, _R.CLERK),
    _row(Right.STOCK, _R.CLERK, _R.STATION),
    _row(Right.PLACE_EDIT, _R.CLERK, _R.ADMINISTRATOR),
    _row(Right.COMPLAINT_ANSWER, _R.CLERK, _R.APPROVER),
    _row(Right.AUDIT_READ, _R.AUDITOR, _R.SECURITY_OFFICER),
    _row(Right.KEYS, _R.SECURITY_OFFICER),
    _row(Right.STATISTICS, _R.CLERK, _R.APPROVER, _R.AUDITOR, _R.ADMINISTRATOR),
)

GRANTS: Final = MappingProxyType({row.right: row.roles for row in TABLE})
ROUTES: Final = MappingProxyType({name: row.right for row in TABLE for name in row.routes})


def may(roles: AbstractSet[Role], right: Right) -> bool:
    """Return whether one of ``roles`` has ``right``; a right without a row nobody has."""
    return not GRANTS.get(right, frozenset()).isdisjoint(roles)

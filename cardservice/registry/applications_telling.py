"""What an applicant is told of the register: nothing.

Anybody may begin an application in somebody else's name. Who has a policy, with which insurer and
since when, is told to those who work with people, and to the person by the decision.
"""

from collections.abc import Iterable
from typing import Final

from cardservice.domain.findings import Finding
from cardservice.domain.roles import Role

OF_THE_REGISTER: Final = frozenset(
    {
        *("policy-exists", "policy-not-found", "person-ambiguous", "person-similar"),
        *("insurer-same", "change-already-this-year"),
    }
)
"""Codes of what is found by comparing with the register, not in what was typed."""


def told_to(role: Role, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return those of ``findings`` that who acts in ``role`` may be told."""
    if role is not Role.APPLICANT:
        return tuple(findings)
    return tuple(one for one in findings if one.code not in OF_THE_REGISTER)

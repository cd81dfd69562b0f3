"""What the register knows is told to those who work with people alone."""

import pytest

from cardservice.domain.findings import Finding, warning
from cardservice.domain.roles import Role
from cardservice.registry.applications_telling import OF_THE_REGISTER, told_to

OWN = Finding("surname", "surname-missing", "The surname is missing.")
OTHERS = tuple(Finding("reason", code, "It is so.") for code in sorted(OF_THE_REGISTER))
DOUBT = warning("person", "person-similar", "There are persons who may be this one.")


def test_an_applicant_is_told_what_is_wrong_in_what_they_typed() -> None:
    assert told_to(Role.APPLICANT, (OWN, *OTHERS, DOUBT)) == (OWN,)


@pytest.mark.parametrize("role", [Role.CLERK, Role.APPROVER, Role.EMPLOYER])
def test_who_vouches_for_others_is_told_all(role: Role) -> None:
    assert told_to(role, (OWN, *OTHERS, DOUBT)) == (OWN, *OTHERS, DOUBT)

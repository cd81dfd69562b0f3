"""Who acts in the office: the parts people and programs play, for the tables of lives."""

from enum import StrEnum, unique
from typing import Final


@unique
class Role(StrEnum):
    """A part a person or a program plays; what each may see is not said here."""

    CLERK = "clerk"
    APPROVER = "approver"
    STATION = "station"
    AUDITOR = "auditor"
    SECURITY_OFFICER = "security-officer"
    CLINIC = "clinic"
    APPLICANT = "applicant"
    EMPLOYER = "employer"  # sends tables of people, and sees what became of their rows
    COURIER = "courier"  # takes cards to a point of issue, a home or a workplace
    ADMINISTRATOR = "administrator"
    SERVICE = "service"  # this program by itself, when a day has come; nobody signs in as it


OFFICE: Final = frozenset({Role.CLERK, Role.APPROVER})

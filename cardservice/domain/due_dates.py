"""When a policy, a temporary certificate and an answer are due.

Source: domain.md, "Rules with teeth", 5, and "Register of places".
"""

from datetime import date

from cardservice.domain.rules import RuleSet
from cardservice.domain.terms import Calendar, last_day


def policy_due(applied_on: date, rules: RuleSet, calendar: Calendar) -> date:
    """Return the last day to make the policy applied for on ``applied_on``."""
    return last_day(rules.making_term.value, applied_on, calendar)


def certificate_until(issued_on: date, rules: RuleSet, calendar: Calendar) -> date:
    """Return the last day of a temporary certificate issued on ``issued_on``.

    It is never before the day the policy is due: the certificate serves until then.
    """
    own = last_day(rules.certificate_term.value, issued_on, calendar)
    return max(own, policy_due(issued_on, rules, calendar))


def complaint_due(received_on: date, rules: RuleSet, calendar: Calendar) -> date:
    """Return the last day to answer a complaint received on ``received_on``."""
    return last_day(rules.complaint_term.value, received_on, calendar)

"""A verdict's checks as FHIR extensions: codes and ages, no words.

Source: HL7 FHIR R4, 2.4 (Extensibility), 2.24.0.8 (Duration).
"""

from datetime import timedelta
from typing import Final

from cardservice.domain.verdict import Check, Verdict
from cardservice.fhir.elements import Element, moment
from cardservice.fhir.systems import Hl7, Systems
from cardservice.verify.examination import Examination

CHECK: Final = "check"
VERDICT: Final = "verdict"
PROBLEM: Final = "problem"
PROTOCOL: Final = "protocol"
DATA_PROVED: Final = "data-proved"
SIGNED_AT: Final = "record-signed-at"

_SECOND: Final = timedelta(seconds=1)


def verdict_extensions(examination: Examination, systems: Systems) -> list[Element]:
    """Return what was found out: the outcome, each check, the protocols that ran.

    Where there is no verdict, the problem that kept it from being one.
    """
    verdict = examination.verdict
    if verdict is None:
        problem = examination.problem
        return [] if problem is None else [_code(PROBLEM, problem, systems)]
    return [
        _code(VERDICT, verdict.outcome, systems),
        {"url": systems.extension(DATA_PROVED), "valueBoolean": examination.proved},
        *_signed_at(verdict, systems),
        *(_code(PROTOCOL, name, systems) for name in sorted(verdict.ran)),
        *(check_extension(check, systems) for check in verdict.checks),
    ]


def check_extension(check: Check, systems: Systems) -> Element:
    """Return one check: ``name``, ``outcome``, ``reason``, ``decisive``, and ``age`` if it has one.

    The age is in whole seconds, rounded up, so that no data look fresher than they are.
    """
    parts: list[Element] = [
        {"url": "name", "valueCode": check.name.value},
        {"url": "outcome", "valueCode": check.outcome.value},
        {"url": "reason", "valueCode": check.reason.value},
        {"url": "decisive", "valueBoolean": check.decisive},
    ]
    if check.age is not None:
        parts.append({"url": "age", "valueDuration": _seconds(check.age)})
    return {"url": systems.extension(CHECK), "extension": parts}


def _code(name: str, code: str, systems: Systems) -> Element:
    return {"url": systems.extension(name), "valueCode": str(code)}


def _signed_at(verdict: Verdict, systems: Systems) -> list[Element]:
    if verdict.signed_at is None:
        return []
    at = moment(verdict.signed_at)
    return [{"url": systems.extension(SIGNED_AT), "valueDateTime": at}]


def _seconds(age: timedelta) -> Element:
    return {"value": -(-age // _SECOND), "unit": "s", "system": Hl7.UNITS.value, "code": "s"}

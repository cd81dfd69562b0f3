"""What is wrong or doubtful in a field, in the language of who asks."""

from collections.abc import Iterable

from cardservice.domain.findings import Finding, Severity
from cardservice.texts.languages import Language
from cardservice.texts.office import sentence
from cardservice.web.api.common import FoundFault


def faults(findings: Iterable[Finding], language: Language) -> list[FoundFault]:
    """Return findings as programs see them."""
    return [
        fault_of(one.field, one.code, one.sentence, language, severity=one.severity)
        for one in findings
    ]


def fault_of(
    field: str,
    code: str,
    english: str,
    language: Language,
    *,
    severity: Severity = Severity.ERROR,
) -> FoundFault:
    """Return one; without an English sentence the code's own is said."""
    said = sentence(code, english, language)
    return FoundFault(field=field, code=code, sentence=said, severity=severity)

"""The verdict as a document: one shape for the API, for clinic systems and for what is saved."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from json import JSONEncoder
from typing import Any, Final

from cardservice.domain.holder import Holder
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.verdict import Check, Outcome
from cardservice.texts.catalog import translations
from cardservice.texts.languages import Language
from cardservice.texts.tables import OUTCOMES, PROBLEMS, REASONS
from cardservice.verify.examination import Examination, Problem

Document = dict[str, Any]
_ENCODER: Final = JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_NAME: Final = '{"name":"'  # what stands between the values of a check that is written as text
_OUTCOME: Final = '","outcome":"'
_REASON: Final = '","reason":"'
_DECISIVE: Final = '","decisive":true,"age_s":'
_SHOWN: Final = '","decisive":false,"age_s":'
_NOTHING: Final[Mapping[str, Any]] = {
    "outcome": None,
    "deciding": None,
    "sentence": None,
    "at": None,
    "grade": None,
    "signed_at": None,
    "proved": False,
    "ran": None,
    "skipped": None,
    "holder": None,
    "insurance": None,
    "problem": None,
}


def verdict_document(examination: Examination, *, language: Language, holder: bool) -> Document:
    """Return what came of a card, ready for JSON: names and codes are stable.

    Without a verdict ``outcome`` is null and ``problem`` says why; the members are always the
    same.

    Args:
        examination: of one card.
        language: of the sentence.
        holder: whether the person's data are wanted; who does not need them asks for none.
    """
    verdict = examination.verdict
    checks = [] if verdict is None else [_check(one) for one in verdict.checks]
    return {**_besides_checks(examination, language, holder=holder), "checks": checks}


def verdict_json(examination: Examination, *, language: Language, holder: bool) -> str:
    """Return the same document as JSON text, in a third of the time: it is written all day."""
    verdict = examination.verdict
    checks = "" if verdict is None else ",".join([_check_json(one) for one in verdict.checks])
    rest = _ENCODER.encode(_besides_checks(examination, language, holder=holder))
    return f'{rest[:-1]},"checks":[{checks}]}}'


def _besides_checks(examination: Examination, language: Language, *, holder: bool) -> Document:
    verdict = examination.verdict
    if verdict is None:
        return _problem(examination.problem or Problem.CARD_UNREADABLE, language)
    shown = examination.holder if holder else None
    deciding = verdict.deciding  # found by a walk over all checks; its outcome is the verdict's
    return {
        "outcome": deciding.outcome,
        "deciding": _deciding(deciding),
        "sentence": _sentence(deciding, language),
        "at": _time(verdict.at),
        "grade": verdict.grade,
        "signed_at": None if verdict.signed_at is None else _time(verdict.signed_at),
        "proved": examination.proved,
        "ran": sorted(verdict.ran),
        "skipped": list(verdict.skipped),
        "holder": None if shown is None else _holder(shown),
        "insurance": None if examination.insurance is None else _insurance(examination.insurance),
        "problem": None,
    }


def _problem(problem: Problem, language: Language) -> Document:
    said = translations(language).gettext(PROBLEMS[problem].sentence)
    return {**_NOTHING, "ran": [], "skipped": [], "sentence": said, "problem": problem}


def _sentence(deciding: Check, language: Language) -> str:
    """What decided says more than the word; only of a good card there is nothing to add."""
    if deciding.outcome is Outcome.VALID:
        said = OUTCOMES[Outcome.VALID].sentence
    else:
        said = REASONS[deciding.reason].sentence
    return translations(language).gettext(said)


def _deciding(check: Check) -> dict[str, str]:
    return {"name": check.name, "reason": check.reason}


def _check(check: Check) -> Document:
    return {
        "name": check.name,
        "outcome": check.outcome,
        "reason": check.reason,
        "decisive": check.decisive,
        "age_s": None if check.age is None else int(check.age.total_seconds()),
    }


def _check_json(check: Check) -> str:
    """Return ``_check`` as text; its codes hold nothing that JSON would have to escape."""
    age = "null" if check.age is None else str(int(check.age.total_seconds()))
    end = _DECISIVE if check.decisive else _SHOWN
    # Added up: to format members of enumerations takes twice as long.
    return _NAME + check.name + _OUTCOME + check.outcome + _REASON + check.reason + end + age + "}"


def _holder(holder: Holder) -> Document:
    citizenship = holder.citizenship
    return {
        "enp": str(holder.enp),
        "surname": holder.surname,
        "given_name": holder.given_name,
        "patronymic": holder.patronymic,
        "sex": holder.sex,
        "birth_date": holder.birth_date.isoformat(),
        "birth_place": holder.birth_place,
        "citizenship": None
        if citizenship is None
        else {"code": citizenship.code, "name": citizenship.name},
        "snils": None if holder.snils is None else str(holder.snils),
    }


def _insurance(period: InsurancePeriod) -> Document:
    return {
        "ogrn": str(period.ogrn),
        "okato": str(period.okato),
        "start_date": period.start_date.isoformat(),
        "end_date": _day(period.end_date),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _time(at: datetime) -> str:
    """Return the time in UTC with ``Z``, to the second. Source: RFC 3339, 5.6."""
    return at.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"

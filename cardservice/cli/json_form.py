"""How a verdict and a card are printed for programs; ``docs/commands.md`` lists the members."""

from typing import Any

from cardservice.cli.wording import sayer
from cardservice.domain.verdict import Check
from cardservice.home.inspection import Inspection
from cardservice.texts.languages import Language
from cardservice.texts.tables import REASONS
from cardservice.verify.examination import Examination


def examination_to_json(examination: Examination, language: Language) -> dict[str, Any]:
    """Return the examination as JSON members; dates in ISO 8601, times in milliseconds."""
    verdict = examination.verdict
    return {
        "outcome": None if verdict is None else verdict.outcome.value,
        "problem": examination.problem,
        "proved": examination.proved,
        "checks": [] if verdict is None else [_check(one, language) for one in verdict.checks],
        "holder": _holder(examination),
        "insurance": _insurance(examination),
        "ran": [] if verdict is None else sorted(verdict.ran),
        "signed_at": _iso(verdict.signed_at if verdict else None),
        "skipped": [] if verdict is None else list(verdict.skipped),
        "elapsed_ms": round(examination.elapsed_ms, 3),
        "commands": examination.commands,
    }


def inspection_to_json(inspection: Inspection, language: Language) -> dict[str, Any]:
    """Return the same with what the chip tells of itself; octets in hexadecimal."""
    identity = inspection.identity
    return {
        "atr": inspection.atr.hex().upper(),
        "life_cycle": None if inspection.life_cycle is None else f"{inspection.life_cycle:02X}",
        "key_versions": [f"{version:02X}" for version in inspection.key_versions],
        "chip_serial": None if identity is None else identity.chip_serial.hex().upper(),
        "fund": None if identity is None else identity.fund,
        "status_list": None
        if identity is None
        else {"number": identity.list_number, "index": identity.list_index},
        **examination_to_json(inspection.examination, language),
    }


def _check(check: Check, language: Language) -> dict[str, Any]:
    say, phrase = sayer(language), REASONS[check.reason]
    return {
        "name": check.name,
        "outcome": check.outcome,
        "reason": check.reason,
        "decisive": check.decisive,
        "sentence": say(phrase.sentence),
        "remedy": None if phrase.remedy is None else say(phrase.remedy),
        "age_s": None if check.age is None else round(check.age.total_seconds()),
    }


def _holder(examination: Examination) -> dict[str, Any] | None:
    holder = examination.holder
    if holder is None:
        return None
    country = holder.citizenship
    return {
        "enp": holder.enp,
        "surname": holder.surname,
        "given_name": holder.given_name,
        "patronymic": holder.patronymic,
        "sex": holder.sex,
        "birth_date": holder.birth_date.isoformat(),
        "birth_place": holder.birth_place,
        "citizenship": None if country is None else {"code": country.code, "name": country.name},
        "snils": holder.snils,
    }


def _insurance(examination: Examination) -> dict[str, Any] | None:
    insurance = examination.insurance
    if insurance is None:
        return None
    return {
        "ogrn": insurance.ogrn,
        "okato": insurance.okato,
        "start_date": insurance.start_date.isoformat(),
        "end_date": _iso(insurance.end_date),
    }


def _iso(moment: Any) -> str | None:
    return None if moment is None else str(moment.isoformat())

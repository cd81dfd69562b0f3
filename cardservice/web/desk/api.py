"""GET /api/v1/desk: what the desk shows, for programs. No photo."""

from datetime import date, datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from cardservice.domain.holder import Sex
from cardservice.domain.verdict import Check, CheckName, Outcome, ProtocolName, Reason, Verdict
from cardservice.texts.catalog import translations
from cardservice.texts.languages import Language
from cardservice.texts.tables import REASONS
from cardservice.verify.examination import Examination, Problem
from cardservice.web.context import Context, RequestLanguage
from cardservice.web.desk.state import DeskState, Phase, ReaderState

router = APIRouter(prefix="/api/v1/desk", tags=["desk"])


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class TroubleAnswer(_Answer):
    message: str
    remedy: str


class HolderAnswer(_Answer):
    enp: str
    surname: str
    given_name: str
    patronymic: str | None
    sex: Sex
    birth_date: date
    snils: str | None


class InsuranceAnswer(_Answer):
    ogrn: str
    okato: str
    start_date: date
    end_date: date | None


class CheckAnswer(_Answer):
    """``age_s``: seconds since the data it rests on were fetched; null when from the card."""

    name: CheckName
    outcome: Outcome
    reason: Reason
    decisive: bool
    sentence: str
    remedy: str | None
    age_s: float | None


class VerdictAnswer(_Answer):
    """``ran``: the protocols that ran and succeeded, sorted."""

    outcome: Outcome
    at: datetime
    signed_at: datetime | None
    ran: tuple[ProtocolName, ...]
    skipped: tuple[str, ...]
    checks: tuple[CheckAnswer, ...]


class ReaderAnswer(_Answer):
    """One reader. ``proved``: holder and insurance are covered by a good signature."""

    reader: str
    phase: Phase
    presentation: int
    problem: Problem | None = None
    verdict: VerdictAnswer | None = None
    holder: HolderAnswer | None = None
    insurance: InsuranceAnswer | None = None
    proved: bool = False
    elapsed_ms: float | None = None


class DeskAnswer(_Answer):
    version: int
    trouble: TroubleAnswer | None
    readers: tuple[ReaderAnswer, ...]


@router.get("")
async def read_desk(context: Context, language: RequestLanguage) -> DeskAnswer:
    """Tell the present state of every reader; sentences in the language asked for."""
    return desk_answer(context.hub.state, language)


def desk_answer(desk: DeskState, language: Language) -> DeskAnswer:
    """Return the state as it goes to programs."""
    trouble = TroubleAnswer.model_validate(desk.trouble) if desk.trouble else None
    readers = tuple(_reader(one, language) for one in desk.readers)
    return DeskAnswer(version=desk.version, trouble=trouble, readers=readers)


def _reader(state: ReaderState, language: Language) -> ReaderAnswer:
    bare = ReaderAnswer(reader=state.reader, phase=state.phase, presentation=state.presentation)
    result = state.examination
    return bare if result is None else bare.model_copy(update=_result(result, language))


def _result(result: Examination, language: Language) -> dict[str, object]:
    verdict, holder, insurance = result.verdict, result.holder, result.insurance
    return {
        "problem": result.problem,
        "verdict": _verdict(verdict, language) if verdict else None,
        "holder": HolderAnswer.model_validate(holder) if verdict and holder else None,
        "insurance": InsuranceAnswer.model_validate(insurance) if verdict and insurance else None,
        "proved": result.proved,
        "elapsed_ms": result.elapsed_ms,
    }


def _verdict(verdict: Verdict, language: Language) -> VerdictAnswer:
    return VerdictAnswer(
        outcome=verdict.outcome,
        at=verdict.at,
        signed_at=verdict.signed_at,
        ran=tuple(sorted(verdict.ran)),
        skipped=verdict.skipped,
        checks=tuple(_check(one, language) for one in verdict.checks),
    )


def _check(check: Check, language: Language) -> CheckAnswer:
    say, said = translations(language).gettext, REASONS[check.reason]
    return CheckAnswer(
        name=check.name,
        outcome=check.outcome,
        reason=check.reason,
        decisive=check.decisive,
        sentence=say(said.sentence),
        remedy=None if said.remedy is None else say(said.remedy),
        age_s=None if check.age is None else check.age.total_seconds(),
    )

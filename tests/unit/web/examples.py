"""Fictional cards and what an examiner says of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from cardservice.domain.holder import Holder, Sex
from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.numbers import Enp, Ogrn, Okato, Snils
from cardservice.domain.verdict import Check, CheckName, Outcome, ProtocolName, Reason, Verdict
from cardservice.policycard.photo import Photo, PhotoFormat
from cardservice.verify.examination import Examination, Problem
from tests.unit.papers.portraits import portrait_of, written

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SIGNED_AT = datetime(2026, 3, 12, tzinfo=UTC)

IVANOV = Holder(
    enp=Enp("0054910834000015"),
    surname="ИВАНОВ",
    given_name="ИВАН",
    patronymic="ИВАНОВИЧ",
    sex=Sex.MALE,
    birth_date=date(1980, 5, 15),
    snils=Snils("112-233-445 95"),
)
MAMONTOVA = Holder(
    enp=Enp("0050610893000021"),
    surname="МАМОНТОВА",
    given_name="УЛЬЯНА",
    patronymic="ВИКТОРОВНА",
    sex=Sex.FEMALE,
    birth_date=date(1983, 9, 6),
)
INSURANCE = InsurancePeriod(
    ogrn=Ogrn("1009900000010"), okato=Okato("00001"), start_date=date(2023, 4, 12)
)

GOOD = {
    CheckName.CHIP_GENUINE: Reason.CHIP_PROVED,
    CheckName.DATA_SIGNED: Reason.DATA_INTACT,
    CheckName.SIGNER_TRUSTED: Reason.SIGNER_GOOD,
    CheckName.TERMINAL_AUTHORISED: Reason.TERMINAL_NOT_NEEDED,
    CheckName.CARD_NOT_BLOCKED: Reason.CARD_ACTIVE,
    CheckName.POLICY_IN_FORCE: Reason.POLICY_GOOD,
    CheckName.INSURER_CURRENT: Reason.INSURER_GOOD,
    CheckName.COVER_HERE: Reason.COVER_TERRITORIAL,
    CheckName.BEARER: Reason.BEARER_NOT_CONFIRMED,
}
AGES = {
    CheckName.SIGNER_TRUSTED: timedelta(hours=2),
    CheckName.CARD_NOT_BLOCKED: timedelta(minutes=12),
    CheckName.INSURER_CURRENT: timedelta(minutes=12),
}
INDECISIVE = {CheckName.TERMINAL_AUTHORISED, CheckName.BEARER}


def verdict(**worse: tuple[Outcome, Reason]) -> Verdict:
    """Return a valid verdict, with the checks named like ``chip_genuine`` turned out worse."""
    found = {CheckName(name.replace("_", "-")): answer for name, answer in worse.items()}
    return Verdict(
        checks=tuple(_check(name, found.get(name)) for name in CheckName),
        at=AT,
        signed_at=SIGNED_AT,
        ran=frozenset({ProtocolName.CHIP_AUTHENTICATION, ProtocolName.PASSIVE_AUTHENTICATION}),
    )


def _check(name: CheckName, found: tuple[Outcome, Reason] | None) -> Check:
    usual = Outcome.UNDECIDED if name is CheckName.BEARER else Outcome.VALID
    outcome, reason = found or (usual, GOOD[name])
    age = AGES.get(name) if reason in GOOD.values() else None
    return Check(name, outcome, reason, age=age, decisive=name not in INDECISIVE)


def examined(said: Verdict, *, holder: Holder = IVANOV, proved: bool = True) -> Examination:
    """Return the examination of a card that was read."""
    return Examination(
        verdict=said,
        holder=holder,
        insurance=INSURANCE,
        proved=proved,
        elapsed_ms=412.0,
        commands=19,
    )


VALID = examined(verdict())
OTHER_VALID = examined(verdict(), holder=MAMONTOVA)
COPIED = examined(verdict(chip_genuine=(Outcome.INVALID, Reason.CHIP_COPIED)))
OFFLINE = examined(verdict(card_not_blocked=(Outcome.UNDECIDED, Reason.REGISTER_UNREACHABLE)))
FIELD_CARD = examined(
    verdict(
        chip_genuine=(Outcome.UNDECIDED, Reason.NO_TRUST_LAYER),
        data_signed=(Outcome.UNDECIDED, Reason.NO_TRUST_LAYER),
        signer_trusted=(Outcome.UNDECIDED, Reason.NO_TRUST_LAYER),
        card_not_blocked=(Outcome.UNDECIDED, Reason.CARD_UNKNOWN),
    ),
    proved=False,
)
BLANK = Examination(
    verdict=Verdict(
        checks=(Check(CheckName.CARD_NOT_BLOCKED, Outcome.INVALID, Reason.CARD_NOT_PERSONALIZED),),
        at=AT,
    ),
    elapsed_ms=40.0,
)
BANK_CARD = Examination(problem=Problem.NOT_A_POLICY_CARD, elapsed_ms=31.0, commands=2)
CLOSED = Examination(problem=Problem.ACCESS_REFUSED, elapsed_ms=29.0, commands=5)
OPENED = replace(
    VALID, verdict=replace(verdict(), ran=verdict().ran | {ProtocolName.PACE}), commands=31
)
CAN = "493826"
WRONG_CAN = "111111"


def _photo() -> Photo:
    image = written(portrait_of(324, 414), "JPEG", quality=60)
    return Photo(PhotoFormat.JPEG, image)


PICTURED = replace(VALID, photo=_photo())

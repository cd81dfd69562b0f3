"""A service, or whoever stands in for it, that lies: nothing is let in, nothing is lost."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.desk.knowledge import Knowledge
from cardservice.desk.signed_time import TimeFault, TimeProofError, verify_time
from cardservice.desk.trust_bundle import TrustError, TrustFault
from cardservice.domain.proven_time import Moment, TimeGrade
from cardservice.domain.verdict import CheckName, Outcome, Reason
from cardservice.errors import UsageError
from cardservice.pki.service_tokens import TrustClaims, sign_time, sign_trust
from cardservice.pki.status_list import StatusListError, StatusListFault, StatusType
from cardservice.pki.status_list_tokens import TokenForm
from tests.adversarial.desk_time.desks import (
    HOUR,
    LIST,
    NONCE,
    PLACE,
    SECOND,
    URI,
    Service,
    WholeDesk,
    signer,
)
from tests.chain import NOW, issuer

FOREIGN = "Foreign Scheme"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(tmp_path: Path) -> WholeDesk:
    made = WholeDesk(tmp_path / "desk")
    made.refresh()
    made.run(HOUR)
    return made


def unchanged(desk: WholeDesk) -> bool:
    """Say whether the desk still judges by what it knew an hour ago."""
    check = desk.check(CheckName.CARD_NOT_BLOCKED)
    return (desk.outcome(), check.age) == (Outcome.VALID, HOUR)


LISTS: list[tuple[Callable[[Service], bytes], StatusListFault]] = [
    (lambda one: one.status_list(at=NOW - SECOND), StatusListFault.OLDER),
    (lambda one: one.status_list(at=NOW - 97 * HOUR), StatusListFault.EXPIRED),
    (lambda one: one.status_list(at=one.now + 6 * MINUTE), StatusListFault.NOT_YET),
    (lambda one: one.status_list(uri=URI + "0"), StatusListFault.OTHER_LIST),
    (lambda one: one.status_list(by=FOREIGN), StatusListFault.SIGNER_UNDECIDED),
    (lambda one: one.status_list()[:-1] + b"\x00", StatusListFault.ALTERED),
    (lambda one: one.status_list()[:-1], StatusListFault.MALFORMED),
    (lambda _: b"", StatusListFault.MALFORMED),
    (lambda _: b'{"1": "valid"}', StatusListFault.MALFORMED),
    (lambda one: one.trust().encode(), StatusListFault.MALFORMED),
]


@pytest.mark.parametrize(("make", "fault"), LISTS)
def test_no_such_list_is_taken(
    make: Callable[[Service], bytes], fault: StatusListFault, desk: WholeDesk
) -> None:
    with pytest.raises(StatusListError) as caught:
        desk.knowledge.take_list(LIST, make(desk.service))
    assert caught.value.fault is fault
    assert unchanged(desk)


def trust(desk: WholeDesk, **changes: object) -> TrustClaims:
    said: dict[str, object] = {
        "issued": desk.service.now,
        "expires": desk.service.now + HOUR,
        "roots": (issuer().root.certificate.der,),
        "revocations": (),
        "lists": {LIST: URI},
    }
    return TrustClaims(**{**said, **changes})  # type: ignore[arg-type]


TRUSTS: list[tuple[dict[str, object], TrustFault]] = [
    ({"issued": NOW - SECOND}, TrustFault.OLDER),
    ({"issued": NOW + 2 * HOUR, "expires": NOW + 3 * HOUR}, TrustFault.NOT_YET),
    ({"expires": NOW}, TrustFault.EXPIRED),
    (
        {"revocations": (issuer(FOREIGN).revocations(at=NOW, number=9),)},
        TrustFault.REVOCATIONS_REFUSED,
    ),
    (
        {"revocations": (issuer().revocations(at=NOW - HOUR, number=1),)},
        TrustFault.REVOCATIONS_OLDER,
    ),
]


@pytest.mark.parametrize(("changes", "fault"), TRUSTS)
def test_no_such_trust_is_taken(
    changes: dict[str, object], fault: TrustFault, desk: WholeDesk
) -> None:
    with pytest.raises(TrustError) as caught:
        desk.knowledge.take_trust(sign_trust(signer(), trust(desk, **changes)))
    assert caught.value.fault is fault
    assert unchanged(desk)


def test_trust_signed_by_another_scheme_that_brings_its_own_root_is_refused(
    desk: WholeDesk,
) -> None:
    claims = trust(
        desk,
        roots=(issuer(FOREIGN).root.certificate.der,),
        revocations=(),
    )
    with pytest.raises(TrustError) as caught:
        desk.knowledge.take_trust(sign_trust(signer(FOREIGN), claims))
    assert caught.value.fault is TrustFault.SIGNER_UNDECIDED
    assert unchanged(desk)


def test_a_root_slipped_into_good_trust_makes_no_foreign_card_good(desk: WholeDesk) -> None:
    foreign = issuer(FOREIGN)
    token = sign_trust(signer(), trust(desk, roots=(foreign.root.certificate.der,)))
    bundle = desk.knowledge.take_trust(token)
    assert bundle.not_linked == 1
    judged = desk.knowledge.trust_store().judge_signer(
        foreign.signer.certificate.der, signing_time=NOW, now=desk.time.now().at
    )
    assert (judged.outcome, judged.reason) == (Outcome.UNDECIDED, Reason.SIGNER_UNKNOWN)


def test_a_signed_time_in_the_past_is_refused(desk: WholeDesk) -> None:
    with pytest.raises(TimeProofError) as caught:
        desk.prove(sign_time(signer(), nonce=NONCE, at=NOW))
    assert caught.value.fault is TimeFault.WENT_BACK
    assert unchanged(desk)


def test_a_signed_time_further_ahead_than_its_key_lasts_cannot_be_made_or_believed(
    desk: WholeDesk,
) -> None:
    with pytest.raises(UsageError):
        sign_time(signer(), nonce=NONCE, at=NOW + timedelta(days=400))
    assert unchanged(desk)


def test_a_signed_time_in_the_future_makes_knowledge_older_and_no_card_valid(
    desk: WholeDesk,
) -> None:
    desk.prove(sign_time(signer(), nonce=NONCE, at=NOW + 74 * HOUR))
    assert desk.outcome() is Outcome.UNDECIDED


@pytest.mark.parametrize("token", ["", "{}", '{"now_ms": 1}', "1794562200000", "e30.e30.e30"])
def test_an_unsigned_time_is_none(token: str, desk: WholeDesk) -> None:
    with pytest.raises(TimeProofError) as caught:
        verify_time(token, nonce=NONCE, signers=desk.knowledge.signers)
    assert caught.value.fault is TimeFault.MALFORMED


def test_a_time_signed_for_another_desk_is_refused(desk: WholeDesk) -> None:
    token = sign_time(signer(), nonce="YW5vdGhlciBub25jZSE", at=desk.service.now)
    with pytest.raises(TimeProofError) as caught:
        verify_time(token, nonce=NONCE, signers=desk.knowledge.signers)
    assert caught.value.fault is TimeFault.OTHER_QUESTION


def test_a_blocked_card_is_invalid_offline(desk: WholeDesk) -> None:
    desk.service.statuses = {PLACE: StatusType.SUSPENDED}
    desk.knowledge.take_list(LIST, desk.service.status_list())
    assert desk.outcome() is Outcome.INVALID
    assert desk.check(CheckName.CARD_NOT_BLOCKED).reason is Reason.CARD_BLOCKED


def test_a_list_as_jwt_where_a_cwt_is_asked_for_is_refused(desk: WholeDesk) -> None:
    with pytest.raises(StatusListError):
        desk.knowledge.take_list(LIST, b"x." * 2 + TokenForm.JWT.value.encode())
    assert unchanged(desk)


@given(octets=st.binary(max_size=400))
def test_no_octets_make_the_readers_fail_in_another_way(octets: bytes) -> None:
    text = octets.decode("latin-1")
    knowledge = _empty()
    for do in (
        lambda: knowledge.take_trust(text),
        lambda: verify_time(text, nonce=NONCE, signers=knowledge.signers),
    ):
        with pytest.raises((TrustError, TimeProofError)):
            do()


def _empty() -> Knowledge:
    return Knowledge(
        [issuer().root.certificate.der],
        production=False,
        moments=lambda: Moment(at=NOW, grade=TimeGrade.PROVEN),
    )

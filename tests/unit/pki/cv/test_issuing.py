"""The offices that issue CV certificates, and what they refuse."""

from datetime import date, timedelta

import pytest

from cardservice.errors import UsageError
from cardservice.pki.cv.certificates import parse_certificate
from cardservice.pki.cv.chains import verify_chain, verify_trust_point
from cardservice.pki.cv.issuing import (
    DOCUMENT_VERIFIER_DAYS,
    TERMINAL_DAYS,
    Cvca,
    DocumentVerifier,
    create_cvca,
)
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.cv.requests import VerifiedRequest, create_request, verify_request
from cardservice.pki.cv.terms import ALL_RIGHTS, NO_RIGHTS, Role, TerminalRights
from tests.unit.pki.cv.office import (
    BEGIN,
    CVCA,
    END,
    NEXT_BEGIN,
    TERMINAL,
    TODAY,
    VERIFIER,
    cvca,
    key,
    link,
    published,
    request,
    terminal,
    trusted,
    verifier,
)

DAY = timedelta(days=1)
READ = TerminalRights.READ_POLICY


def test_a_trust_point_signs_itself() -> None:
    certificate = cvca().certificate
    assert certificate.is_self_signed
    assert certificate.chat.role is Role.CVCA
    assert (certificate.effective, certificate.expiration) == (BEGIN, END)
    assert verify_trust_point(parse_certificate(certificate.octets)).certificate == certificate


def test_a_verifier_is_domestic_and_lasts_ninety_days_with_the_first() -> None:
    certificate = verifier().certificate
    assert certificate.chat.role is Role.DOMESTIC_DV
    assert certificate.effective == NEXT_BEGIN
    assert certificate.expiration == NEXT_BEGIN + (DOCUMENT_VERIFIER_DAYS - 1) * DAY
    assert (certificate.car, certificate.chr) == (CVCA.encode(), VERIFIER.encode())


def test_a_terminal_lasts_a_week_with_the_first_day() -> None:
    assert terminal().chat.role is Role.TERMINAL
    assert terminal().expiration == TODAY + (TERMINAL_DAYS - 1) * DAY
    assert (terminal().car, terminal().chr) == (VERIFIER.encode(), TERMINAL.encode())


@pytest.mark.parametrize("days", [-1, 0, TERMINAL_DAYS + 1])
def test_a_terminal_for_no_day_or_more_than_a_week_is_refused(days: int) -> None:
    with pytest.raises(UsageError, match="1 to 7"):
        verifier().issue_terminal(request("terminal", TERMINAL), rights=READ, at=TODAY, days=days)


@pytest.mark.parametrize("days", [0, DOCUMENT_VERIFIER_DAYS + 1])
def test_a_verifier_for_no_day_or_more_than_ninety_is_refused(days: int) -> None:
    with pytest.raises(UsageError, match="1 to 90"):
        cvca().issue_document_verifier(
            request("verifier", VERIFIER), rights=READ, at=TODAY, days=days
        )


def test_one_day_is_a_term() -> None:
    one = verifier().issue_terminal(request("terminal", TERMINAL), rights=READ, at=TODAY, days=1)
    assert one.effective == one.expiration == TODAY


def test_nothing_outlives_its_issuer() -> None:
    last = verifier().certificate.expiration
    late = verifier().issue_terminal(request("terminal", TERMINAL), rights=READ, at=last - 2 * DAY)
    assert late.expiration == last
    for day in (last + DAY, verifier().certificate.effective - DAY):
        with pytest.raises(UsageError, match="not valid on that day"):
            verifier().issue_terminal(request("terminal", TERMINAL), rights=READ, at=day)


def test_nobody_gives_rights_they_do_not_have() -> None:
    limited = verifier(1, TerminalRights.READ_POLICY)
    for rights in (ALL_RIGHTS, TerminalRights.WRITE_INSURER):
        with pytest.raises(UsageError, match="rights"):
            limited.issue_terminal(request("terminal", TERMINAL), rights=rights, at=TODAY)
    none = limited.issue_terminal(request("terminal", TERMINAL), rights=NO_RIGHTS, at=TODAY)
    assert none.chat.rights == NO_RIGHTS


def test_a_request_for_another_authority_is_refused() -> None:
    elsewhere = verify_request(create_request(key("terminal"), holder=TERMINAL, authority=CVCA))
    with pytest.raises(UsageError, match="another authority"):
        verifier().issue_terminal(elsewhere, rights=READ, at=TODAY)
    here = verify_request(create_request(key("terminal"), holder=TERMINAL, authority=VERIFIER))
    assert verifier().issue_terminal(here, rights=READ, at=TODAY).chr == TERMINAL.encode()


def test_a_key_on_another_curve_would_not_be_understood_and_is_refused() -> None:
    foreign = published("cvca-DETESTeID00001").public_key
    wish = VerifiedRequest(foreign, TERMINAL.encode())
    with pytest.raises(UsageError, match="curve"):
        verifier().issue_terminal(wish, rights=READ, at=TODAY)


def test_a_certificate_needs_its_own_key_and_its_own_kind_of_office() -> None:
    with pytest.raises(UsageError, match="key"):
        Cvca(cvca().certificate, key("verifier"))
    with pytest.raises(UsageError, match="not of this kind"):
        Cvca(verifier().certificate, key("verifier"))
    with pytest.raises(UsageError, match="not of this kind"):
        DocumentVerifier(cvca().certificate, key("cvca 1"))
    with pytest.raises(UsageError, match="not of this kind"):
        DocumentVerifier(terminal(), key("terminal"))


def test_the_link_says_what_the_successor_says_under_the_old_signature() -> None:
    successor = cvca(2).certificate
    assert (link().car, link().chr) == (CVCA.encode(), CVCA.next().encode())
    for name in ("public_key", "chat", "effective", "expiration"):
        assert getattr(link(), name) == getattr(successor, name)
    assert trusted(1).verify(link().signature, link().body) == link().body


@pytest.mark.parametrize(
    ("holder", "effective"),
    [
        (CVCA, NEXT_BEGIN),
        (VERIFIER, NEXT_BEGIN),
        (CVCA.next(), BEGIN - DAY),
        (CVCA.next(), END + DAY),
    ],
    ids=["same key number", "another holder", "before our time", "after our time"],
)
def test_a_link_leads_to_the_same_holders_next_key_in_time(
    holder: HolderReference, effective: date
) -> None:
    other = create_cvca(
        key("cvca 2"),
        holder=holder,
        effective=effective,
        expiration=END + 100 * DAY,
    )
    with pytest.raises(UsageError):
        cvca().link_to(other.certificate)


def test_a_link_is_made_of_a_self_signed_certificate_only() -> None:
    with pytest.raises(UsageError):
        cvca().link_to(link())


def test_a_trust_point_that_ends_before_it_begins_is_not_made() -> None:
    with pytest.raises(UsageError):
        create_cvca(key("cvca 1"), holder=CVCA, effective=END, expiration=BEGIN)


def test_rollover_leaves_old_terminals_good_and_leads_to_new_ones() -> None:
    old = verify_chain(trusted(1), [verifier(1).certificate, terminal(1)], on=TODAY)
    new = verify_chain(trusted(1), [link(), verifier(2).certificate, terminal(2)], on=TODAY)
    assert old.rights == new.rights
    assert new.certificates[0].chr == cvca(2).certificate.chr

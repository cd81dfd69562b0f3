"""Certificates that ask for more than their issuer gave: each is refused before any card."""

from datetime import timedelta

import pytest

from cardservice.errors import AuthenticationError, MalformedDataError, PeerError
from cardservice.pki.cv.certificates import CvCertificate, parse_certificate
from cardservice.pki.cv.chains import verify_chain, verify_issued, verify_trust_point
from cardservice.pki.cv.chat import Chat
from cardservice.pki.cv.issuing import create_cvca
from cardservice.pki.cv.keys import CvPublicKey, public_key_of
from cardservice.pki.cv.terms import ALL_RIGHTS, NO_RIGHTS, Role, TerminalRights
from tests.unit.pki.cv.office import (
    BEGIN,
    CVCA,
    END,
    TERMINAL,
    TODAY,
    VERIFIER,
    cvca,
    each_octet,
    key,
    link,
    resigned,
    terminal,
    trusted,
    verifier,
)

DAY = timedelta(days=1)
OFFICE = verifier().certificate
IMPOSTOR = create_cvca(key("impostor"), holder=CVCA, effective=BEGIN, expiration=END)


def chat(role: Role, rights: TerminalRights = ALL_RIGHTS) -> Chat:
    return Chat.inspection_system(role, rights)


def refused(*chain: CvCertificate, because: str) -> None:
    with pytest.raises(AuthenticationError, match=because):
        verify_chain(trusted(), chain, on=TODAY)


def test_the_untouched_chain_is_good() -> None:
    assert verify_chain(trusted(), [OFFICE, terminal()], on=TODAY).rights == ALL_RIGHTS


def test_an_expired_terminal_is_refused() -> None:
    old = resigned(terminal(), key("verifier"), effective=TODAY - 9 * DAY, expiration=TODAY - DAY)
    refused(OFFICE, old, because="expired")


def test_a_terminal_ahead_of_its_time_is_refused() -> None:
    refused(OFFICE, resigned(terminal(), key("verifier"), effective=TODAY + DAY), because="not eff")


def test_a_verifier_of_another_trust_point_of_the_same_name_is_refused() -> None:
    foreign = resigned(OFFICE, key("impostor"))
    assert foreign.car == IMPOSTOR.certificate.chr == trusted().certificate.chr
    refused(foreign, terminal(), because="does not verify")


def test_a_verifier_of_another_trust_point_is_refused() -> None:
    refused(verifier(2).certificate, terminal(2), because="another authority")


def test_a_terminal_that_claims_more_rights_than_its_verifier_does_not_get_them() -> None:
    modest = resigned(OFFICE, key("cvca 1"), chat=chat(Role.DOMESTIC_DV, TerminalRights(1)))
    verified = verify_chain(trusted(), [modest, terminal()], on=TODAY)
    assert terminal().chat.rights == ALL_RIGHTS
    assert verified.rights == TerminalRights.READ_POLICY


def test_a_trust_point_limits_all_under_it() -> None:
    narrow = create_cvca(
        key("cvca 1"), holder=CVCA, effective=BEGIN, expiration=END, rights=NO_RIGHTS
    )
    start = verify_trust_point(narrow.certificate)
    assert verify_chain(start, [OFFICE, terminal()], on=TODAY).rights == NO_RIGHTS


@pytest.mark.parametrize(
    "roles",
    [
        (Role.TERMINAL, Role.TERMINAL),
        (Role.DOMESTIC_DV, Role.DOMESTIC_DV),
        (Role.DOMESTIC_DV, Role.FOREIGN_DV),
    ],
    ids=lambda roles: " to ".join(role.name for role in roles),
)
def test_roles_in_another_order_are_refused(roles: tuple[Role, Role]) -> None:
    office = resigned(OFFICE, key("cvca 1"), chat=chat(roles[0]))
    desk = resigned(terminal(), key("verifier"), chat=chat(roles[1]))
    refused(office, desk, because="role")


def test_a_trust_point_issues_no_terminal_itself() -> None:
    direct = resigned(terminal(), key("cvca 1"), car=CVCA.encode())
    refused(direct, because="role")


def test_a_terminal_issues_nothing() -> None:
    desk = verify_issued(terminal(), verify_issued(OFFICE, trusted()))
    forged = resigned(terminal(), key("terminal"), car=TERMINAL.encode(), chr=VERIFIER.encode())
    with pytest.raises(AuthenticationError, match="role"):
        verify_issued(forged, desk)


def test_a_verifier_makes_no_trust_point() -> None:
    office = verify_issued(OFFICE, trusted())
    forged = resigned(
        cvca(2).certificate,
        key("verifier"),
        car=VERIFIER.encode(),
        public_key=public_key_of(key("impostor")),
    )
    with pytest.raises(AuthenticationError, match="role"):
        verify_issued(forged, office)


def test_a_link_signed_by_its_own_new_key_leads_nowhere() -> None:
    forged = resigned(link(), key("cvca 2"))
    refused(forged, verifier(2).certificate, terminal(2), because="does not verify")


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_chain_with_a_certificate_left_out_is_broken(missing: int) -> None:
    whole = [link(), verifier(2).certificate, terminal(2)]
    del whole[missing]
    with pytest.raises(AuthenticationError):
        verify_chain(trusted(), whole, on=TODAY)


def test_certificates_in_another_order_are_refused() -> None:
    refused(terminal(), OFFICE, because="another authority")
    refused(OFFICE, OFFICE, terminal(), because="another authority")


def test_a_trust_point_with_another_ones_signature_is_no_trust_point() -> None:
    forged = resigned(cvca().certificate, key("impostor"))
    with pytest.raises(AuthenticationError):
        verify_trust_point(forged)


def test_a_key_off_the_curve_is_malformed_when_it_is_used() -> None:
    point = public_key_of(key("verifier")).point[:-1] + b"\x00"
    bent = CvPublicKey(OFFICE.public_key.algorithm, point)
    office = resigned(OFFICE, key("cvca 1"), public_key=bent)
    with pytest.raises((MalformedDataError, AuthenticationError)):
        verify_chain(trusted(), [office, terminal()], on=TODAY)


@pytest.mark.parametrize("mask", [0x01, 0x80], ids=hex)
@pytest.mark.parametrize("which", ["office", "desk"])
def test_no_octet_of_a_certificate_can_be_altered(which: str, mask: int) -> None:
    def judge(octets: bytes) -> None:
        chain = {"office": OFFICE, "desk": terminal()} | {which: parse_certificate(octets)}
        verify_chain(trusted(), list(chain.values()), on=TODAY)

    judge((OFFICE if which == "office" else terminal()).octets)
    for octets in each_octet((OFFICE if which == "office" else terminal()).octets, mask):
        with pytest.raises((MalformedDataError, AuthenticationError)):
            judge(octets)


def test_no_octet_of_a_trust_point_or_a_link_can_be_altered() -> None:
    for octets in each_octet(cvca().certificate.octets):
        with pytest.raises((MalformedDataError, AuthenticationError)):
            verify_trust_point(parse_certificate(octets))
    for octets in each_octet(link().octets):
        with pytest.raises((MalformedDataError, AuthenticationError)):
            verify_issued(parse_certificate(octets), trusted())


def test_no_certificate_can_be_truncated() -> None:
    for certificate in (cvca().certificate, OFFICE, terminal()):
        for kept in range(len(certificate.octets)):
            with pytest.raises(PeerError):
                parse_certificate(certificate.octets[:kept])

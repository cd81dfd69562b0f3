"""Chains of trust: the published ones, and ours over a change of the trust point."""

from datetime import date, timedelta

import pytest

from cardservice.errors import AuthenticationError, MalformedDataError
from cardservice.pki.cv.chains import verify_chain, verify_issued, verify_trust_point
from cardservice.pki.cv.terms import ALL_RIGHTS, TerminalRights
from tests.shared import vectors
from tests.unit.pki.cv.office import (
    PUBLISHED,
    TODAY,
    cvca,
    link,
    published,
    terminal,
    trusted,
    verifier,
)

CHAINS = vectors("cv_certificates")["chains"]
PAIRS = [
    (name, issuer)
    for name, one in PUBLISHED.items()
    for issuer, good in one["verifies_with_issuer"].items()
    if good and issuer in PUBLISHED
]


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain["name"])
def test_published_chains_are_judged_as_published(chain: dict[str, object]) -> None:
    names = chain["certs"]
    assert isinstance(names, list)
    first, *rest = map(published, names)
    on = rest[-1].effective
    if chain["valid"]:
        verified = verify_chain(verify_trust_point(first), rest, on=on)
        assert verified.terminal.certificate.chr == rest[-1].chr
        assert verified.certificates == tuple(rest)
        return
    with pytest.raises(AuthenticationError):
        verify_chain(verify_trust_point(first), rest, on=on)


@pytest.mark.parametrize(("name", "issuer"), PAIRS)
def test_published_signatures_verify_with_their_issuers_key(name: str, issuer: str) -> None:
    signed, by = published(name), published(issuer)
    root = "openpace_tc_ecdh_cvca_cert" if "openpace" in issuer else "cvca-DETESTeID00001"
    domain = by.public_key.domain or published(root).public_key.domain
    assert domain is not None
    assert by.public_key.verify(signed.signature, signed.body, domain=domain) == signed.body


def test_the_rights_of_other_terminal_types_mean_nothing_to_us() -> None:
    names = CHAINS[0]["certs"]
    first, *rest = map(published, names)
    verified = verify_chain(verify_trust_point(first), rest, on=rest[-1].effective)
    with pytest.raises(MalformedDataError):
        _ = verified.rights


def test_our_chain_is_good_directly_and_over_the_link() -> None:
    direct = verify_chain(trusted(2), [verifier(2).certificate, terminal(2)], on=TODAY)
    linked = verify_chain(trusted(1), [link(), verifier(2).certificate, terminal(2)], on=TODAY)
    assert direct.rights == linked.rights == ALL_RIGHTS
    assert linked.trust_point.chr == b"RUOMSCVCA00001"
    assert direct.terminal == linked.terminal


@pytest.mark.parametrize("of_verifier", [TerminalRights(value) for value in (0, 1, 3, 5, 7)])
@pytest.mark.parametrize("of_terminal", [TerminalRights(value) for value in (0, 1, 2, 7)])
def test_rights_are_what_all_of_the_chain_have(
    of_verifier: TerminalRights, of_terminal: TerminalRights
) -> None:
    asked = of_terminal & of_verifier
    office = verifier(1, of_verifier)
    chain = [office.certificate, terminal(1, asked)]
    # The same office key with fewer rights in its certificate: the terminal's may name more.
    assert verify_chain(trusted(), chain, on=TODAY).rights == asked
    chain = [office.certificate, terminal(1, of_terminal)]
    assert verify_chain(trusted(), chain, on=TODAY).rights == asked


def test_each_day_from_the_first_to_the_last_is_good_and_no_other() -> None:
    chain = [verifier().certificate, terminal()]
    last = TODAY + timedelta(days=6)
    for day in (TODAY, last):
        assert verify_chain(trusted(), chain, on=day).certificates == tuple(chain)
    for day in (TODAY - timedelta(days=1), last + timedelta(days=1)):
        with pytest.raises(AuthenticationError):
            verify_chain(trusted(), chain, on=day)


def test_an_expired_verifier_takes_its_terminals_with_it() -> None:
    office = verifier()
    after = office.certificate.expiration + timedelta(days=1)
    with pytest.raises(AuthenticationError, match="expired"):
        verify_chain(trusted(), [office.certificate], on=after)


def test_expired_links_and_trust_points_still_lead_on() -> None:
    names = CHAINS[0]["certs"]
    first, *rest = map(published, names)
    on = rest[-1].effective
    assert first.expiration < on
    assert rest[0].expiration < on
    assert verify_chain(verify_trust_point(first), rest, on=on).certificates == tuple(rest)


def test_a_link_ahead_of_its_time_is_not_shown_to_cards() -> None:
    early = cvca(2).certificate.effective - timedelta(days=1)
    with pytest.raises(AuthenticationError, match="not effective"):
        verify_chain(trusted(1), [link()], on=early)


def test_a_chain_that_does_not_end_with_a_terminal_is_refused() -> None:
    for chain in ([], [verifier().certificate], [link()]):
        with pytest.raises(AuthenticationError, match="terminal"):
            verify_chain(trusted(), chain, on=TODAY)


def test_a_link_is_no_trust_point() -> None:
    with pytest.raises(AuthenticationError, match="its own"):
        verify_trust_point(link())


def test_the_curve_is_inherited() -> None:
    issued = verify_issued(verifier().certificate, trusted())
    assert issued.domain is trusted().domain
    assert verify_issued(terminal(), issued).domain is trusted().domain


def test_a_day_far_ahead_is_judged_like_any_other() -> None:
    with pytest.raises(AuthenticationError):
        verify_chain(trusted(), [verifier().certificate, terminal()], on=date(2099, 12, 31))

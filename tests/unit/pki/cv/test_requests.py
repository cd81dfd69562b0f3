"""Requests for certificates: possession proved, and vouched for by the present key."""

import pytest

from cardservice.errors import AuthenticationError, MalformedDataError
from cardservice.pki.cv.chains import verify_issued
from cardservice.pki.cv.keys import plain_signer, public_key_of
from cardservice.pki.cv.requests import (
    authenticate_request,
    create_request,
    verify_authenticated_request,
    verify_request,
)
from tests.unit.pki.cv.coding import assembled, members, objects, tlv, value_of
from tests.unit.pki.cv.office import (
    CVCA,
    TERMINAL,
    VERIFIER,
    each_octet,
    key,
    trusted,
    verifier,
)

PLAIN = create_request(key("new verifier"), holder=VERIFIER.next(), authority=CVCA)
AUTHENTICATED = authenticate_request(PLAIN, key=key("verifier"), holder=VERIFIER)
PRESENT = verify_issued(verifier().certificate, trusted())


def test_a_request_brings_the_key_with_its_curve_and_the_wished_names() -> None:
    tags = [tag for tag, _ in members(PLAIN)]
    assert tags == [0x5F29, 0x42, 0x7F49, 0x5F20]
    assert len(objects(members(PLAIN)[2][1])) == 8
    verified = verify_request(PLAIN)
    assert verified.public_key == public_key_of(key("new verifier"))
    assert (verified.car, verified.chr) == (CVCA.encode(), VERIFIER.next().encode())
    assert verified.authenticated_by is None


def test_the_authority_may_be_left_open() -> None:
    open_request = create_request(key("terminal"), holder=TERMINAL)
    assert 0x42 not in [tag for tag, _ in members(open_request)]
    assert verify_request(open_request).car is None


def test_the_present_key_vouches_for_the_next_one() -> None:
    outer = objects(value_of(AUTHENTICATED, 0x67))
    assert [tag for tag, _ in outer] == [0x7F21, 0x42, 0x5F37]
    covered = PLAIN + tlv(0x42, VERIFIER.encode())
    assert PRESENT.verify(outer[2][1], covered) == covered
    verified = verify_authenticated_request(AUTHENTICATED, present=PRESENT)
    assert verified.authenticated_by == VERIFIER.encode()
    assert verified.octets == PLAIN


@pytest.mark.parametrize("mask", [0x01, 0x80], ids=hex)
def test_no_octet_of_a_request_can_be_altered(mask: int) -> None:
    for altered in each_octet(PLAIN, mask):
        with pytest.raises((MalformedDataError, AuthenticationError)):
            verify_request(altered)


def test_no_octet_of_an_authenticated_request_can_be_altered_or_left_out() -> None:
    for altered in each_octet(AUTHENTICATED):
        with pytest.raises((MalformedDataError, AuthenticationError)):
            verify_authenticated_request(altered, present=PRESENT)
    for kept in range(len(AUTHENTICATED)):
        with pytest.raises(MalformedDataError):
            verify_authenticated_request(AUTHENTICATED[:kept], present=PRESENT)


def test_a_key_that_is_not_the_requesters_is_found_out() -> None:
    body = members(PLAIN)
    body[2] = (0x7F49, objects(public_key_of(key("verifier")).encode())[0][1])
    inner = tlv(0x7F4E, b"".join(tlv(tag, value) for tag, value in body))
    with pytest.raises(AuthenticationError):
        verify_request(assembled(body, plain_signer(key("new verifier"))(inner)))


def test_a_key_without_its_curve_and_another_profile_are_malformed() -> None:
    body = members(PLAIN)
    bare = public_key_of(key("new verifier")).without_domain().encode()
    with pytest.raises(MalformedDataError, match="curve"):
        verify_request(assembled([*body[:2], (0x7F49, objects(bare)[0][1]), body[3]]))
    with pytest.raises(MalformedDataError, match="profile"):
        verify_request(assembled([(0x5F29, b"\x01"), *body[1:]]))


def test_a_request_vouched_for_by_another_key_is_refused() -> None:
    other = authenticate_request(PLAIN, key=key("terminal"), holder=VERIFIER)
    with pytest.raises(AuthenticationError):
        verify_authenticated_request(other, present=PRESENT)
    other = authenticate_request(PLAIN, key=key("verifier"), holder=TERMINAL)
    with pytest.raises(AuthenticationError, match="another key"):
        verify_authenticated_request(other, present=PRESENT)


def test_nobody_vouches_for_another_holder() -> None:
    strangers = create_request(key("terminal"), holder=TERMINAL)
    vouched = authenticate_request(strangers, key=key("verifier"), holder=VERIFIER)
    with pytest.raises(AuthenticationError, match="another holder"):
        verify_authenticated_request(vouched, present=PRESENT)

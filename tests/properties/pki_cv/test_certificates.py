"""CV certificates: readers are total, round trips lossless, signatures cover every octet."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardservice.channel.terminal_authentication_references import parse_ef_cvca
from cardservice.errors import MalformedDataError, PeerError
from cardservice.pki.cv.certificates import CertificateFields, parse_certificate, sign_certificate
from cardservice.pki.cv.chains import verify_issued, verify_trust_point
from cardservice.pki.cv.chat import Chat
from cardservice.pki.cv.dates import encode_date, parse_date
from cardservice.pki.cv.keys import CvPublicKey, public_key_of
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.cv.requests import (
    authenticate_request,
    create_request,
    verify_authenticated_request,
    verify_request,
)
from cardservice.pki.cv.terms import Role, TerminalRights
from tests.unit.pki.cv.office import (
    TERMINAL,
    VERIFIER,
    cvca,
    key,
    terminal,
    trusted,
    verifier,
)

REQUEST = create_request(key("terminal"), holder=VERIFIER.next())
PRESENT = verify_issued(verifier().certificate, trusted())

READERS: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "certificate": (parse_certificate, terminal().octets),
    "trust point": (
        lambda raw: verify_trust_point(parse_certificate(raw)),
        cvca().certificate.octets,
    ),
    "request": (verify_request, REQUEST),
    "authenticated request": (
        lambda raw: verify_authenticated_request(raw, present=PRESENT),
        authenticate_request(REQUEST, key=key("verifier"), holder=VERIFIER),
    ),
    "key": (CvPublicKey.parse, public_key_of(key("terminal")).encode()[5:]),
    "template": (Chat.parse, terminal().chat.encode()[3:]),
    "reference": (HolderReference.parse, TERMINAL.encode()),
    "day": (parse_date, encode_date(date(2026, 11, 10))),
    "EF.CVCA": (parse_ef_cvca, b"\x42\x0eRUOMSCVCA00001".ljust(36, b"\x00")),
}

LETTERS = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
PRINTABLE = [chr(code) for code in (*range(0x20, 0x7F), *range(0xA1, 0x100))]
MNEMONICS = st.text(st.sampled_from(PRINTABLE), min_size=1, max_size=9)
REFERENCES = st.builds(
    HolderReference,
    country=st.tuples(LETTERS, LETTERS).map("".join),
    mnemonic=MNEMONICS,
    sequence=st.integers(0, 99_999).map("{:05}".format),
)
DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))
RIGHTS = st.integers(0, 7).map(TerminalRights)


@st.composite
def damaged(draw: st.DrawFn, octets: bytes) -> bytes:
    """Return ``octets`` with one to four runs replaced, or cut off."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(octets)))
        octets = (
            octets[:start] + draw(st.binary(max_size=4)) + octets[start + draw(st.integers(0, 8)) :]
        )
    return octets


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_octets_are_read_or_the_peers_fault(name: str, data: st.DataObject) -> None:
    read, good = READERS[name]
    assert read(good) is not None
    raw = data.draw(damaged(good) | st.binary(max_size=60))
    with suppress(PeerError):
        assert read(raw) is not None


@given(REFERENCES)
def test_a_reference_survives_the_line(reference: HolderReference) -> None:
    assert HolderReference.parse(reference.encode()) == reference


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_day_survives_the_line(day: date) -> None:
    assert parse_date(encode_date(day)) == day


@given(st.sampled_from(Role), RIGHTS)
def test_a_template_survives_the_line(role: Role, rights: TerminalRights) -> None:
    chat = Chat.parse(Chat.inspection_system(role, rights).encode()[3:])
    assert (chat.role, chat.rights) == (role, rights)


@settings(max_examples=40, deadline=None)
@given(
    car=REFERENCES,
    holder=REFERENCES,
    role=st.sampled_from([role for role in Role if role is not Role.CVCA]),
    rights=RIGHTS,
    effective=DAYS,
    days=st.integers(0, 3000),
)
def test_a_certificate_says_what_was_signed(  # noqa: PLR0913 - each is a field
    *,
    car: HolderReference,
    holder: HolderReference,
    role: Role,
    rights: TerminalRights,
    effective: date,
    days: int,
) -> None:
    fields = CertificateFields(
        car=car.encode(),
        chr=holder.encode(),
        public_key=public_key_of(key("terminal")).without_domain(),
        chat=Chat.inspection_system(role, rights),
        effective=effective,
        expiration=effective + timedelta(days=days),
    )
    if car == holder:
        with pytest.raises(MalformedDataError):
            sign_certificate(fields, key("verifier"))
        return
    signed = sign_certificate(fields, key("verifier"))
    assert CertificateFields.encode(signed) == fields.encode() == signed.body
    assert parse_certificate(signed.octets) == signed
    assert PRESENT.verify(signed.signature, signed.body) == signed.body

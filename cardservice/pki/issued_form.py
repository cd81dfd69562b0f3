"""The quick reader: recognises an EF.SOD in the one form this project issues.

Of such a file only the content, the certificate, signing time, digest and signature vary. The
certificate and the lengths tell every other octet, so the file is written out once with the rest
left empty, and what comes from cards is compared with that, octet for octet. What is not
recognised is left to ``foreign_form``, which then says what is wrong; so this file has no error
messages and makes no exceptions.

Source: RFC 5652, 5; RFC 5754, 2 (digest parameters absent, NULL tolerated).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from cardservice.apdu.tlv import header_at
from cardservice.errors import MalformedDataError
from cardservice.pki import cms, der
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.cms import SignerParts, UnverifiedSecurityObject
from cardservice.pki.der import DerTag
from cardservice.pki.security_object import decode_security_object, match_issued_layout
from cardservice.pki.suite import ISSUING_SUITES, SignatureSuite, Verifier

FORMS_KEPT: Final = 1_024  # a desk sees a few dozen signers, each with signatures of three lengths
HEADERS: Final = (2, 3, 4)  # octets of tag and length, for anything that an EF.SOD has room for
DATA_AT: Final = 4 * HEADERS[-1] + len(cms.SIGNED_DATA)
"""Where the value of SignedData begins: all around it holds a certificate, so is long."""
DIGESTS_AT: Final = DATA_AT + len(der.integer(cms.SIGNED_DATA_VERSION))

DATE_DIGITS: Final = 6
AFTER_UTC_TIME: Final = b"5"  # from 2050 on times are written otherwise
SOME_DIGITS: Final = b"260101000000"
SOME_TIME: Final = datetime(2026, 1, 1, tzinfo=UTC)  # all that are UTCTimes are as long


@dataclass(frozen=True, slots=True)
class _Form:
    """One signer's EF.SOD of one length: what never changes in it, and where the rest lies.

    Attributes:
        constants: with their places; all octets but those of the four parts below.
        attributes: the signed ones; time and digest lie in them.
        set_header: of the SET OF that the attributes are when they are signed.
    """

    signer_der: bytes
    suite: SignatureSuite
    verifier: Verifier
    constants: tuple[tuple[slice, bytes], ...]
    content: slice
    time: slice
    digest: slice
    signature: slice
    attributes: slice
    set_header: bytes


def match_issued_form(octets: bytes) -> UnverifiedSecurityObject | None:
    """Return what ``octets``, a whole EF.SOD, say; None if they have another form."""
    try:
        form = _form_of(octets)
        return None if form is None else _read(octets, form)
    except (ValueError, MalformedDataError):
        return None


def _form_of(octets: bytes) -> _Form | None:
    """Return the form that an EF.SOD with this certificate and these lengths must have."""
    digests = header_at(octets, DIGESTS_AT)
    content = digests and header_at(octets, digests[3])
    certificates = content and header_at(octets, content[3])
    if not content or not certificates:
        return None
    _, _, start, end = certificates
    return _form(octets[start:end], content[3], len(octets))


@lru_cache(maxsize=FORMS_KEPT)
def _form(signer_der: bytes, content_end: int, size: int) -> _Form | None:
    certificate = parse_certificate(signer_der)
    suite, verifier = _suite_of(certificate.public_key)
    parts = cms.signer_parts(certificate, suite)
    attributes = cms.signed_attributes(bytes(suite.digest.size), SOME_TIME)
    content = _content_octets(content_end - DATA_AT - len(parts.before_content))
    signers = size - content_end - len(parts.certificates)
    signature = _signature_octets(parts, attributes, signers)
    info = cms.content_info(
        parts, content=bytes(content), attributes=attributes, signature=bytes(signature)
    )
    written = der.encode(cms.EF_SOD_TAG, info)
    if len(written) != size:
        return None
    signed = written.rindex(attributes)
    time = signed + attributes.index(SOME_DIGITS)
    after_digest = signed + len(attributes)
    varying = (
        slice(content_end - content, content_end),
        slice(time, time + len(SOME_DIGITS)),
        slice(after_digest - suite.digest.size, after_digest),
        slice(size - signature, size),
    )
    return _Form(
        signer_der,
        suite,
        verifier,
        _between(written, varying),
        *varying,
        attributes=slice(signed, after_digest),
        set_header=der.header(DerTag.SET, len(attributes)),
    )


def _content_octets(encapsulated: int) -> int:
    """Return the length of the content in an EncapsulatedContentInfo of so many octets."""
    return _value_octets(_value_octets(_value_octets(encapsulated) - len(cms.LDS_SECURITY_OBJECT)))


def _signature_octets(parts: SignerParts, attributes: bytes, signers: int) -> int:
    """Return the length of the signature in a SET of one SignerInfo of so many octets."""
    others = (parts.signer, der.encode(cms.ATTRIBUTES_TAG, attributes), parts.signature_algorithm)
    return _value_octets(_value_octets(_value_octets(signers)) - sum(map(len, others)))


def _value_octets(octets: int) -> int:
    """Return the length of the value in an object of so many octets; no object: ``octets``."""
    fitting = (one for one in HEADERS if len(der.header(DerTag.OCTET_STRING, octets - one)) == one)
    return octets - next(fitting, 0)


def _between(written: bytes, places: tuple[slice, ...]) -> tuple[tuple[slice, bytes], ...]:
    """Return what lies before, between and behind ``places``, each with its own place."""
    starts = (0, *(place.stop for place in places))
    stops = (*(place.start for place in places), len(written))
    gaps = [slice(start, stop) for start, stop in zip(starts, stops, strict=True)]
    return tuple((gap, written[gap]) for gap in gaps)


def _suite_of(public_key: bytes) -> tuple[SignatureSuite, Verifier]:
    """Return the issuing suite that a key is for, and the key at work in it."""
    for suite in ISSUING_SUITES.values():
        try:
            return suite, suite.verifier(public_key)
        except MalformedDataError:
            continue
    raise MalformedDataError("no issuing suite has such keys")


def _read(octets: bytes, form: _Form) -> UnverifiedSecurityObject | None:
    """Return the parts that vary, if every octet around them is the form's."""
    for place, constant in form.constants:
        if octets[place] != constant:
            return None
    time = octets[form.time]
    if not time.isdigit() or time > AFTER_UTC_TIME:
        return None
    content, digest = octets[form.content], form.suite.digest
    return UnverifiedSecurityObject(
        content=content,
        objects=match_issued_layout(content, digest) or decode_security_object(content),
        digest=digest,
        message_digest=octets[form.digest],
        covered=form.set_header + octets[form.attributes],
        signature=octets[form.signature],
        verifier=form.verifier,
        signer_der=form.signer_der,
        signing_time=_utc_time(time.decode("ascii")),
    )


def _utc_time(digits: str) -> datetime:
    """Return the time of a UTCTime between 2000 and 2049, ``YYMMDDhhmmss``."""
    return datetime.fromisoformat(f"20{digits[:DATE_DIGITS]}T{digits[DATE_DIGITS:]}Z")

"""The patient reader: an EF.SOD of any issuer, as RFC 5652 and ICAO 9303-10 allow it.

It takes what ``issued_form`` does not: other algorithms, a signer named by key identifier,
several certificates, attributes in another order or more of them. It also finds the words
for what is wrong with an EF.SOD that is ours and damaged.

Source: RFC 5652, 5 and 11; ICAO 9303-10, 4.6.2.2.
"""

from datetime import datetime
from typing import Any

from asn1crypto import cms as asn1_cms

from cardservice.errors import MalformedDataError
from cardservice.pki import cms, der
from cardservice.pki.algorithms import digest_of_algorithm, recognise
from cardservice.pki.certificates import Certificate, parse_certificate
from cardservice.pki.cms import UnverifiedSecurityObject
from cardservice.pki.der import DerTag
from cardservice.pki.extensions import subject_key_identifier_of
from cardservice.pki.oids import Oid
from cardservice.pki.security_object import decode_security_object

MOST_CERTIFICATES = 4  # a signer and a chain nobody asked for; more is an attack on our time


def read_foreign_form(octets: bytes) -> UnverifiedSecurityObject:
    """Return what ``octets``, the value of ``77``, say.

    Raises:
        MalformedDataError: no SignedData of a security object, or one that leaves open who
            signed what.
    """
    try:
        return _read(octets)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError):
        raise MalformedDataError("malformed signed data") from None


def _read(octets: bytes) -> UnverifiedSecurityObject:
    info = asn1_cms.ContentInfo.load(octets, strict=True)
    _require(info["content_type"].dotted == Oid.SIGNED_DATA, "content is not signed data")
    data = info["content"]
    _require(int(data["version"]) == cms.SIGNED_DATA_VERSION, "signed data is not version 3")
    content = _content(data["encap_content_info"])
    _require(len(data["signer_infos"]) == 1, "signed data has not exactly one signer")
    return _read_signer(content, data, data["signer_infos"][0])


def _read_signer(content: bytes, data: Any, signer: Any) -> UnverifiedSecurityObject:
    certificate = _certificate(data["certificates"], signer)
    attributes = _attributes(signer["signed_attrs"])
    digest = digest_of_algorithm(signer["digest_algorithm"].dump())
    announced = {one["algorithm"].dotted for one in data["digest_algorithms"]}
    _require(digest.oid in announced, "signer's digest is not among the announced")
    suite = recognise(signer["signature_algorithm"].dump(), digest=digest)
    content_type = attributes.pop(Oid.CONTENT_TYPE, None)
    _require(content_type == Oid.LDS_SECURITY_OBJECT, "signed content type is another")
    return UnverifiedSecurityObject(
        content=content,
        objects=decode_security_object(content),
        digest=digest,
        message_digest=_octets(attributes.get(Oid.MESSAGE_DIGEST)),
        covered=der.encode(DerTag.SET, signer["signed_attrs"].contents),
        signature=_octets(signer["signature"].native),
        verifier=suite.verifier(certificate.public_key),
        signer_der=certificate.der,
        signing_time=_time(attributes.get(Oid.SIGNING_TIME)),
    )


def _content(encapsulated: Any) -> bytes:
    named = encapsulated["content_type"].dotted
    _require(named == Oid.LDS_SECURITY_OBJECT, "content is not a security object")
    return _octets(encapsulated["content"].native)


def _certificate(certificates: Any, signer: Any) -> Certificate:
    """Return the one embedded certificate that the signer's identifier names."""
    _require(1 <= len(certificates) <= MOST_CERTIFICATES, "too few or too many certificates")
    parsed = [parse_certificate(one.dump()) for one in certificates]
    version, identifier = int(signer["version"]), signer["sid"]
    if identifier.name == "issuer_and_serial_number":
        _require(version == cms.SIGNER_INFO_VERSION, "signer info is not version 1")
        wanted = identifier.chosen.contents
        named = [one for one in parsed if one.issuer_and_serial == wanted]
    else:
        _require(version == cms.SIGNER_INFO_VERSION_BY_KEY, "signer info is not version 3")
        wanted = identifier.chosen.native
        named = [one for one in parsed if subject_key_identifier_of(one) == wanted]
    _require(len(named) == 1, "signer's certificate is not embedded, or not once")
    return named[0]


def _attributes(attributes: Any) -> dict[str, Any]:
    """Return the signed attributes; each comes once, with one value (RFC 5652, 11)."""
    found: dict[str, Any] = {}
    for attribute in attributes:
        name = attribute["type"].dotted
        _require(name not in found and len(attribute["values"]) == 1, "ambiguous attribute")
        found[name] = attribute["values"][0].native if name in _JUDGED else None
    return found


_JUDGED = frozenset({Oid.CONTENT_TYPE, Oid.MESSAGE_DIGEST, Oid.SIGNING_TIME})


def _octets(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise MalformedDataError("signed data lacks its content, digest or signature")
    return value


def _time(value: object) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value and der.utc(value)
    raise MalformedDataError("malformed signing time")


def _require(condition: object, otherwise: str) -> None:
    if not condition:
        raise MalformedDataError(otherwise)

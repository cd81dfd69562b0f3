"""The authorities a trust store believes: its roots, and what links make of them.

Source: ICAO 9303-12, 5.3 (trust in link certificates) and 7.1; RFC 5280, 6.1.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cardservice.errors import AuthenticationError, MalformedDataError, PeerError
from cardservice.pki import extensions as ext
from cardservice.pki.algorithms import recognise
from cardservice.pki.certificates import Certificate, parse_certificate
from cardservice.pki.extensions import KeyUsage
from cardservice.pki.revocations import RevocationList


@dataclass(frozen=True, slots=True)
class Authority:
    """A believed CA key.

    Attributes:
        key_identifier: the certificate's own, or the computed one when it names none.
        demonstration: it, or the root that links to it, bears the marker.
    """

    certificate: Certificate
    key_identifier: bytes = field(repr=False)
    demonstration: bool

    @property
    def name(self) -> bytes:
        return self.certificate.subject

    def verify(self, signed: Certificate | RevocationList) -> None:
        """Return if this authority's key signed it.

        Raises:
            AuthenticationError: it did not.
            MalformedDataError: key or algorithm cannot be used here.
        """
        verifier = recognise(signed.signature_algorithm).verifier(self.certificate.public_key)
        verifier(signed.signature, signed.tbs)

    def has_signed(self, signed: Certificate | RevocationList) -> bool:
        """Return whether ``verify`` would return; a key that cannot be used signed nothing."""
        try:
            self.verify(signed)
        except PeerError:
            return False
        return True


class AuthoritySet:
    """All authorities reachable from the roots; it never changes.

    Args:
        roots: self-signed certificates, DER, believed because the operator says so.
        links: link certificates, DER, in any order; believed when an authority signed them.

    Raises:
        MalformedDataError: a file that is no CA certificate.
        AuthenticationError: a root that did not sign itself, a link no authority signed.
    """

    def __init__(self, roots: Iterable[bytes], links: Iterable[bytes] = ()) -> None:
        self._authorities = tuple(_root(octets) for octets in roots)
        waiting = [_authority_certificate(octets) for octets in links]
        while waiting:
            followed = [link for link in waiting if self._follow(link)]
            if not followed:
                raise AuthenticationError("a link certificate leads from no root in the store")
            waiting = [link for link in waiting if link not in followed]

    def _follow(self, link: Certificate) -> bool:
        """Add the link's key if an authority of the same name signed it."""
        for issuer in self.issuers_of(
            link.issuer, ext.authority_key_identifier_of(link.extensions)
        ):
            if link.subject == link.issuer and issuer.has_signed(link):
                marked = issuer.demonstration or ext.is_demonstration(link)
                self._authorities += (Authority(link, _key_identifier(link), marked),)
                return True
        return False

    def issuers_of(self, name: bytes, key_identifier: bytes | None) -> Iterator[Authority]:
        """Yield the authorities of that name and, when one is named, that key."""
        for authority in self._authorities:
            if authority.name == name and key_identifier in (None, authority.key_identifier):
                yield authority

    def find_issuer(self, certificate: Certificate) -> Authority | None:
        """Return the authority whose key signed the certificate; None if it names none here.

        Of several certificates of the same key a marked one wins, then the one valid longest.

        Raises:
            AuthenticationError: it names a key of ours, or only a name of ours, that did not
                sign it.
        """
        key_identifier = ext.authority_key_identifier_of(certificate.extensions)
        named = self.issuers_of(certificate.issuer, key_identifier)
        signed, disowned = _ask(named, certificate)
        if signed:
            return max(signed, key=lambda one: (one.demonstration, one.certificate.not_after))
        if disowned or self._has_namesake_of_key(certificate.issuer, key_identifier):
            raise AuthenticationError("certificate names an authority that did not sign it")
        return None

    def _has_namesake_of_key(self, name: bytes, key_identifier: bytes | None) -> bool:
        """Return whether a key of ours is named as if it were another authority's."""
        return any(
            one.key_identifier == key_identifier and one.name != name for one in self._authorities
        )


def _ask(named: Iterable[Authority], certificate: Certificate) -> tuple[list[Authority], bool]:
    """Return who signed it, and whether another could have and did not."""
    signed, disowned = [], False
    for authority in named:
        try:
            authority.verify(certificate)
        except AuthenticationError:
            disowned = True
        except MalformedDataError:
            continue  # an algorithm or key unknown here: nothing is proved either way
        else:
            signed.append(authority)
    return signed, disowned


def _root(octets: bytes) -> Authority:
    certificate = _authority_certificate(octets)
    root = Authority(certificate, _key_identifier(certificate), ext.is_demonstration(certificate))
    if certificate.subject != certificate.issuer:
        raise AuthenticationError("a root certificate is not self-signed")
    try:
        root.verify(certificate)
    except MalformedDataError:
        # A root whose algorithm is not known here proves nothing under it, and does no harm.
        return root
    return root


def _authority_certificate(octets: bytes) -> Certificate:
    certificate = parse_certificate(octets)
    if not ext.is_authority(certificate) or not (
        ext.key_usage_of(certificate) & KeyUsage.KEY_CERT_SIGN
    ):
        raise MalformedDataError("certificate is not that of a certification authority")
    return certificate


def _key_identifier(certificate: Certificate) -> bytes:
    named = ext.subject_key_identifier_of(certificate)
    return ext.key_identifier(certificate.public_key) if named is None else named

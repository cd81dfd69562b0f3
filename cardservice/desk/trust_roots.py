"""Which of the roots that a desk is told of it may believe: those that its own have vouched for.

Source: ICAO 9303-12, 5.3: a link certificate carries the trust in a key over to the next one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cardservice.errors import AuthenticationError
from cardservice.pki.anchors import AuthoritySet
from cardservice.pki.certificates import Certificate, parse_certificate


@dataclass(frozen=True, slots=True)
class KnownRoots:
    """Authorities that are believed.

    Attributes:
        roots: self-signed certificates, DER, in the order in which they were believed.
        links: link certificates, DER.
        left_aside: how many of those offered nothing vouches for.
    """

    roots: tuple[bytes, ...] = field(repr=False)
    links: tuple[bytes, ...] = field(default=(), repr=False)
    left_aside: int = 0


def linked_roots(known: KnownRoots, offered: Iterable[bytes]) -> KnownRoots:
    """Return the known authorities with those of the offered ones that they vouch for.

    Args:
        known: never empty of roots; none of them is ever dropped here.
        offered: certificates, DER, from anybody, in any order.

    Raises:
        MalformedDataError: one is no certificate of an authority.
    """
    new = [one for one in dict.fromkeys(offered) if one not in (*known.roots, *known.links)]
    waiting = [parse_certificate(one) for one in new]
    roots, links = list(known.roots), list(known.links)
    while taken := [one for one in waiting if _is_vouched_for(one, roots, links)]:
        for one in taken:
            (roots if _is_self_signed(one) else links).append(one.der)
        waiting = [one for one in waiting if one not in taken]
    return KnownRoots(tuple(roots), tuple(links), len(waiting))


def _is_vouched_for(offered: Certificate, roots: list[bytes], links: list[bytes]) -> bool:
    if not _is_self_signed(offered):
        return _leads_on(offered, roots, links)
    # A root proves itself to nobody: its key must be one that a link was made for.
    linked = {(one.subject, one.public_key) for one in map(parse_certificate, links)}
    return (offered.subject, offered.public_key) in linked


def _is_self_signed(certificate: Certificate) -> bool:
    try:
        AuthoritySet([certificate.der])
    except AuthenticationError:
        return False
    return True


def _leads_on(link: Certificate, roots: list[bytes], links: list[bytes]) -> bool:
    try:
        AuthoritySet(roots, [*links, link.der])
    except AuthenticationError:
        return False
    return True

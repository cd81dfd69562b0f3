"""Which authorities a home believes: its root, the roots before it, and the links between them.

``trust/root.der`` is the present root. When it is rolled over, ``trust/former-….der`` keeps the one
before, since cards of its signers are judged for fifteen years more, and ``trust/link-….der`` is
the present key under the former one's signature: by it a desk that knows the former root follows.

Source: ICAO 9303-12, 5.3 and 7.1 (link certificates).
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cardservice.errors import PeerError, Refusal
from cardservice.home.folder import (
    Entropy,
    Folder,
    damaged_file,
    new_serial,
    open_root,
    read_marker,
    read_whole,
    root_key_name,
    write_atomically,
)
from cardservice.pki.authority import create_root
from cardservice.pki.certificates import Certificate
from cardservice.pki.der import utc
from cardservice.pki.extensions import usage_period_of
from cardservice.pki.keys import KeyStore
from cardservice.pki.service_tokens import MOST_ROOTS
from cardservice.pki.trust import TrustStore

MOST_FORMER: Final = (MOST_ROOTS - 1) // 2
"""Each brings its link; 75 years at five years a root. More is a damaged folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """What a home has of authorities; nothing of it is verified.

    Attributes:
        root: the present one, DER.
        former: those before it, DER, the oldest first.
        links: link certificates, DER, the oldest first.
        revocations: the list in force, DER.
    """

    root: bytes = field(repr=False)
    former: tuple[bytes, ...] = field(repr=False)
    links: tuple[bytes, ...] = field(repr=False)
    revocations: bytes = field(repr=False)

    @property
    def roots(self) -> tuple[bytes, ...]:
        """All roots, the present one first; each once."""
        return tuple(dict.fromkeys((self.root, *self.former)))

    @property
    def offered(self) -> tuple[bytes, ...]:
        """What a desk is sent, whichever of the roots it was enrolled with."""
        return (*self.roots, *self.links)


def read_anchors(folder: Folder) -> Anchors:
    """Return the authorities of a home; raises Refusal ``home-damaged``."""
    former, links = _all(folder, "former"), _all(folder, "link")
    if max(len(former), len(links)) > MOST_FORMER:
        raise damaged_file(folder.root.parent, "too many roots follow one another")
    return Anchors(
        root=read_whole(folder.root),
        former=former,
        links=links,
        revocations=read_whole(folder.revocations),
    )


def trust_store(folder: Folder, anchors: Anchors, *, production: bool) -> TrustStore:
    """Return whom the home believes about cards; raises Refusal ``home-damaged``."""
    try:
        return TrustStore(anchors.roots, revocations=[anchors.revocations], production=production)
    except PeerError as error:
        raise damaged_file(folder.root.parent, error) from None


def roll_root_over(folder: Folder, keys: KeyStore, *, entropy: Entropy, at: datetime) -> list[str]:
    """Make the next root with a new key, and the link to it; return what was done.

    Signers and the revocation list of the former root stay in force until they are renewed, which
    the new one does. Desks follow by what the service sends them.

    Raises:
        Refusal: ``root-not-in-use``: the root's own time to sign is over, or has not begun;
            ``home-damaged``.
        KeyStoreError: the root's key is not here, or a new one cannot be made.
    """
    old = open_root(folder, keys)
    _require_signing(old.certificate, at)  # before a key is made for nothing
    _drop_unused_links(folder, old.certificate)
    new = create_root(
        keys.generate(root_key_name(at)),
        subject=old.certificate.subject,
        serial=new_serial(entropy),
        at=at,
        demonstration=read_marker(folder)["demonstration"] is True,
    )
    link = old.link_to(new.certificate, serial=new_serial(entropy))
    # The present root is replaced last: until then the old one is whole, and a link that leads
    # nowhere yet is only sent along.
    write_atomically(_file(folder, "former", old.certificate), old.certificate.der)
    write_atomically(_file(folder, "link", new.certificate), link)
    write_atomically(folder.root, new.certificate.der)
    return [f"root made, valid to {new.certificate.not_after:%Y-%m-%d}", "link to it made"]


def _require_signing(root: Certificate, at: datetime) -> None:
    usage = usage_period_of(root)
    if not usage.holds(utc(at)):
        sentence = (
            f"The root signs from {usage.begin:%Y-%m-%d} to {usage.end:%Y-%m-%d}, and so no link "
            "today; make the next root in a new home, and bring it to every desk."
        )
        raise Refusal("root-not-in-use", sentence)


def _drop_unused_links(folder: Folder, present: Certificate) -> None:
    """Remove links to roots that a rollover made and, interrupted, did not put in place."""
    last = _file(folder, "link", present).name
    for one in folder.root.parent.glob("link-*.der"):
        if one.name > last:
            one.unlink()


def _all(folder: Folder, kind: str) -> tuple[bytes, ...]:
    return tuple(read_whole(one) for one in sorted(folder.root.parent.glob(f"{kind}-*.der")))


def _file(folder: Folder, kind: str, certificate: Certificate) -> Path:
    begin = certificate.not_before.astimezone(UTC)
    return folder.root.parent / f"{kind}-{begin:%Y%m%d%H%M%S}.der"

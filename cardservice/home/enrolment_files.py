"""The two files that travel between a desk and its issuer: a request, and a bundle in answer.

Both are JSON of hexadecimal octets, so that a person can look at them. Nothing in them is secret.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from cardservice.errors import MalformedDataError, UsageError
from cardservice.pki.cv.certificates import CvCertificate, parse_certificate
from cardservice.pki.cv.chains import VerifiedChain, verify_chain, verify_trust_point
from cardservice.pki.cv.keys import plain_signer
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.cv.requests import VerifiedRequest, verify_request
from cardservice.pki.cv.terms import ALL_RIGHTS, NO_RIGHTS, TerminalRights
from cardservice.pki.keys import SigningKey

FORMAT: Final = 1
MAX_FILE: Final = 65_536
"""Octets of a request or bundle at most; one with every link there can be has half of it."""
LONGEST_NAME: Final = 64  # characters of a desk's or clinic's name

_REQUEST: Final = "cardservice desk request"
_BUNDLE: Final = "cardservice desk bundle"
_REFERENCE: Final = re.compile(r"RU[A-Z2-7]{9}[0-9]{5}")
"""References of desks as ``enrolment`` makes them. They become names of files, so no others are."""
_SHOWN: Final = 32  # hexadecimal digits of a fingerprint: 128 bits, nobody finds a second request
_GROUP: Final = 4

RIGHT_NAMES: Final[Mapping[str, TerminalRights]] = {
    (right.name or "").lower().replace("_", "-"): right for right in TerminalRights
}


def name_rights(rights: TerminalRights) -> list[str]:
    """Return the names of ``rights``, as commands and files have them."""
    return [name for name, right in RIGHT_NAMES.items() if right & rights]


def rights_named(names: object) -> TerminalRights:
    """Return the rights of these names; raises MalformedDataError for anything else."""
    known = list(RIGHT_NAMES)  # a list, because names from outside need not be hashable
    if not isinstance(names, list) or any(name not in known for name in names):
        raise MalformedDataError("the rights are not a list of names of rights")
    rights = NO_RIGHTS
    for name in names:
        rights |= RIGHT_NAMES[name]
    return rights


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskWish:
    """What a desk asks for; raises UsageError when a name cannot be shown to a person.

    Attributes:
        desk: the desk's name at its clinic.
        clinic: the clinic's name.
        rights: what the desk wants to do with cards.
    """

    desk: str
    clinic: str
    rights: TerminalRights = TerminalRights.READ_POLICY

    def __post_init__(self) -> None:
        for name in (self.desk, self.clinic):
            # What does not print could make a terminal show another name than the one signed.
            if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable() or name.isspace():
                raise UsageError(f"a name has 1 to {LONGEST_NAME} characters that print")
        if not self.rights or self.rights | ALL_RIGHTS != ALL_RIGHTS:
            raise UsageError("a desk asks for at least one of the rights there are")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRequest:
    """A desk's request; whoever wrote it has the key it is about. Who that is, it does not prove.

    Attributes:
        wish: for whom, and which rights.
        key: the key to be certified and the reference wished.
        vouched: DO 67 of a renewal, not verified yet; nothing in a first request.
        fingerprint: of everything the request says, for two people to compare.
    """

    wish: DeskWish
    key: VerifiedRequest
    vouched: bytes = field(repr=False)
    fingerprint: str

    @property
    def reference(self) -> HolderReference:
        """The reference that the desk's certificate will bear."""
        return HolderReference.parse(self.key.chr)


def write_request(
    wish: DeskWish, key: SigningKey, request: bytes, *, vouched: bytes = b""
) -> bytes:
    """Return the file of a desk's request, signed as a whole with the key it is about.

    Args:
        wish: for whom, and which rights.
        key: the desk's new key.
        request: DO 7F21 for it.
        vouched: DO 67 around that, of a renewal.
    """
    said = {
        "kind": _REQUEST,
        "format": FORMAT,
        "desk": wish.desk,
        "clinic": wish.clinic,
        "rights": name_rights(wish.rights),
        "request": request.hex(),
        "vouched": vouched.hex(),
    }
    signature = plain_signer(key)(canonical(said))
    return canonical({**said, "signature": signature.hex()}) + b"\n"


def parse_request(octets: bytes) -> DeskRequest:
    """Return the desk's request that a file is, its holder's possession of the key proved.

    Raises:
        MalformedDataError: another structure, a name that does not print, a right that is none.
        AuthenticationError: a signature is not the key's: the file was altered.
    """
    members = _members(octets, _REQUEST)
    signature = _octets(members.pop("signature", None))
    key = verify_request(_octets(members.get("request")))
    if not _REFERENCE.fullmatch(str(HolderReference.parse(key.chr))):
        raise MalformedDataError("the request is for a reference that no desk has")
    said = canonical(members)
    if key.public_key.domain is None:  # verify_request returns no such key
        raise MalformedDataError("the key of the request is without its curve")
    key.public_key.verify(signature, said, domain=key.public_key.domain)
    return DeskRequest(
        wish=_wish(members),
        key=key,
        vouched=_octets(members.get("vouched")),
        fingerprint=hashlib.sha256(said).hexdigest()[:_SHOWN],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskBundle:
    """What a desk needs to show itself to cards; not verified before ``verify``.

    Attributes:
        wish: the desk, its clinic, and the rights it was given.
        trust_point: the oldest CVCA there is, self-signed.
        certificates: links, document verifier, the desk's own.
    """

    wish: DeskWish
    trust_point: CvCertificate
    certificates: tuple[CvCertificate, ...]

    @property
    def terminal(self) -> CvCertificate:
        """The desk's own certificate."""
        return self.certificates[-1]

    @property
    def reference(self) -> HolderReference:
        """The reference of the desk's key."""
        return HolderReference.parse(self.terminal.chr)

    def encode(self) -> bytes:
        """Return the file."""
        said = {
            "kind": _BUNDLE,
            "format": FORMAT,
            "desk": self.wish.desk,
            "clinic": self.wish.clinic,
            "rights": name_rights(self.wish.rights),
            "trust_point": self.trust_point.octets.hex(),
            "certificates": [one.octets.hex() for one in self.certificates],
        }
        return canonical(said) + b"\n"

    def verify(self, *, on: date) -> VerifiedChain:
        """Return the chain from its trust point to the desk, good on that day.

        Raises:
            AuthenticationError, MalformedDataError: as ``verify_chain``.
        """
        return verify_chain(verify_trust_point(self.trust_point), self.certificates, on=on)


def parse_bundle(octets: bytes) -> DeskBundle:
    """Return the bundle that a file is; raises MalformedDataError. Not checked: signatures."""
    members = _members(octets, _BUNDLE)
    listed = members.get("certificates")
    if not isinstance(listed, list) or not listed:
        raise MalformedDataError("the bundle lists no certificates")
    return DeskBundle(
        wish=_wish(members),
        trust_point=parse_certificate(_octets(members.get("trust_point"))),
        certificates=tuple(parse_certificate(_octets(one)) for one in listed),
    )


def canonical(said: Mapping[str, Any]) -> bytes:
    """Return the one JSON text of these members that is signed and hashed, UTF-8."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise MalformedDataError("a text has half of a character") from None


def group_digits(digits: str) -> str:
    """Return a fingerprint in groups of four, for reading aloud."""
    return " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))


def _members(octets: bytes, kind: str) -> dict[str, Any]:
    try:
        members = json.loads(octets if len(octets) <= MAX_FILE else b"")
    except (ValueError, RecursionError):
        members = None
    if not isinstance(members, dict):
        raise MalformedDataError(f"the file is no {kind}")
    if (members.get("kind"), members.get("format")) != (kind, FORMAT):
        raise MalformedDataError(f"the file is no {kind}, or of another version")
    return members


def _wish(members: Mapping[str, Any]) -> DeskWish:
    desk, clinic = members.get("desk"), members.get("clinic")
    if not isinstance(desk, str) or not isinstance(clinic, str):
        raise MalformedDataError("the file names no desk or no clinic")
    try:
        return DeskWish(desk=desk, clinic=clinic, rights=rights_named(members.get("rights")))
    except UsageError as error:
        raise MalformedDataError(str(error)) from None


def _octets(digits: object) -> bytes:
    try:
        return bytes.fromhex(digits if isinstance(digits, str) else "-")
    except ValueError:
        raise MalformedDataError("the file has other than hexadecimal digits") from None

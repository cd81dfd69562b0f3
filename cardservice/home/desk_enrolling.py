"""A desk is enrolled with a code: keys made here, everything in the answer verified, then kept.

The answer may be lost on its way when the code is used up already. So what was asked is kept
before it is asked, and the same code asks the same again.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cardservice.desk.knowledge import Knowledge
from cardservice.desk.proven_time import ProvenTime
from cardservice.desklink.answers import wrong
from cardservice.desklink.assertions import public_jwk
from cardservice.desklink.open_calls import Enrolled, OpenCalls, Preview
from cardservice.errors import (
    AuthenticationError,
    MalformedDataError,
    PeerError,
    Refusal,
    UsageError,
)
from cardservice.home.desk import DeskEnrolment, DeskHome, require_free, write_enrolment
from cardservice.home.desk_kept import DeskFiles
from cardservice.home.desk_keys import new_assertion_key
from cardservice.home.desk_time import monotonic, prove_time, wall
from cardservice.home.enrolment import install, request_enrolment
from cardservice.home.enrolment_files import DeskWish, name_rights, parse_request, rights_named
from cardservice.home.folder import write_atomically
from cardservice.pki.anchors import AuthoritySet
from cardservice.pki.keys import KeyStore
from cardservice.pki.service_tokens import (
    LONGEST_TRUST_TOKEN,
    TRUST_TYPE,
    read_service_token,
    trust_claims,
)
from cardservice.pki.status_list_trust import ListSigners

_FORMAT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeGiven:
    """A code, and the address of the service that it is for."""

    service: str
    code: str = field(repr=False)

    @property
    def digest(self) -> str:
        """What tells this code from others; of the code, only its letters count."""
        letters = "".join(one for one in self.code.upper() if one.isalnum())
        return hashlib.sha256(f"{self.service} {letters}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Begun:
    """An enrolment that was asked for: for which code, with which keys."""

    digest: str
    key: str
    request: bytes

    @property
    def wish(self) -> DeskWish:
        return parse_request(self.request).wish


def enrol_desk(  # noqa: PLR0913 - who enrols where, and who is asked
    home: DeskHome,
    keys: KeyStore,
    calls: OpenCalls,
    given: CodeGiven,
    *,
    confirm: Callable[[DeskWish], None],
    production: bool,
) -> DeskEnrolment:
    """Return where the desk is enrolled from now on.

    Args:
        home, keys: the desk's.
        calls: to the service.
        given: the code.
        confirm: shows a person the clinic and the desk; raises to stop.
        production: refuse a service whose root is for demonstration.

    Raises:
        Refusal: ``desk-enrolled``, ``enrolment-code-wrong``, ``bundle-refused``,
            ``trust-refused``: what the service says of whom to trust does not prove itself.
        SourceUnavailableError: the service cannot be reached, or answers as none does.
        KeyStoreError: a key cannot be made.
    """
    require_free(home)
    begun = _begun(home, given)
    wish = _previewed(calls.preview(given.code)) if begun is None else begun.wish
    confirm(wish)
    if begun is None:
        begun = _begin(home, keys, given, wish)
    key = keys.signing_key(begun.key)
    said = calls.enrol(given.code, key=public_jwk(key), request=begun.request)
    if (said.desk, said.clinic) != (wish.desk, wish.clinic):
        raise wrong("enrols another desk than the one it showed")
    return _take(home, keys, calls, said, begun=begun, service=given.service, production=production)


def _take(  # noqa: PLR0913 - all that an enrolment is made of
    home: DeskHome,
    keys: KeyStore,
    calls: OpenCalls,
    said: Enrolled,
    *,
    begun: _Begun,
    service: str,
    production: bool,
) -> DeskEnrolment:
    """Verify the answer, and keep it: the enrolment itself last."""
    files = DeskFiles(home.kept)
    clock = ProvenTime(monotonic=monotonic, wall=wall, kept=None, keep=files.keep_bound)
    try:
        roots = pinned_roots(said.trust)
        prove_time(clock, calls.time(), ListSigners(roots, production=production))
        Knowledge(roots, production=production, moments=clock.now).take_trust(said.trust)
    except (AuthenticationError, MalformedDataError) as error:
        sentence = f"What the service says of whom to trust proves nothing: {error}."
        raise Refusal("trust-refused", sentence) from None
    install(home.folder, keys, said.bundle, at=clock.now().at)
    files.keep_trust(said.trust)
    clock.stop()
    enrolment = DeskEnrolment(
        service=service,
        client_id=said.client_id,
        clinic=said.clinic,
        desk=said.desk,
        region=said.region,
        key=begun.key,
        roots=roots,
    )
    write_enrolment(home, enrolment)
    home.begun.unlink(missing_ok=True)
    return enrolment


def pinned_roots(token: str) -> tuple[bytes, ...]:
    """Return the self-signed roots of the first trust token, DER, which a desk takes as they come.

    That they are the issuer's, the connection vouches for this once: TLS, to an address that a
    person typed.

    Raises:
        MalformedDataError: no trust token, or one without a root.
    """
    if len(token) > LONGEST_TRUST_TOKEN:
        raise MalformedDataError("the token is longer than any")
    offered = trust_claims(read_service_token(token, typ=TRUST_TYPE).said).roots
    roots = tuple(one for one in offered if _is_root(one))
    if not roots:
        raise MalformedDataError("the token names no root")
    return roots


def _is_root(der: bytes) -> bool:
    try:
        AuthoritySet([der])
    except AuthenticationError:
        return False
    return True


def _previewed(preview: Preview) -> DeskWish:
    try:
        rights = rights_named(list(preview.rights))
        return DeskWish(desk=preview.desk, clinic=preview.clinic, rights=rights)
    except (MalformedDataError, UsageError):
        raise wrong("does not answer in the service's form") from None


def _begin(home: DeskHome, keys: KeyStore, given: CodeGiven, wish: DeskWish) -> _Begun:
    name, _ = new_assertion_key(keys)
    begun = _Begun(given.digest, name, request_enrolment(home.folder, keys, wish))
    said = {
        "format": _FORMAT,
        "code": begun.digest,
        "key": name,
        "request": json.loads(begun.request),
        "rights": name_rights(wish.rights),
    }
    write_atomically(home.begun, json.dumps(said, ensure_ascii=False).encode() + b"\n")
    return begun


def _begun(home: DeskHome, given: CodeGiven) -> _Begun | None:
    """Return what was asked with this code before; None: nothing, or it cannot be read any more."""
    try:
        said: Mapping[str, Any] = json.loads(home.begun.read_bytes())
        request = json.dumps(said["request"], ensure_ascii=False).encode()
        found = _Begun(str(said["code"]), str(said["key"]), request)
        is_same = said["format"] == _FORMAT and found.digest == given.digest
        parse_request(request)
    except (OSError, ValueError, LookupError, TypeError, PeerError):
        return None
    return found if is_same else None

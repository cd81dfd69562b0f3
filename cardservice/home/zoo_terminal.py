"""The desk of a zoo: enrolled with every right, its key given to whoever tests with it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from cardservice.errors import UsageError
from cardservice.home.enrolment import (
    DESK_KEY,
    install,
    installed,
    request_enrolment,
    request_renewal,
)
from cardservice.home.enrolment_files import DeskBundle, DeskWish
from cardservice.home.folder import Folder
from cardservice.home.terminals import Decision, enrol, read_request
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.pki.cv.terms import ALL_RIGHTS

_SPARE: Final = timedelta(days=4)
"""A terminal's certificate holds for a week; whoever opens the zoo has at least the working one."""
_WISH: Final = DeskWish(desk="Desk of the zoo", clinic="Clinic of the zoo", rights=ALL_RIGHTS)


def renew_terminal_if_due(folder: Folder, keys: SoftwareKeyStore, *, at: datetime) -> None:
    """See to it that the zoo's desk has a certificate for some days.

    Raises:
        Refusal, KeyStoreError: the home is damaged.
    """
    bundle = installed(folder)
    if bundle is not None and bundle.terminal.expiration - at.date() >= _SPARE:
        return
    octets = (
        request_enrolment(folder, keys, _WISH) if bundle is None else request_renewal(folder, keys)
    )
    request = read_request(octets)
    # Nobody needs to be asked: issuer and desk are one and the same here.
    decision = Decision(by="zoo", fingerprint=request.fingerprint, rights=ALL_RIGHTS)
    enrolled = enrol(folder, keys, request, decision, at=at)
    install(folder, keys, enrolled.bundle.encode(), at=at)


def terminal_files(folder: Folder, keys: SoftwareKeyStore) -> Mapping[str, bytes]:
    """Return CVCA, chain and private key of the desk, by path in the trust folder.

    Raises:
        UsageError: the desk was never enrolled.
    """
    bundle = installed(folder)
    if bundle is None:
        raise UsageError("the zoo's desk is not enrolled")
    return {
        "terminal/cvca.cvcert": bundle.trust_point.octets,
        **_chain(bundle),
        "terminal/terminal-key-INSECURE.pem": _private_key(bundle, keys),
    }


def _chain(bundle: DeskBundle) -> Mapping[str, bytes]:
    *before, terminal = bundle.certificates
    names = [f"terminal/{place}-authority.cvcert" for place, _ in enumerate(before, 1)]
    chain = dict(zip(names, (one.octets for one in before), strict=True))
    return {**chain, f"terminal/{len(before) + 1}-terminal.cvcert": terminal.octets}


def _private_key(bundle: DeskBundle, keys: SoftwareKeyStore) -> bytes:
    der = keys.signing_key(f"{DESK_KEY}{bundle.reference.sequence}").private_octets()
    key = load_der_private_key(der, password=None)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

"""A signer of ours, and how a store judges it."""

from datetime import datetime, timedelta

from cardservice.domain.verdict import Outcome, Reason
from cardservice.pki.authority import CertificateAuthority
from cardservice.pki.certificates import Extension
from cardservice.pki.oids import Oid
from cardservice.pki.trust import SignerJudgement, TrustStore
from tests.unit.pki import office
from tests.unit.pki.office import (
    NOW,
    SIGNED,
    root,
    signer_under,
)

SIGNER = signer_under(root()).certificate
SECOND = timedelta(seconds=1)
GOOD = SignerJudgement(Outcome.VALID, Reason.SIGNER_GOOD, timedelta(days=1))


def judge(
    store: TrustStore,
    octets: bytes = SIGNER.der,
    *,
    signed: datetime | None = SIGNED,
    now: datetime = NOW,
) -> SignerJudgement:
    return store.judge_signer(octets, signing_time=signed, now=now)


def resigned(
    *,
    by: CertificateAuthority | None = None,
    without: tuple[str, ...] = (),
    **extensions: Extension,
) -> bytes:
    """Return our signer's certificate with other extensions, signed by a root again."""
    kept = {oid: one for oid, one in SIGNER.extensions.items() if oid not in without}
    changed: dict[str, Extension] = {Oid[name]: one for name, one in extensions.items()}
    return office.reissued(SIGNER, (by or root()).key, {**kept, **changed})

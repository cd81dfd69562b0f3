"""An issuer for trials: keys made for one process, forgotten with it, that sign nothing real.

It has no folder and asks for no setting, so it may be made in production too: what it signs goes
onto software cards only, and nobody else has its root.
"""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from cardservice.home.folder import SCHEME, new_serial
from cardservice.home.issuer import new_ephemeral, new_scalar, utc_now
from cardservice.home.terminals_authority import COUNTRY, cvca_end
from cardservice.keystores.memory import DEMONSTRATION_TRANSPORT_MASTER
from cardservice.keystores.software_keys import AesKey, generate_key
from cardservice.personalization.ports import IssuerKeys
from cardservice.pki.authority import CertificateAuthority, create_root
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.cv.issuing import create_cvca
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.names import Fund, root_name
from cardservice.pki.suite import ECDSA_P256_SHA256
from cardservice.pki.trust import TrustStore
from cardservice.verify.examiner import CardExaminer
from cardservice.verify.judging import Judge

_MASTER_OCTETS: Final = 16
_BACKDATED: Final = timedelta(hours=1)  # a clock that is set back in between stops no trial
_FIRST_CVCA: Final = "00001"


@dataclass(frozen=True, slots=True)
class TrialIssuer:
    """Keys for software cards, and who examines them; no register is asked."""

    keys: IssuerKeys = field(repr=False)
    examiner: CardExaminer


def make_trial_issuer(fund: Fund) -> TrialIssuer:
    """Return an issuer of that fund with new keys, under a root of its own.

    Its certificates are as long as those of a home that issues for the same fund, so cards are
    as full as real ones will be. Blank software cards take its transport master.
    """
    root = _root()
    signer = _signer(root, fund)
    keys = IssuerKeys(
        transport_master=AesKey(DEMONSTRATION_TRANSPORT_MASTER),
        issuer_master=AesKey(secrets.token_bytes(_MASTER_OCTETS)),
        signer=signer,
        trust_point=_trust_point(fund),
    )
    revocations = root.issue_revocations((), number=1, at=utc_now() - _BACKDATED)
    trust = TrustStore([root.certificate.der], revocations=[revocations], production=False)
    judge = Judge(trust, register=None, clock=utc_now)
    return TrialIssuer(
        keys, CardExaminer(judge, new_ephemeral=new_ephemeral, new_scalar=new_scalar)
    )


def _root() -> CertificateAuthority:
    return create_root(
        generate_key(ECDSA_P256_SHA256),
        subject=root_name(SCHEME),
        serial=new_serial(secrets.token_bytes),
        at=utc_now() - _BACKDATED,
        demonstration=True,
    )


def _signer(root: CertificateAuthority, fund: Fund) -> DocumentSigner:
    key = generate_key(ECDSA_P256_SHA256)
    serial, at = new_serial(secrets.token_bytes), utc_now() - _BACKDATED
    der = root.issue_signer(fund, public_key=key.public_key, serial=serial, at=at)
    return DocumentSigner(parse_certificate(der), key)


def _trust_point(fund: Fund) -> bytes:
    today = utc_now().date()
    cvca = create_cvca(
        generate_key(ECDSA_P256_SHA256),
        holder=HolderReference(COUNTRY, f"CVCA{fund.code}", _FIRST_CVCA),
        effective=today,
        expiration=cvca_end(today),
    )
    return cvca.certificate.octets

"""A signer of lists, a desk that believes it, and a small list, for tests."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cardservice.keystores.software_keys import EcdsaP256Key
from cardservice.pki.authority import CertificateAuthority
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.revocations import Revocation
from cardservice.pki.status_list import StatusArray, StatusType, compress
from cardservice.pki.status_list_claims import StatusListClaims
from cardservice.pki.status_list_tokens import StatusListSigner, TokenForm
from cardservice.pki.status_list_trust import LIST_SIGNER_TERMS, STATUS_LIST_TYPE, ListSigners
from cardservice.pki.status_list_verifying import (
    ExpectedList,
    VerifiedStatusList,
    verify_status_list,
)
from tests.unit.pki.office import FUND, NOW, START, key, root

URI = "https://oms.example.org/statuslists/1"
ISSUED = NOW - timedelta(minutes=10)
SERIAL = 77
PLACES = 64
BLOCKED, ENDED = 5, 9


@cache
def list_signer(
    authority: CertificateAuthority | None = None, *types: str, at: datetime = START
) -> StatusListSigner:
    signing_key: EcdsaP256Key = key("status list")
    octets = (authority or root()).issue_signer(
        FUND,
        public_key=signing_key.public_key,
        serial=SERIAL,
        at=at,
        terms=LIST_SIGNER_TERMS,
        types=types or (STATUS_LIST_TYPE,),
    )
    return StatusListSigner(parse_certificate(octets), signing_key)


@cache
def lst() -> bytes:
    array = StatusArray(PLACES)
    array.set(BLOCKED, StatusType.SUSPENDED)
    array.set(ENDED, StatusType.INVALID)
    return compress(array.frozen())


def claims(**changes: Any) -> StatusListClaims:
    made = StatusListClaims(
        uri=URI,
        issued=ISSUED,
        expires=ISSUED + timedelta(hours=96),
        ttl=timedelta(minutes=30),
        bits=2,
        lst=lst(),
    )
    return replace(made, **changes)


def signed(form: TokenForm = TokenForm.CWT, **changes: Any) -> bytes:
    return list_signer().sign(claims(**changes), form)


def desk(
    *, revoked: tuple[int, ...] = (), held: bool = True, production: bool = True
) -> ListSigners:
    made = NOW - timedelta(days=1)
    entries = [Revocation(serial, made) for serial in revoked]
    octets = root().issue_revocations(entries, number=1, at=made)
    return ListSigners(
        [root().certificate.der], revocations=[octets] if held else [], production=production
    )


def verify(
    octets: bytes,
    form: TokenForm = TokenForm.CWT,
    *,
    signers: ListSigners | None = None,
    now: datetime = NOW,
    **expected: Any,
) -> VerifiedStatusList:
    wanted = ExpectedList(**{"uri": URI, "form": form, **expected})
    return verify_status_list(octets, expected=wanted, signers=signers or desk(), now=now)

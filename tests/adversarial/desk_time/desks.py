"""A whole desk on a PC, a service that signs for it, and a card that lies on its reader."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cardservice.desk.kept import restore
from cardservice.desk.knowledge import Knowledge
from cardservice.desk.proven_time import ProvenTime
from cardservice.desk.signed_time import verify_time
from cardservice.domain.proven_time import Moment
from cardservice.domain.verdict import Check, CheckName, Outcome
from cardservice.home.desk_kept import DeskFiles
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.service_tokens import TrustClaims, sign_time, sign_trust
from cardservice.pki.status_list import StatusArray, StatusType, compress
from cardservice.pki.status_list_claims import StatusListClaims
from cardservice.pki.status_list_tokens import StatusListSigner, TokenForm
from cardservice.pki.status_list_trust import LIST_SIGNER_TERMS, STATUS_LIST_TYPE
from cardservice.verify.examination import Examination
from cardservice.verify.judging import Judge
from tests.chain import FUND, NOW, REGION, START, issuer
from tests.unit.desk.world import Clocks
from tests.unit.pki.office import key
from tests.unit.policycard.golden_records import card_identity
from tests.unit.verify.readings import reading

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
LIST = card_identity().list_number
PLACE = card_identity().list_index
PLACES = PLACE // 4 * 4 + 4
URI = "https://oms.example.org/statuslists/1"
NONCE = "YSBub25jZSBvZiBvdXJz"
HOLDS = timedelta(hours=72)


@cache
def signer(name: str = "") -> StatusListSigner:
    signing_key = key(f"lists of {name}")
    octets = (issuer(name) if name else issuer()).root.issue_signer(
        FUND,
        public_key=signing_key.public_key,
        serial=4_711,
        at=START,
        terms=LIST_SIGNER_TERMS,
        types=(STATUS_LIST_TYPE,),
    )
    return StatusListSigner(parse_certificate(octets), signing_key)


@dataclass
class Service:
    """Signs what it is asked for, at a true time that runs with the desk's PC."""

    now: datetime = NOW
    statuses: Mapping[int, StatusType] = field(default_factory=dict)
    crl_number: int = 1

    def time(self) -> str:
        return sign_time(signer(), nonce=NONCE, at=self.now)

    def trust(self) -> str:
        self.crl_number += 1
        claims = TrustClaims(
            issued=self.now,
            expires=self.now + 96 * HOUR,
            roots=(issuer().root.certificate.der,),
            revocations=(issuer().revocations(at=self.now, number=self.crl_number),),
            lists={LIST: URI},
        )
        return sign_trust(signer(), claims)

    def status_list(self, *, at: datetime | None = None, uri: str = URI, by: str = "") -> bytes:
        issued = (at or self.now).replace(microsecond=0)
        array = StatusArray(PLACES)
        for place, status in self.statuses.items():
            array.set(place, status)
        claims = StatusListClaims(
            uri=uri,
            issued=issued,
            expires=issued + 96 * HOUR,
            ttl=None,
            bits=2,
            lst=compress(array.frozen()),
        )
        return signer(by).sign(claims, TokenForm.CWT)


@dataclass
class WholeDesk:
    """A desk in a folder; ``boot`` starts it again on the same disk."""

    folder: Path
    clocks: Clocks = field(default_factory=lambda: Clocks(wall=NOW))
    service: Service = field(default_factory=Service)

    def __post_init__(self) -> None:
        self.boot()

    def boot(self) -> None:
        self.clocks.monotonic = 1.0
        self.files = DeskFiles(self.folder)
        self.time = ProvenTime(
            monotonic=lambda: self.clocks.monotonic,
            wall=lambda: self.clocks.wall,
            kept=self.files.bound(),
            keep=self.files.keep_bound,
        )
        root = issuer().root.certificate.der
        self.knowledge = Knowledge([root], production=False, moments=self.time.now)
        self.faults = restore(self.files, self.knowledge, self.time)

    def run(self, elapsed: timedelta) -> None:
        """Let time pass for everybody, the desk looking at its clock now and then."""
        self.clocks.run(elapsed)
        self.service.now += elapsed
        self.time.now()
        self.time.keep_if_due()

    def off(self, elapsed: timedelta) -> None:
        """Shut the desk down, let time pass, and start it."""
        self.time.stop()
        self.clocks.wall += elapsed
        self.service.now += elapsed
        self.boot()

    def prove(self, token: str | None = None) -> Moment:
        sent = self.clocks.monotonic
        token = token or self.service.time()
        signed = verify_time(token, nonce=NONCE, signers=self.knowledge.signers)
        return self.time.proved(
            signed, sent_at_monotonic=sent, received_at_monotonic=self.clocks.monotonic
        )

    def refresh(self) -> None:
        """Fetch everything, as a desk does that reaches its service."""
        self.prove()
        token, octets = self.service.trust(), self.service.status_list()
        self.knowledge.take_trust(token)
        self.files.keep_trust(token)
        self.knowledge.take_list(LIST, octets)
        self.files.keep_list(LIST, octets)

    def examine(self) -> Examination:
        judge = Judge(
            self.knowledge.trust_store(),
            register=self.knowledge,
            moments=self.time.now,
            region=REGION,
        )
        return judge.judge(reading())

    def outcome(self) -> Outcome:
        verdict = self.examine().verdict
        assert verdict is not None
        return verdict.outcome

    def check(self, name: CheckName) -> Check:
        verdict = self.examine().verdict
        assert verdict is not None
        return next(one for one in verdict.checks if one.name is name)

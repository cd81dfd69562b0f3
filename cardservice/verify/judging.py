"""From what was read to a verdict: verify, compare, decode, ask the register, run the checks."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from cardservice.channel.card_access import verify_pace_choice
from cardservice.channel.security_infos import parse_chip_security
from cardservice.domain.proven_time import Moment, TimeGrade
from cardservice.domain.register import RegisterAnswer
from cardservice.domain.verdict import ProtocolName, Reason, Verdict
from cardservice.errors import MalformedDataError, PeerError, UsageError
from cardservice.pki.ef_sod import (
    VerifiedSecurityObject,
    parse_ef_sod,
    reason_of,
    verify_ef_sod,
)
from cardservice.pki.trust import TrustStore
from cardservice.policycard.identity import decode_card_id
from cardservice.policycard.insurer import InsurerRecord, ReadInsurer, read_insurer, walk_insurer
from cardservice.policycard.objects import FileObjects
from cardservice.policycard.owner import OwnerRecord, ReadOwner, read_owner, walk_owner
from cardservice.policycard.photo import Photo
from cardservice.policycard.security import Group, GroupCheck, SignedFiles, check_groups
from cardservice.verify.checks import DeskContext, run_checks
from cardservice.verify.examination import Examination
from cardservice.verify.findings import Findings, SignerFinding
from cardservice.verify.ports import Clock, Moments, PolicyRegister
from cardservice.verify.reading import CardReading

PHOTO_UNREAD: Final = "the photo was not read"
_NO_TIME: Final = timedelta(0)
_PASSIVE: Final = frozenset({ProtocolName.PASSIVE_AUTHENTICATION})
_PHOTO: Final = int(Group.PHOTO)
_CHIP_SECURITY: Final = int(Group.CHIP_SECURITY)
_ALL_TEXTS: Final = frozenset({int(Group.OWNER_TEXTS), int(Group.INSURER)})


@dataclass(frozen=True, slots=True)
class _Texts:
    """What the owner and insurer files say, with what was passed over in them."""

    owner: OwnerRecord | None = None
    insurer: InsurerRecord | None = None
    skipped: tuple[str, ...] = ()
    malformed: bool = False


@dataclass(frozen=True, slots=True)
class SignedState:
    """What came of EF.SOD: the verified object or why there is none, and the hashes compared."""

    verified: VerifiedSecurityObject | None
    fault: Reason | None
    groups: GroupCheck
    covers_chip: bool


def verify_files(security_object: bytes, files: SignedFiles) -> SignedState:
    """Return what EF.SOD proves about ``files``; never raises for anything a card did.

    Not judged here: whether the signer is to be trusted. Hashes are compared even under a wrong
    signature, so that what the card lists is known.

    Source: card.md §3; ICAO 9303-11, 5.1 (passive authentication).
    """
    try:
        unverified = parse_ef_sod(security_object)
    except PeerError as error:
        return SignedState(None, reason_of(error), check_groups({}, files), covers_chip=False)
    hashes = unverified.objects.hashes
    groups = check_groups(hashes, files)
    try:
        verified = verify_ef_sod(unverified)
    except PeerError as error:
        return SignedState(None, reason_of(error), groups, _CHIP_SECURITY in hashes)
    return SignedState(verified, None, groups, _CHIP_SECURITY in hashes)


class Judge:
    """Judges readings for one desk; safe to share between threads.

    Args:
        trust: whom the desk believes.
        register: None when the desk has none to ask.
        clock: aware times that are believed as they are: of a server, or of a command.
        moments: the desk's own time, in place of ``clock``.
        region: OKATO of the desk's region, five digits, if set.
        register_max_age: older answers decide nothing.
        required: protocols without which no card is valid here, whatever it offers.
        zone: where the desk's days begin; None: that of the machine.

    Raises:
        UsageError: neither ``clock`` nor ``moments`` was given, or both.
    """

    def __init__(  # noqa: PLR0913 - what a desk stands on, all by keyword
        self,
        trust: TrustStore,
        *,
        register: PolicyRegister | None,
        clock: Clock | None = None,
        moments: Moments | None = None,
        region: str | None = None,
        register_max_age: timedelta = timedelta(hours=72),
        required: frozenset[ProtocolName] = frozenset(),
        zone: tzinfo | None = None,
    ) -> None:
        self._trust = trust
        self._register = register
        self._moments = _moments(clock, moments)
        self._region = region
        self._register_max_age = register_max_age
        self._required = required
        self._zone = zone

    def judge(self, reading: CardReading) -> Examination:
        """Return the verdict on a card with what it says; never raises for what a card did."""
        moment = self._moments()
        now = moment.at
        number = _card_number(reading.files.card_id)
        if reading.security_object is None:
            found, texts = self._unsigned(reading, number)
        else:
            found, texts = self._signed(reading, reading.security_object, number, now)
        context = DeskContext(
            now=now,
            grade=moment.grade,
            since_proof=moment.since_proof,
            region=self._region,
            register_max_age=self._register_max_age,
            required=self._required,
            zone=self._zone,
        )
        verdict = Verdict(
            checks=run_checks(found, context),
            at=now,
            signed_at=found.signed_at,
            skipped=texts.skipped,
            ran=found.ran,
            grade=moment.grade,
        )
        proved = found.data_proved
        return Examination(
            verdict=verdict,
            holder=found.holder,
            insurance=found.insurance,
            photo=found.photo,
            proved=proved,
            card_number=number if proved else None,
        )

    def _signed(
        self, reading: CardReading, security_object: bytes, number: int | None, now: datetime
    ) -> tuple[Findings, _Texts]:
        state = verify_files(security_object, reading.files)
        texts = _decode(state.groups.owner, state.groups.insurer, unread=state.groups.unread)
        findings = state.groups.findings
        other = Reason.CONTENT_MALFORMED if texts.malformed else _pace_fault(reading)
        verified, proved = state.verified, _only_covered(texts, state)
        found = Findings(
            has_security_object=True,
            security_object_fault=state.fault,
            data_fault=findings[0].reason if findings else other,
            chip=reading.chip,
            covers_chip=state.covers_chip,
            chip_vouched=_CHIP_SECURITY in state.groups.covered,
            signed_at=None if verified is None else verified.signing_time,
            signer=None if verified is None else self._judge_signer(verified, now),
            holder=None if proved.owner is None else proved.owner.holder,
            expiry=None if proved.owner is None else proved.owner.expiry,
            insurance=None if proved.insurer is None else proved.insurer.insurance,
            photo=_proved_photo(proved, state),
            register=self._ask(texts, number),
            register_asked=texts.owner is not None,
            ran=reading.ran if verified is None else reading.ran | _PASSIVE,
        )
        return found, texts

    def _unsigned(self, reading: CardReading, number: int | None) -> tuple[Findings, _Texts]:
        files = reading.files
        owner = None if files.owner is None else _walked_owner(files.owner)
        insurer = None if files.insurer is None else _walked_insurer(files.insurer)
        texts = _decode(owner, insurer)
        found = Findings(
            life_cycle=reading.life_cycle,
            chip=reading.chip,
            holder=None if texts.owner is None else texts.owner.holder,
            expiry=None if texts.owner is None else texts.owner.expiry,
            insurance=None if texts.insurer is None else texts.insurer.insurance,
            photo=None if texts.owner is None else texts.owner.photo,
            register=self._ask(texts, number),
            register_asked=texts.owner is not None,
            ran=reading.ran,
        )
        return found, texts

    def _judge_signer(self, verified: VerifiedSecurityObject, now: datetime) -> SignerFinding:
        judged = self._trust.judge_signer(
            verified.signer_der, signing_time=verified.signing_time, now=now
        )
        return SignerFinding(judged.outcome, judged.reason, judged.age)

    def _ask(self, texts: _Texts, number: int | None) -> RegisterAnswer | None:
        if self._register is None or texts.owner is None:
            return None
        return self._register.look_up(texts.owner.holder.enp, card_number=number)


def _moments(clock: Clock | None, moments: Moments | None) -> Moments:
    if moments is not None and clock is None:
        return moments
    if clock is None or moments is not None:
        raise UsageError("a desk judges by one clock, or by its own proven time")
    return lambda: Moment(at=clock(), grade=TimeGrade.PROVEN, since_proof=_NO_TIME)


def _pace_fault(reading: CardReading) -> Reason | None:
    """EF.CardAccess is not signed: what PACE ran on is held against the signed PACEInfo."""
    if reading.pace is None or reading.files.chip_security is None:
        return None
    try:
        signed = parse_chip_security(reading.files.chip_security).pace
        verify_pace_choice(reading.pace, signed)
    except PeerError:
        return Reason.CARD_ACCESS_DIFFERS
    return None


def _only_covered(texts: _Texts, state: SignedState) -> _Texts:
    """Return the texts that a good signature's hashes cover: under an EF.SOD no others count."""
    if state.verified is None:
        return _Texts()
    good = state.groups.covered
    if state.groups.findings:
        good -= {finding.group for finding in state.groups.findings}
    if good >= _ALL_TEXTS:
        return texts
    return _Texts(
        owner=texts.owner if Group.OWNER_TEXTS in good else None,
        insurer=texts.insurer if Group.INSURER in good else None,
    )


def _proved_photo(texts: _Texts, state: SignedState) -> Photo | None:
    return texts.owner.photo if texts.owner and _PHOTO in state.groups.covered else None


def _walked_owner(octets: bytes) -> FileObjects | None:
    try:
        return walk_owner(octets)
    except MalformedDataError:
        return None


def _walked_insurer(octets: bytes) -> FileObjects | None:
    try:
        return walk_insurer(octets)
    except MalformedDataError:
        return None


def _decode(
    owner: FileObjects | None, insurer: FileObjects | None, *, unread: tuple[int, ...] = ()
) -> _Texts:
    first: ReadOwner | None = None
    second: ReadInsurer | None = None
    notes: tuple[str, ...] = (PHOTO_UNREAD,) if _PHOTO in unread else ()
    malformed = False
    try:
        first = None if owner is None else read_owner(owner)
        second = None if insurer is None else read_insurer(insurer)
    except MalformedDataError as error:
        malformed, notes = True, (str(error), *notes)
    return _Texts(
        owner=None if first is None else first.record,
        insurer=None if second is None else second.record,
        skipped=_skipped(first) + _skipped(second) + notes,
        malformed=malformed,
    )


def _skipped(read: ReadOwner | ReadInsurer | None) -> tuple[str, ...]:
    return () if read is None else read.skipped


def _card_number(card_id: bytes | None) -> int | None:
    """Return list number and index of EF.CardID as one integer; None when it is not to be had."""
    if card_id is None:
        return None
    try:
        identity = decode_card_id(card_id).identity
    except MalformedDataError:
        return None
    return identity.list_number << 32 | identity.list_index

"""The tap: an enrolled desk needs no typing, any other needs the CAN, a copy is found."""

import secrets
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

import pytest

from cardservice.channel.terminal_authentication_chain import TerminalChain
from cardservice.domain.verdict import CheckName, Outcome, ProtocolName, Reason
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.personalization.station import MadeCard, Station
from cardservice.pki.cv.chains import verify_chain, verify_trust_point
from cardservice.pki.cv.issuing import Cvca, DocumentVerifier, create_cvca
from cardservice.pki.cv.keys import plain_signer
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.cv.requests import create_request, verify_request
from cardservice.pki.cv.terms import TerminalRights
from cardservice.policycard.profile import Profile
from cardservice.verify.access import Enrolment
from cardservice.verify.examination import Examination, Problem
from cardservice.verify.examiner import CardExaminer
from cardservice.verify.judging import Judge
from simulators.card import CountedClock, Interface, SoftwareCard, blank_card
from simulators.card.files import EF_OWNER
from simulators.card.tampering import clone_without_chip_key, copy_of
from tests.chain import (
    NOW,
    PHOTO,
    REGION,
    MemoryRegister,
    StandingClock,
    an_order,
    issued_card,
    issuer,
    link_to,
    new_ephemeral,
)
from tests.unit.verify.readings import check_of

TODAY = NOW.date()
WRONG_CAN = "000000"


@dataclass(frozen=True)
class Scene:
    """A made card that trusts one authority, its register, and that authority."""

    card: SoftwareCard
    made: MadeCard
    register: MemoryRegister
    authority: Cvca
    keys: InsecureMemoryKeyStore

    def enrolment(self, *, at: date = TODAY) -> Enrolment:
        """Return what a desk enrolled under the authority shows."""
        name = secrets.token_hex(4)
        verifier_key = self.keys.generate(f"verifier-{name}")
        terminal_key = self.keys.generate(f"terminal-{name}")
        wish = create_request(verifier_key, holder=HolderReference("RU", "VERIFIER", "00001"))
        verifier = DocumentVerifier(
            self.authority.issue_document_verifier(
                verify_request(wish), rights=TerminalRights.READ_POLICY, at=at
            ),
            verifier_key,
        )
        wish = create_request(terminal_key, holder=HolderReference("RU", "DESK", "00001"))
        terminal = verifier.issue_terminal(
            verify_request(wish), rights=TerminalRights.READ_POLICY, at=at
        )
        chain = verify_chain(
            verify_trust_point(self.authority.certificate), [verifier.certificate, terminal], on=at
        )
        presented = TerminalChain(chain.certificates, chain.rights)
        return Enrolment((presented,), plain_signer(terminal_key))


def new_authority(keys: InsecureMemoryKeyStore, name: str) -> Cvca:
    return create_cvca(
        keys.generate(name),
        holder=HolderReference("RU", "POLICY", "00001"),
        effective=TODAY - timedelta(days=20),
        expiration=TODAY + timedelta(days=900),
    )


@cache
def scene(profile: Profile = Profile.FIELD) -> Scene:
    keys = InsecureMemoryKeyStore(production=False)
    authority = new_authority(keys, "authority")
    register = MemoryRegister(clock=lambda: NOW)
    judge = Judge(issuer().trust(), register=None, clock=lambda: NOW, region=REGION)
    station = Station(
        replace(issuer().keys, trust_point=authority.certificate.octets),
        examiner=CardExaminer(judge, new_ephemeral=new_ephemeral, new_scalar=new_scalar),
        issued=register,
        entropy=secrets.token_bytes,
        clock=StandingClock(),
    )
    card = blank_card(clock=CountedClock())
    made = station.make(link_to(card), replace(an_order(), profile=profile))
    return Scene(card, made, register, authority, keys)


def new_scalar(order: int) -> int:
    return 1 + secrets.randbelow(order - 1)


def examine(
    card: SoftwareCard,
    *,
    can: str | None = None,
    enrolment: Enrolment | None = None,
    required: frozenset[ProtocolName] = frozenset(),
    photo: bool = False,
) -> Examination:
    judge = Judge(
        issuer().trust(),
        register=scene().register,
        clock=lambda: NOW,
        region=REGION,
        required=required,
    )
    examiner = CardExaminer(
        judge,
        new_ephemeral=new_ephemeral,
        new_scalar=new_scalar,
        enrolment=enrolment,
    )
    return examiner.examine(link_to(card), can=can, photo=photo)


def tapped(card: SoftwareCard | None = None) -> SoftwareCard:
    return copy_of(card or scene().card, interface=Interface.CONTACTLESS, entropy=None)


def outcome(examination: Examination) -> Outcome:
    assert examination.verdict is not None, examination.problem
    return examination.verdict.outcome


def ran(examination: Examination) -> frozenset[ProtocolName]:
    assert examination.verdict is not None
    return examination.verdict.ran


def test_an_enrolled_desk_has_a_proven_verdict_with_no_typing() -> None:
    examination = examine(tapped(), enrolment=scene().enrolment())
    assert outcome(examination) is Outcome.VALID
    assert ran(examination) == {
        ProtocolName.CHIP_AUTHENTICATION,
        ProtocolName.TERMINAL_AUTHENTICATION,
        ProtocolName.PASSIVE_AUTHENTICATION,
    }
    reason = check_of(examination, CheckName.TERMINAL_AUTHORISED).reason
    assert reason is Reason.TERMINAL_AUTHENTICATED


def test_a_desk_that_is_not_enrolled_gets_nothing_without_the_can() -> None:
    examination = examine(tapped())
    assert examination.problem is Problem.ACCESS_REFUSED
    assert examination.holder is None


def test_the_can_opens_the_card_to_any_desk() -> None:
    examination = examine(tapped(), can=scene().made.secrets.can)
    assert outcome(examination) is Outcome.VALID
    assert ProtocolName.PACE in ran(examination)
    reason = check_of(examination, CheckName.TERMINAL_AUTHORISED).reason
    assert reason is Reason.OPENED_WITH_CAN


def test_a_wrong_can_opens_nothing_and_says_so() -> None:
    examination = examine(tapped(), can=WRONG_CAN)
    assert examination.problem is Problem.CAN_WRONG
    assert examination.holder is None


def test_a_desk_enrolled_under_another_authority_is_refused() -> None:
    other = replace(scene(), authority=new_authority(scene().keys, "another-authority"))
    # Its reference is the same, so that the card is asked and refuses the signature.
    examination = examine(tapped(), enrolment=other.enrolment())
    assert examination.problem is Problem.ACCESS_REFUSED
    assert examination.holder is None


def test_a_copy_is_found_at_the_tap_though_it_lets_nothing_be_read() -> None:
    clone = clone_without_chip_key(scene().card, interface=Interface.CONTACTLESS)
    for enrolment in (None, scene().enrolment()):
        examination = examine(clone, enrolment=enrolment)
        assert check_of(examination, CheckName.CHIP_GENUINE).reason is Reason.CHIP_COPIED
        assert outcome(examination) is Outcome.INVALID


def test_a_copy_is_found_with_the_can_too_and_what_it_says_is_shown() -> None:
    clone = clone_without_chip_key(scene().card, interface=Interface.CONTACTLESS)
    examination = examine(clone, can=scene().made.secrets.can)
    assert check_of(examination, CheckName.CHIP_GENUINE).reason is Reason.CHIP_COPIED
    assert check_of(examination, CheckName.DATA_SIGNED).outcome is Outcome.VALID


def test_a_desk_that_insists_on_its_certificate_is_not_content_with_the_can() -> None:
    required = frozenset({ProtocolName.TERMINAL_AUTHENTICATION})
    by_can = examine(tapped(), can=scene().made.secrets.can, required=required)
    assert outcome(by_can) is Outcome.UNDECIDED
    assert check_of(by_can, CheckName.TERMINAL_AUTHORISED).reason is Reason.PROTOCOL_NOT_RUN
    shown = examine(tapped(), enrolment=scene().enrolment(), required=required)
    assert outcome(shown) is Outcome.VALID


@pytest.mark.parametrize("interface", list(Interface))
def test_with_can_and_certificates_both_run_whatever_the_interface(interface: Interface) -> None:
    card = copy_of(scene().card, interface=interface)
    examination = examine(card, can=scene().made.secrets.can, enrolment=scene().enrolment())
    assert outcome(examination) is Outcome.VALID
    assert ProtocolName.PACE in ran(examination)


@pytest.mark.parametrize("interface", list(Interface))
def test_a_card_of_profile_private_is_made_and_opened_with_the_can_only(
    interface: Interface,
) -> None:
    private = scene(Profile.PRIVATE)
    card = copy_of(private.card, interface=interface)
    assert examine(card, enrolment=private.enrolment()).problem is Problem.ACCESS_REFUSED
    verdict = examine(card, can=private.made.secrets.can).verdict
    assert verdict is not None
    assert ProtocolName.PACE in verdict.ran
    assert {one.outcome for one in verdict.checks[:3]} == {Outcome.VALID}


def test_a_card_of_profile_protected_asks_for_the_can_or_certificates_on_contact_too() -> None:
    protected = scene(Profile.PROTECTED)
    card = copy_of(protected.card)
    assert examine(card).problem is Problem.ACCESS_REFUSED
    for shown in ({"can": protected.made.secrets.can}, {"enrolment": protected.enrolment()}):
        verdict = examine(card, **shown).verdict
        assert verdict is not None
        assert {one.outcome for one in verdict.checks[:3]} == {Outcome.VALID}


@pytest.mark.parametrize("interface", list(Interface))
def test_the_photo_is_read_when_it_is_asked_for_and_only_then(interface: Interface) -> None:
    issued = issued_card(photo=PHOTO)
    card = copy_of(issued.card, interface=interface)
    can = issued.made.secrets.can
    assert examine(card, can=can).photo is None
    asked = examine(card, can=can, photo=True)
    assert asked.photo == PHOTO
    assert check_of(asked, CheckName.DATA_SIGNED).outcome is Outcome.VALID


def test_a_photo_that_was_exchanged_is_not_shown() -> None:
    issued = issued_card(photo=PHOTO)
    card = copy_of(issued.card)
    owner = card.memory.get(EF_OWNER.cell) or b""
    card.memory.transaction({EF_OWNER.cell: owner[:-1] + bytes((owner[-1] ^ 1,))})
    assert check_of(examine(card), CheckName.DATA_SIGNED).outcome is Outcome.VALID
    asked = examine(card, photo=True)
    assert asked.photo is None
    assert check_of(asked, CheckName.DATA_SIGNED).reason is Reason.DATA_ALTERED

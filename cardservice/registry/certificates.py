"""Temporary certificates: what serves until the policy is made."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.due_dates import certificate_until
from cardservice.domain.lives import (
    CERTIFICATE,
    ApplicationState,
    CertificateEvent,
    CertificateState,
)
from cardservice.domain.numbers import CERTIFICATE_DIGITS, CertificateNumber
from cardservice.errors import Refusal
from cardservice.registry.actor import SERVICE, Actor
from cardservice.registry.applications import get
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import MOST_DRAWS, Act, Office, expect_version
from cardservice.registry.ports_applications import Application
from cardservice.registry.ports_policies import TemporaryCertificate

KIND: Final = "temporary-certificate"
_DRAWN_OCTETS: Final = 8  # so many more than needed that each number is as likely as another
_FILED: Final = frozenset(
    {
        ApplicationState.SUBMITTED.value,
        ApplicationState.DOCUMENTS_NEEDED.value,
        ApplicationState.APPROVED.value,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCertificate(OfficeCommand):
    """Give a temporary certificate for an application that was filed."""

    application_id: UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UseUpCertificate(OfficeCommand):
    """Note that the policy is there and the certificate of no more use."""

    certificate_id: UUID
    version: int


def issue_certificate(office: Office, actor: Actor, command: IssueCertificate) -> Answer:
    """Return the new certificate, good until the policy is due at least.

    Raises:
        Refusal: ``not-found``, ``stale``, ``role-not-allowed``; ``state-not-filed``: a draft,
            refused or withdrawn application has none; ``certificate-exists``: one serves already.
    """
    return office.carry_out(actor, command, _issue)


def use_up_certificate(office: Office, actor: Actor, command: UseUpCertificate) -> Answer:
    """Return the certificate, used up.

    Raises:
        Refusal: ``not-found``, ``stale``, ``role-not-allowed``,
            ``state-temporary-certificate-…``.
    """
    return office.carry_out(actor, command, _use_up)


def expire_certificates(office: Office, region: str) -> int:
    """Expire the certificates of a region whose last day is past; return how many (200 at most)."""

    def do(act: Act) -> int:
        issued = CertificateState.ISSUED.value
        due = act.work.certificates.run_out(region, issued, act.today)
        for one in due:
            _move(act, one, CertificateEvent.EXPIRE, "certificate.expire")
        return len(due)

    return office.run(SERVICE, region, do)


def use_up_certificates(act: Act, application_id: UUID) -> None:
    """Use up what serves for an application: its card or policy is handed over in this act."""
    for one in serving(act, application_id):
        _move(act, one, CertificateEvent.USE_UP, "certificate.use-up")


def serving(act: Act, application_id: UUID) -> Iterator[TemporaryCertificate]:
    """Yield the certificates of an application that are neither used up nor expired."""
    for one in act.work.certificates.of_application(act.region, application_id):
        if one.state == CertificateState.ISSUED.value:
            yield one


def give(act: Act, application: Application) -> TemporaryCertificate:
    """Keep and return a new certificate for an application."""
    settings = act.settings
    new = TemporaryCertificate(
        region=act.region,
        id=act.new_id(),
        number=_free_number(act),
        application_id=application.id,
        person_id=application.person_id,
        state=CERTIFICATE.initial.value,
        issued_on=act.today,
        valid_until=certificate_until(act.today, settings.rules, settings.calendar),
    )
    act.work.certificates.add(new)
    act.record("certificate.issue", KIND, new.id, application=str(application.id))
    return new


def _issue(act: Act, command: IssueCertificate) -> Answer:
    act.actor.require(Right.APPLICATION_ENTER)
    application = get(act, command.application_id, command.version)
    if application.state not in _FILED:
        sentence = "Only an application that was filed and not refused has a certificate."
        raise Refusal("state-not-filed", sentence)
    if any(serving(act, application.id)):
        raise Refusal("certificate-exists", "There is a certificate that serves already.")
    return _answer(give(act, application))


def _use_up(act: Act, command: UseUpCertificate) -> Answer:
    act.actor.require(Right.APPLICATION_ENTER)
    found = act.work.certificates.get(act.region, command.certificate_id)
    expect_version(found, command.version)
    return _answer(_move(act, found, CertificateEvent.USE_UP, "certificate.use-up"))


def _move(
    act: Act, one: TemporaryCertificate, event: CertificateEvent, action: str
) -> TemporaryCertificate:
    state = CERTIFICATE.after(CertificateState(one.state), event, role=act.actor.role)
    kept = act.work.certificates.change(replace(one, state=state.value))
    act.record(action, KIND, one.id, state=state.value)
    return kept


def _free_number(act: Act) -> CertificateNumber:
    for _ in range(MOST_DRAWS):
        drawn = int.from_bytes(act.office.draw(_DRAWN_OCTETS)) % 10**CERTIFICATE_DIGITS
        number = f"{drawn:0{CERTIFICATE_DIGITS}}"
        if act.work.certificates.by_number(act.region, number) is None:
            return CertificateNumber(number)
    raise Refusal("numbers-used-up", "No free number was found; try again.")


def _answer(one: TemporaryCertificate) -> Answer:
    return Answer(id=one.id, version=one.version, state=one.state, number=one.number)

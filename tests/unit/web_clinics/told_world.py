"""People with policies in the register of a service."""

from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from cardservice.accounts.roles import Role
from cardservice.domain.lives import PolicyState
from cardservice.registry.actor import Actor
from tests.registry import forms, offices
from tests.unit.web_clinics.service_world import REGION, Service


@dataclass(frozen=True)
class Insured:
    """Somebody with a policy."""

    service: Service
    id: UUID
    enp: str

    def close(self) -> None:
        """Close the policy."""

        def work(kept: "object") -> None:
            policy = kept.policies.get(REGION, self.id)  # type: ignore[attr-defined]
            kept.policies.change(  # type: ignore[attr-defined]
                replace(policy, state=PolicyState.CLOSED.value)
            )

        self.service.home.office.database.transaction(work, region=REGION)


def policy_of(service: Service) -> Insured:
    """Return somebody whose application was approved."""
    desk = offices.Desk(
        service.home.office.office,
        service.clock,  # type: ignore[arg-type]
        clerk=Actor(uuid4(), Role.CLERK),
        approver=Actor(uuid4(), Role.APPROVER),
        officer=Actor(uuid4(), Role.SECURITY_OFFICER),
        applicant=Actor(uuid4(), Role.APPLICANT),
    )
    id_ = forms.made(forms.approved(desk), "policy")
    with desk.reading() as work:
        enp = work.policies.get(REGION, id_).enp
    return Insured(service, id_, enp)

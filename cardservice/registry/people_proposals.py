"""Acts on a person that one proposes and another carries out, where the office wants that."""

from uuid import UUID

from cardservice.accounts.four_eyes import Act as SecondPersonAct
from cardservice.errors import Refusal
from cardservice.registry.commands import OfficeCommand, request_hash
from cardservice.registry.errors import KEY_REUSED
from cardservice.registry.frame import Act
from cardservice.registry.ports_access import Command


def first_person(act: Act, wanted: SecondPersonAct, proposed_by: UUID | None) -> UUID | None:
    """Return who proposed the act, another than its actor; None: no second person is wanted.

    Raises:
        Refusal: ``second-person-needed``.
    """
    four_eyes, decides = act.settings.four_eyes, act.actor.account
    if wanted not in four_eyes.acts or decides is None:
        return None
    first = proposed_by or decides
    four_eyes.require_second(wanted, first=first, second=decides)
    return first


def expect_proposed(act: Act, first: UUID, proposal: OfficeCommand) -> None:
    """Return if ``first`` sent exactly this proposal: same key, same request.

    Raises:
        Refusal: ``proposal-unknown``.
    """
    sent = Command(
        region=act.region,
        actor=str(first),
        key=proposal.key,
        request_hash=request_hash(proposal),
    )
    if not _was_sent(act, sent):
        raise Refusal("proposal-unknown", "Nobody proposed exactly this.")


def _was_sent(act: Act, sent: Command) -> bool:
    try:
        return act.work.commands.earlier(sent) is not None
    except Refusal as refusal:
        if refusal.code == KEY_REUSED:  # it was another proposal
            return False
        raise

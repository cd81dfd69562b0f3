"""What one proposes and another carries out."""

from dataclasses import replace
from typing import Annotated

from pydantic import StringConstraints

from cardservice.registry.commands import Answer
from cardservice.web.office.asking import Asking

ProposalKey = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,100}$")]
"""The idempotency key that the proposal was sent with."""


def proposed(answer: Answer, who: Asking) -> Answer:
    """Return the answer to a proposal, with the account that the second person is to name."""
    return replace(answer, made={**answer.made, "proposed_by": who.actor.name})

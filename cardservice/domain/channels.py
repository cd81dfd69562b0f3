"""What each way of applying asks for; the ways themselves are ``orders.Channel``.

Source: domain.md, "Who applies, and for what": channel.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from cardservice.domain.orders import Channel
from cardservice.domain.rules import RuleSet
from cardservice.errors import Refusal


@unique
class Delivery(StrEnum):
    """Where the finished card meets its person."""

    POINT = "point"  # a point of issue
    HOME = "home"
    WORKPLACE = "workplace"


@dataclass(frozen=True, slots=True)
class ChannelTerms:
    """What a way of applying brings with it.

    Attributes:
        delivery: where the card is handed over.
        documents_later: the documents are seen at hand-over, so that what is missing of them
            then is only a warning before. [P]
        disability: it is for people with disabilities, and the application must say so.
    """

    delivery: Delivery
    documents_later: bool = False
    disability: bool = False


CHANNELS: Final[Mapping[Channel, ChannelTerms]] = {
    Channel.OFFICE: ChannelTerms(Delivery.POINT),
    Channel.WEBSITE: ChannelTerms(Delivery.POINT),
    Channel.HOME: ChannelTerms(Delivery.HOME, documents_later=True, disability=True),
    Channel.EMPLOYER: ChannelTerms(Delivery.WORKPLACE, documents_later=True),
}


def expect_employer_count(people: int, rules: RuleSet) -> None:
    """Do nothing if an employer may apply for so many people at once.

    Raises:
        Refusal: ``employer-too-few`` or ``employer-too-many``.
    """
    least, most = rules.employer_minimum.value, rules.employer_maximum.value
    if people < least:
        sentence = f"An employer applies for {least} people or more at once."
        raise Refusal("employer-too-few", sentence)
    if people > most:
        raise Refusal("employer-too-many", f"One table holds at most {most} people; split it.")

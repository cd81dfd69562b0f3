"""How a card or a policy stands, as desks ask while a card lies on their reader."""

from dataclasses import replace

from cardservice.domain.numbers import parse_enp
from cardservice.domain.register import CardStatus
from cardservice.errors import UsageError
from cardservice.registry.frame import Office
from cardservice.registry.ports_clinics import CardStanding


def status_of(
    office: Office, *, card_number: int | None = None, enp: str | None = None
) -> CardStanding:
    """Return how a card and its policy stand: one statement, two if both are named.

    A card of another policy than the one named is UNKNOWN: it is none of its cards.

    Args:
        card_number: list number and index of EF.CardID as one integer, below 2^48.
        enp: the number of a policy.

    Raises:
        Refusal: ``enp-…``.
        UsageError: neither is named.
    """
    now = office.clock()
    wanted = None if enp is None else parse_enp(enp)
    with office.database.reading() as kept:
        if card_number is None:
            if wanted is None:
                raise UsageError("name a card or a policy")
            return kept.standings.of_policy(wanted, as_of=now)
        found = kept.standings.of_card(card_number, as_of=now)
        if wanted is None or (found.policy is not None and found.policy.enp == wanted):
            return found
        named = kept.standings.of_policy(wanted, as_of=now)
    return replace(named, answer=replace(named.answer, card=CardStatus.UNKNOWN))

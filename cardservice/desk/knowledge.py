"""What a desk judges by: whom it trusts, the newest status lists, and what the service answers.

A list says of a card whether it is good. Of a policy it says that it was not ended or suspended,
since the cards of such a policy are taken off; of insurers it says nothing.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from cardservice.desk.trust_bundle import (
    ExpectedTrust,
    TrustBundle,
    linked_signers,
    verify_trust,
)
from cardservice.domain.numbers import Enp
from cardservice.domain.register import AnswerSource, CardStatus, RegisterAnswer
from cardservice.domain.verdict import Outcome
from cardservice.pki.status_list import StatusListError, StatusListFault, StatusType
from cardservice.pki.status_list_tokens import TokenForm, read_token
from cardservice.pki.status_list_trust import ListSigners
from cardservice.pki.status_list_verifying import (
    ExpectedList,
    VerifiedStatusList,
    verify_status_list,
)
from cardservice.pki.trust import CLOCK_TOLERANCE, TrustStore
from cardservice.verify.ports import Moments

INDEX_BITS: Final = 32  # EF.CardID, tag 55: list number, then index
_INDEX: Final = (1 << INDEX_BITS) - 1
_STATUS: Final[Mapping[StatusType, CardStatus]] = {
    StatusType.VALID: CardStatus.ACTIVE,
    StatusType.INVALID: CardStatus.TERMINATED,
    StatusType.SUSPENDED: CardStatus.BLOCKED,
    StatusType.APPLICATION_SPECIFIC: CardStatus.UNKNOWN,
}

AskService = Callable[[Enp, int | None], RegisterAnswer | None]
"""Asks the service about a policy and a card (list number and index as one integer); None: it
could not be reached, or its answer was not believed. It takes its own bounded time."""


@dataclass(frozen=True, slots=True)
class HeldList:
    """A list that was believed, and its octets as they came."""

    verified: VerifiedStatusList
    octets: bytes = field(repr=False)


class Knowledge:
    """What one desk knows; a ``PolicyRegister``, safe to share between threads.

    Args:
        pinned: roots, DER, of the desk's enrolment.
        production: refuse whatever leads to a demonstration root.
        moments: the desk's own time.
        ask: None: the service is never asked about a card.
    """

    def __init__(
        self,
        pinned: Iterable[bytes],
        *,
        production: bool,
        moments: Moments,
        ask: AskService | None = None,
    ) -> None:
        self._pinned, self._production = tuple(pinned), production
        self._moments, self._ask = moments, ask
        self._trust: TrustBundle | None = None
        self._signers = ListSigners(self._pinned, production=production)
        self._lists: dict[int, HeldList] = {}
        self._newest: dict[int, datetime] = {}
        self._taking = threading.RLock()

    @property
    def trust(self) -> TrustBundle | None:
        """Whom the desk believes; None: nothing came yet, so the pinned roots alone."""
        return self._trust

    @property
    def signers(self) -> ListSigners:
        """Who judges the signers of the time, of lists and of trust."""
        return self._signers

    def trust_store(self) -> TrustStore:
        """Return what judges the signers of cards, made anew: keep it until trust changes."""
        if self._trust is None:
            return TrustStore(self._pinned, production=self._production)
        return self._trust.trust_store()

    def take_trust(self, token: str) -> TrustBundle:
        """Believe the bundle if it proves itself; lists of a signer revoked by it are dropped.

        Raises:
            TrustError: it is not believed; nothing has changed.
        """
        with self._taking:
            bundle = verify_trust(token, expected=self._expected(), now=self._moments().at)
            self._signers, self._trust = bundle.list_signers(), bundle
            self._lists = {
                number: held
                for number, held in self._lists.items()
                if number in bundle.lists and self._is_still_signed(held)
            }
            return bundle

    def signers_linked_by(self, token: str) -> ListSigners:
        """Return who may have signed the time, if links of the token lead to their root.

        Raises:
            TrustError: it is no trust token; nothing has changed in any case.
        """
        return linked_signers(token, expected=self._expected())

    def wanted_lists(self) -> Mapping[int, str]:
        """Return number → URI of the lists that the desk is to have."""
        return {} if self._trust is None else self._trust.lists

    def expected_list(self, number: int) -> ExpectedList:
        """Return which list is asked for next, and how long it may be.

        Raises:
            StatusListError: OTHER_LIST: trust names none of that number.
        """
        uri = self.wanted_lists().get(number)
        if uri is None:
            raise StatusListError(StatusListFault.OTHER_LIST, "trust names no such status list")
        return ExpectedList(uri=uri, form=TokenForm.CWT, newest_known=self._newest.get(number))

    def take_list(self, number: int, octets: bytes) -> VerifiedStatusList:
        """Believe the list if it proves itself, and is no older than the newest one known.

        Raises:
            StatusListError: it is not believed; nothing has changed.
        """
        with self._taking:
            verified = verify_status_list(
                octets,
                expected=self.expected_list(number),
                signers=self._signers,
                now=self._moments().at,
            )
            self._newest[number] = verified.issued
            self._lists = {**self._lists, number: HeldList(verified, octets)}
            return verified

    def held_list(self, number: int) -> HeldList | None:
        """Return the newest list of that number; None: there is none."""
        return self._lists.get(number)

    def look_up(self, enp: Enp, *, card_number: int | None) -> RegisterAnswer | None:
        """Return what the service says now, or else the newest list; None: neither does.

        An answer of the service counts as much as a list, since the signer of lists signed it;
        ``ask`` has judged that. A card that a list has ended stays ended whatever is answered.
        """
        listed = self._listed(card_number)
        said = None if self._ask is None else self._ask(enp, card_number)
        if said is None or said.as_of > self._moments().at + CLOCK_TOLERANCE:
            return listed
        return said if listed is None else _together(said, listed)

    def _expected(self) -> ExpectedTrust:
        return ExpectedTrust(pinned=self._pinned, newest=self._trust, production=self._production)

    def _listed(self, card_number: int | None) -> RegisterAnswer | None:
        if card_number is None:
            return None
        number, place = card_number >> INDEX_BITS, card_number & _INDEX
        held = self._lists.get(number)
        if held is None:
            return None
        return RegisterAnswer(
            newest_record=None,
            trust_layer=False,
            card=_status_of(held.verified, place),
            as_of=held.verified.issued,
            source=AnswerSource.STATUS_LIST,
        )

    def _is_still_signed(self, held: HeldList) -> bool:
        # Whatever is open now was decided when the list was taken; only a "no" undoes it.
        signer_der = read_token(held.octets, TokenForm.CWT).signer_der
        judged = self._signers.judge(
            signer_der or b"", issued=held.verified.issued, now=self._moments().at
        )
        return judged.outcome is not Outcome.INVALID


def _status_of(verified: VerifiedStatusList, place: int) -> CardStatus:
    try:
        return _STATUS[verified.status_of(place)]
    except StatusListError:
        return CardStatus.UNKNOWN


def _together(said: RegisterAnswer, listed: RegisterAnswer) -> RegisterAnswer:
    """Return the service's answer; of the card the newer of both speaks, and an end is final."""
    if listed.card is CardStatus.TERMINATED:
        return replace(said, card=listed.card)
    if listed.as_of > said.as_of and listed.card is not CardStatus.UNKNOWN:
        return replace(said, card=listed.card)
    return said

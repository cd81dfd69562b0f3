"""The issuer behind the software cards' zoo, reached by the entry point ``simulators.issuers``.

Only names, numbers and octets cross the port; what is asked for is ``zoo_wishes``'s affair.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cardservice.channel.card_management import LifeCycle, set_life_cycle
from cardservice.channel.flow import Flow, drive, protect
from cardservice.channel.reading import select_application
from cardservice.channel.scp03 import diversify
from cardservice.domain.register import CardStatus
from cardservice.errors import LinkError, UsageError
from cardservice.home.folder import ISSUER_MASTER, Folder, NewHome, establish, read_whole
from cardservice.home.issuer import (
    DEMONSTRATION_FUND,
    Home,
    new_ephemeral,
    new_scalar,
    open_home,
    utc_now,
)
from cardservice.home.renewal import renew
from cardservice.home.trust_points import renew_verifier_if_due, trust_point_for_cards
from cardservice.home.zoo_insurers import change_insurer, next_record
from cardservice.home.zoo_signers import BACKDATED, publish_revocations, signing_by
from cardservice.home.zoo_terminal import renew_terminal_if_due, terminal_files
from cardservice.home.zoo_wishes import Wish, day_of, photo_of, policy_order
from cardservice.keystores.memory import TRANSPORT_MASTER
from cardservice.keystores.sealing import KdfCost
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.personalization.making import KeyDiversifier, StationKeys, open_with_issuer_keys
from cardservice.personalization.order import CardOrder, prepare
from cardservice.personalization.ports import IssuerKeys
from cardservice.personalization.station import MadeCard, Station
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.keys import SecretKey
from cardservice.policycard.layout import Directory
from cardservice.policycard.profile import Profile
from cardservice.settings import Settings, load_settings
from cardservice.storage.ledger import LedgerEntry
from cardservice.transport.inprocess import SeamLink
from cardservice.transport.link import CardLink
from cardservice.verify.examiner import CardExaminer
from cardservice.verify.judging import Judge
from cardservice.verify.ports import Examiner

INSECURE_PASSPHRASE: Final = "insecure"  # noqa: S105 - published: a zoo protects nothing
_CHEAP: Final = KdfCost(n=2, r=8, p=1)
_SUPERSEDED_BY: Final = timedelta(days=1)
_STATES: Final = {state.name.lower(): state for state in LifeCycle}


def open_issuer(folder: Path) -> "HomeZooIssuer":
    """Return the issuer whose home is ``folder``: made if it is not there, renewed if it is.

    Everything in it is secured with a published passphrase, and its root is a demonstration root.

    Raises:
        UsageError: in production, which refuses demonstration keys.
        Refusal, KeyStoreError: the folder is in use, damaged, or cannot be written.
    """
    settings = load_settings(home=folder)
    if settings.production:
        raise UsageError("production refuses a zoo; unset CARDSERVICE_PRODUCTION to use one")
    home, now = Folder(folder), utc_now()
    keys = SoftwareKeyStore(home.keys, lambda: INSECURE_PASSPHRASE, cost=_CHEAP)
    if home.marker.exists():
        renew(home, keys, entropy=secrets.token_bytes, at=now - BACKDATED)
    else:
        wish = NewHome(fund=DEMONSTRATION_FUND, demonstration=True)
        establish(home, keys, wish, entropy=secrets.token_bytes, at=now - BACKDATED)
    publish_revocations(home, keys, at=now)
    renew_verifier_if_due(home, keys, at=now)
    renew_terminal_if_due(home, keys, at=now)
    return HomeZooIssuer(home, settings, keys)


@dataclass(frozen=True, slots=True)
class HomeZooIssuer:
    """Makes cards of a home for a zoo: good ones, and ones that a desk must refuse."""

    folder: Folder
    settings: Settings
    keys: SoftwareKeyStore

    def issue(self, link: CardLink, wish: Wish) -> Mapping[str, Any] | None:
        """Make the blank card behind ``link``; None when it left before it was made.

        Returns the policy number ``enp``, the 48-bit ``card_number``; ``can``, ``pin``, ``puk``
        as digits, fictional, for whoever tests with the card; and what the register says:
        ``newest_record`` (ISO 8601 or None) and ``status``.

        Raises:
            CardServiceError: the wish names what no card can carry, or the card broke a rule.
        """
        home, now = self._home(), utc_now()
        at = now - _SUPERSEDED_BY if wish["superseded"] else now
        card, order = SeamLink(link), _order(home, wish)
        try:
            made = self._made(card, order, wish, at=at)
            self._bring_to(_STATES[wish["life_cycle"]], card)
        except LinkError:
            return None
        _record(home, made, CardStatus(wish["status"]))
        if wish["superseded"]:
            _record(home, _later_one(home, made, wish, now), CardStatus.ACTIVE)
        return _told(home, made)

    def files(self, wish: Wish) -> Mapping[str, bytes]:
        """Return the files ``owner`` and ``insurer`` as a card made after ``wish`` has them.

        Nothing in them is signed: this is what cards of the field have, and what forgers write.
        """
        prepared = prepare(_order(self._home(), wish))
        return {"owner": prepared.owner, "insurer": prepared.insurer}

    def trust_material(self) -> Mapping[str, bytes]:
        """Return what a desk believes and shows, by path: root, revocations, terminal's chain."""
        return {
            "root.der": read_whole(self.folder.root),
            "revocations.crl": read_whole(self.folder.revocations),
            **terminal_files(self.folder, self.keys),
        }

    def _home(self) -> Home:
        """Open the home anew: another program may have made cards of it meanwhile."""
        return open_home(self.settings)

    def _made(self, card: CardLink, order: CardOrder, wish: Wish, *, at: datetime) -> MadeCard:
        signing = signing_by(wish["signer"], self.folder, self.keys, at=at)
        judge = Judge(signing.trust, register=None, clock=lambda: at)
        examiner = CardExaminer(judge, new_ephemeral=new_ephemeral, new_scalar=new_scalar)
        made = self._station(signing.signer, examiner, at=at).make(card, order)
        if not wish["next_insurer"]:
            return made
        card.reset()
        chip_security = _chip_security(examiner, card, made)
        card.reset()
        changing = change_insurer(
            next_record(order, longest=wish["next_insurer"] == "longest"),
            self._station_keys(),
            chip_security=chip_security,
            signer=signing.signer,
            at=at,
        )
        return replace(made, signed_at=drive(changing, card.exchange))

    def _station(self, signer: DocumentSigner, examiner: Examiner, *, at: datetime) -> Station:
        issuer = IssuerKeys(
            transport_master=self.keys.secret(TRANSPORT_MASTER),
            issuer_master=self.keys.secret(ISSUER_MASTER),
            signer=signer,
            trust_point=trust_point_for_cards(self.folder, on=at.date()),
        )
        return Station(
            issuer,
            examiner=examiner,
            issued=_Untold(),
            entropy=secrets.token_bytes,
            clock=lambda: at,
        )

    def _bring_to(self, state: LifeCycle, card: CardLink) -> None:
        if state is LifeCycle.PERSONALIZED:
            return
        card.reset()
        drive(_change_state(self._station_keys(), state), card.exchange)

    def _station_keys(self) -> StationKeys:
        return StationKeys(
            transport=_diversifier(self.keys.secret(TRANSPORT_MASTER)),
            issuer=_diversifier(self.keys.secret(ISSUER_MASTER)),
        )


class _Untold:
    """The station's ``IssuedCards``: what the register hears of a card is the wish's affair."""

    def issued(self, made: MadeCard) -> None:
        """Remember nothing."""


def _diversifier(master: SecretKey) -> KeyDiversifier:
    return lambda diversification: diversify(master.cmac, diversification)


def _change_state(keys: StationKeys, state: LifeCycle) -> Flow[None]:
    yield from select_application(Directory.ROOT.aid)
    card = yield from open_with_issuer_keys(keys, secrets.token_bytes)
    yield from protect(set_life_cycle(state), card.session)


def _chip_security(examiner: CardExaminer, card: CardLink, made: MadeCard) -> bytes:
    """Return EF.ChipSecurity of a card that was just made.

    Raises:
        UsageError: the card asks for more than its CAN.
    """
    can = None if made.order.profile is Profile.FIELD else made.secrets.can
    _, reading = examiner.examine_with_reading(card, can=can)
    if reading is None or reading.files.chip_security is None:
        raise UsageError("a card just made does not show its EF.ChipSecurity")
    return reading.files.chip_security


def _order(home: Home, wish: Wish) -> CardOrder:
    order = home.order_for(policy_order(wish))
    return replace(
        order,
        issue_date=order.issue_date if wish["issue_date"] else None,
        expiry=day_of(wish["expiry"]),
        photo=photo_of(wish["photo"]),
        profile=Profile[wish["profile"].upper()],
    )


def _later_one(home: Home, made: MadeCard, wish: Wish, now: datetime) -> MadeCard:
    """Return the next card of the same holder, which nobody needs to hold in hand."""
    return replace(made, order=_order(home, wish), signed_at=now.replace(microsecond=0))


def _told(home: Home, made: MadeCard) -> Mapping[str, Any]:
    """Return what the zoo is told of a made card, and what the register says of it from now on."""
    order, secrets_ = made.order, made.secrets
    answer = home.ledger.look_up(order.holder.enp, card_number=order.card_number)
    newest = answer.newest_record
    return {
        "enp": order.holder.enp,
        "card_number": order.card_number,
        "can": secrets_.can,
        "pin": secrets_.pin,
        "puk": secrets_.puk,
        "newest_record": None if newest is None else newest.isoformat(),
        "status": answer.card.value,
    }


def _record(home: Home, made: MadeCard, status: CardStatus) -> None:
    if status is CardStatus.UNKNOWN:
        return
    order = made.order
    entry = LedgerEntry(
        enp=order.holder.enp,
        card_number=order.card_number,
        signed_at=made.signed_at,
        status=status,
    )
    home.ledger.record(entry)

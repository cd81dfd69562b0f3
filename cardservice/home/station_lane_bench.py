"""What a lane's process makes cards with: the issuer's keys or the central service, an examiner."""

import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol, cast

from cardservice.domain.verdict import Outcome
from cardservice.errors import Refusal, UsageError
from cardservice.home.folder import Folder, read_marker
from cardservice.home.issuer import card_examiner, new_ephemeral, new_scalar, open_trust, utc_now
from cardservice.home.station_keys import KeySecrets, issuer_keys, open_key_store
from cardservice.personalization.after_issue import AfterIssue
from cardservice.personalization.journal_calls import LaneJournal
from cardservice.personalization.order import CardOrder, PreparedOrder
from cardservice.personalization.station import MadeCard, Station
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.trust import TrustStore
from cardservice.settings import Settings
from cardservice.verify.ports import PresentedCard

CENTRAL: Final = "cardservice.home.station_central"
"""Imported by name: only stations of a central service need what it stands on."""
LONGEST_TOKEN: Final = 4096  # octets


class Maker(Protocol):
    """Makes one card after the other: ``Station``, or the central service's half here."""

    def make(
        self,
        card: PresentedCard,
        order: CardOrder | PreparedOrder,
        *,
        order_id: str | None = None,
        lane: int = 1,
    ) -> MadeCard: ...


@dataclass(frozen=True, slots=True)
class Bench:
    """What works are done with; ``service`` is None where a central service has the keys."""

    maker: Maker
    service: AfterIssue | None


def open_bench(
    settings: Settings, given: KeySecrets, journal: LaneJournal, stack: ExitStack
) -> Bench:
    """Return the bench of the settings; ``stack`` lets go of what it stands on.

    Raises:
        KeyStoreError: the keys cannot be opened.
        Refusal: no home, a damaged one, or one for demonstration in production.
        UsageError: the central service's token cannot be read.
    """
    if settings.station_central is not None:
        return Bench(_central(settings, settings.station_central, journal), None)
    folder = Folder(settings.home)
    if read_marker(folder)["demonstration"] and settings.production:
        raise Refusal("demonstration-home", "Production refuses this demonstration home.")
    keys = issuer_keys(folder, open_key_store(settings, folder, given, stack))
    trust = open_trust(folder, production=settings.production)
    examiner = card_examiner(settings, trust, None)

    def preflight() -> None:
        _require_trusted(trust, keys.signer)

    maker = Station(
        keys,
        examiner=examiner,
        issued=None,
        entropy=secrets.token_bytes,
        clock=utc_now,
        preflight=preflight,
        journal=journal,
    )
    service = AfterIssue(
        keys,
        examiner=examiner,
        entropy=secrets.token_bytes,
        clock=utc_now,
        journal=journal,
        new_ephemeral=new_ephemeral,
        new_scalar=new_scalar,
        preflight=preflight,
    )
    return Bench(maker, service)


def _central(settings: Settings, url: str, journal: LaneJournal) -> Maker:
    if settings.station_central_token_file is None:
        raise UsageError("set station_central_token_file to the file of the central's token")
    token = _token(settings.station_central_token_file.expanduser())
    make = import_module(CENTRAL).CentralStation
    return cast("Maker", make(url, token, journal=journal))


def _token(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(LONGEST_TOKEN).decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"the token in {path} cannot be read") from None


def _require_trusted(trust: TrustStore, signer: DocumentSigner) -> None:
    """Refuse to make cards that no desk would trust."""
    now = utc_now()
    judged = trust.judge_signer(signer.certificate.der, signing_time=now, now=now)
    if judged.outcome is not Outcome.VALID:
        raise Refusal(
            judged.reason,
            f"The document signer is not trusted now ({judged.reason}); "
            "renew it and the revocation list with: cardservice pki renew",
        )

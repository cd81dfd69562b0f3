"""What the routes of the office need; put together where the service starts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast
from uuid import UUID

from fastapi import Request

from cardservice.papers.fonts import PaperFonts
from cardservice.papers.statement.signed import StatementKey
from cardservice.papers.values import PaperInsurer, TemporaryCertificate
from cardservice.pki.keys import SecretKey
from cardservice.registry.frame import Office
from cardservice.uploads.vault import ScanVault


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperParts:
    """What papers are made with.

    Attributes:
        fonts: from ``papers.fonts.find_fonts``.
        insurer: whose papers they are.
        fund: the issuing fund, five digits.
        sign: the statement of a certificate → the text of its QR code.
        statement_keys: those the office trusts when it is shown such a text.
    """

    fonts: PaperFonts
    insurer: PaperInsurer
    fund: str
    sign: Callable[[TemporaryCertificate], str]
    statement_keys: tuple[StatementKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCard:
    """A card that lies on the clerk's reader, as far as it could be read.

    Attributes:
        enp: the number of its policy, as the card says it; None: it could not be read.
        number: list number and index of EF.CardID as one integer.
        genuine: whether chip and signature were judged genuine.
    """

    enp: str | None = field(default=None, repr=False)
    number: int | None = field(default=None, repr=False)
    genuine: bool = False


class ClerkReader(Protocol):
    """The reader on a clerk's desk."""

    def wait(self, *, after: int, timeout_s: float) -> tuple[int, SeenCard | None]:
        """Return a count of events and what lies on the reader now; None: nothing.

        Returns at once if there was an event since ``after``, otherwise on the next one or when
        the time is over.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeParts:
    """One office.

    Attributes:
        office: its use cases.
        region: five digits; of those who have none of their own: visitors who begin an
            application.
        vault: where scans lie.
        row_secret: for fingerprints of rows of tables (``uploads.tables.RowFingerprints``).
        cursor_key: 64 octets for AES-SIV; pages of lists are named by what it seals.
        papers: None: no paper can be made here (no fonts).
        reader: None: no reader on this desk.
        head_keys: name → SubjectPublicKeyInfo, DER, of every key that ever signed a head of the
            audit log; without them its signatures cannot be judged.
        new_key: a fresh idempotency key for a form.
        new_id: time-ordered ids (UUIDv7).
    """

    office: Office
    region: str
    vault: ScanVault
    row_secret: SecretKey
    cursor_key: bytes = field(repr=False)
    new_id: Callable[[], UUID]
    new_key: Callable[[], str]
    head_keys: Mapping[str, bytes] = field(default_factory=dict)
    papers: PaperParts | None = None
    reader: ClerkReader | None = None


def office_parts(request: Request) -> OfficeParts:
    """Return the parts of the application that serves the request."""
    return cast(OfficeParts, request.app.state.office)

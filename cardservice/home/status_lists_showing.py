"""The published list as this home's own desk sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cardservice.errors import PeerError, Refusal
from cardservice.home.anchors import read_anchors
from cardservice.home.folder import Folder, damaged_file
from cardservice.home.status_lists import ListPlaces
from cardservice.pki.status_list import StatusType
from cardservice.pki.status_list_tokens import TokenForm
from cardservice.pki.status_list_trust import ListSigners
from cardservice.pki.status_list_verifying import (
    ExpectedList,
    VerifiedStatusList,
    verify_status_list,
)
from cardservice.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownList:
    """A verified list in figures.

    Attributes:
        counts: name of a status → how many places have it; places that nobody has are valid.
        status: of the place that was asked for.
    """

    uri: str
    issued: datetime
    expires: datetime
    age_s: int
    places: int
    counts: Mapping[str, int]
    status: str | None


def list_signers(folder: Folder, *, production: bool) -> ListSigners:
    """Return whom a desk with this home's anchors believes about lists.

    Raises:
        Refusal: ``home-damaged``.
    """
    anchors = read_anchors(folder)
    try:
        return ListSigners(anchors.roots, revocations=[anchors.revocations], production=production)
    except PeerError as error:
        raise damaged_file(folder.root.parent, error) from None


def show_list(
    places: ListPlaces, settings: Settings, *, uri: str, at: datetime, place: int | None = None
) -> ShownList:
    """Return what the published CWT says, verified.

    Args:
        place: whose status is told, too.

    Raises:
        Refusal: ``no-status-list``: none is published there; ``home-damaged``.
        StatusListError: no desk would take it.
    """
    signers = list_signers(places.home, production=settings.production)
    expected = ExpectedList(uri=uri, form=TokenForm.CWT)
    verified = verify_status_list(_published(places), expected=expected, signers=signers, now=at)
    return ShownList(
        uri=verified.uri,
        issued=verified.issued,
        expires=verified.expires,
        age_s=(at - verified.issued) // timedelta(seconds=1),
        places=verified.listed.places,
        counts=_counts(verified),
        status=None if place is None else _name(verified.status_of(place)),
    )


def _published(places: ListPlaces) -> bytes:
    try:
        return places.token(TokenForm.CWT).read_bytes()
    except OSError:
        sentence = "No list is published here; do it with: cardservice pki status-list publish"
        raise Refusal("no-status-list", sentence) from None


def _counts(verified: VerifiedStatusList) -> Mapping[str, int]:
    found = verified.listed.counts()
    return {_name(one): found.get(one.value, 0) for one in StatusType}


def _name(status: StatusType) -> str:
    return status.name.lower().replace("_", "-")

"""The home's status list: built from the register, signed, and put where a web server finds it.

What is published is static: ``statuslists/1.cwt`` and ``1.jwt``, and ``1.json`` with what a
server's headers say. Each replaces the one before in one step, so that a list is always there.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from cardservice.errors import Refusal
from cardservice.home.folder import Folder, write_atomically
from cardservice.home.status_lists_kept import read_kept, write_kept
from cardservice.pki.status_list import CARD_BITS, compress
from cardservice.pki.status_list_claims import StatusListClaims
from cardservice.pki.status_list_tokens import StatusListSigner, TokenForm
from cardservice.registry.status_lists import (
    Built,
    KeptList,
    StatusRows,
    bring_up_to_date,
    build,
)

PUBLISHED: Final = "statuslists"
ASK_AGAIN: Final = timedelta(minutes=30)
HOLDS: Final = timedelta(hours=96)
"""A desk decides for 72 hours without a network; a day more is there to notice that publishing
stopped before desks that are connected have nothing left."""
_FOUR: Final = 4  # places in an octet
_READABLE: Final = 0o644  # a web server is another user
_FOLDER: Final = 0o755


@dataclass(frozen=True, slots=True)
class ListPlaces:
    """Where one list lies.

    Attributes:
        home: the issuer's.
        number: the list's.
        out: folder of what is published.
    """

    home: Folder
    number: int
    out: Path

    @property
    def kept(self) -> Path:
        """The list between two builds, for its owner only."""
        return self.home.path / f"status-list-{self.number}.kept"

    @property
    def facts(self) -> Path:
        """What is published, for whoever serves it."""
        return self.out / f"{self.number}.json"

    def token(self, form: TokenForm) -> Path:
        """Return where the signed list lies."""
        return self.out / f"{self.number}.{form.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was published.

    Attributes:
        etags: an entity tag for each form, of the file's octets, in quotes.
        octets: the length of each file.
    """

    uri: str
    issued: datetime
    expires: datetime
    etags: Mapping[TokenForm, str]
    octets: Mapping[TokenForm, int]


def list_uri(address: str, number: int) -> str:
    """Return the name of a list, which is where it is found: ``https://…/statuslists/1``."""
    return f"{address.rstrip('/')}/{PUBLISHED}/{number}"


def build_list(places: ListPlaces, rows: StatusRows, *, size: int, whole: bool = False) -> Built:
    """Return the list as the register is now; it is kept for ``publish_list``.

    Args:
        size: places of the list; rounded up to four.
        whole: read the register as a whole, though what was kept would do.

    Raises:
        UsageError: a card lies beyond ``size``.
    """
    room = -(-size // _FOUR) * _FOUR
    kept = None if whole else read_kept(places.kept, number=places.number, places=room)
    built = (
        build(rows, number=places.number, places=room)
        if kept is None
        else bring_up_to_date(kept, rows)
    )
    write_kept(places.kept, built.kept)
    return built


def publish_list(
    places: ListPlaces, kept: KeptList, signer: StatusListSigner, *, uri: str, at: datetime
) -> Published:
    """Sign the list in both forms and put it in place of the one before.

    Args:
        uri: its name, as every desk knows it.
        at: the time it is of; whole seconds count.

    Raises:
        Refusal: ``status-list-clock``: the list before is of a later time.
    """
    issued = at.astimezone(UTC).replace(microsecond=0)
    _require_later(places, issued)
    claims = StatusListClaims(
        uri=uri,
        issued=issued,
        expires=issued + HOLDS,
        ttl=ASK_AGAIN,
        bits=CARD_BITS,
        lst=compress(kept.array.frozen()),
    )
    signed = {form: signer.sign(claims, form) for form in TokenForm}
    for form, octets in signed.items():
        _put(places.token(form), octets)
    published = Published(
        uri=uri,
        issued=issued,
        expires=claims.expires,
        etags=MappingProxyType({form: etag(octets) for form, octets in signed.items()}),
        octets=MappingProxyType({form: len(octets) for form, octets in signed.items()}),
    )
    _put(places.facts, json.dumps(facts_of(published), sort_keys=True).encode() + b"\n")
    return published


def etag(octets: bytes) -> str:
    """Return the entity tag of a file: the same octets have the same one on every server."""
    return f'"{hashlib.sha256(octets).hexdigest()}"'


def facts_of(published: Published) -> dict[str, Any]:
    """Return what ``1.json`` says."""
    return {
        "uri": published.uri,
        "issued": published.issued.isoformat(),
        "expires": published.expires.isoformat(),
        "max_age_s": ASK_AGAIN // timedelta(seconds=1),
        "files": {
            form.value: {
                "type": form.media_type,
                "etag": published.etags[form],
                "octets": published.octets[form],
            }
            for form in TokenForm
        },
    }


def _require_later(places: ListPlaces, issued: datetime) -> None:
    """Refuse what every desk would refuse: a list that is older than one it has seen."""
    try:
        before = datetime.fromisoformat(json.loads(places.facts.read_bytes())["issued"])
        is_later = before <= issued
    except (OSError, ValueError, KeyError, TypeError):
        return  # nothing was published here, or nobody can tell any more what
    if not is_later:
        sentence = "The published list is of a later time than this machine's clock says; set it."
        raise Refusal("status-list-clock", sentence)


def _put(path: Path, octets: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=_FOLDER)
    # It gets its name last: nobody meets a file that cannot be read yet.
    beside = path.with_name(f".{path.name}")
    write_atomically(beside, octets)
    beside.chmod(_READABLE)
    beside.replace(path)

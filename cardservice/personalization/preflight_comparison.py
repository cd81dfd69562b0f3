"""A finished card held against its order: sizes before it is written, fields after it was read."""

from collections.abc import Iterator, Mapping
from typing import Final

from cardservice.channel.security_infos import encode_card_access
from cardservice.personalization.contents import CardFiles
from cardservice.personalization.order import CardOrder, PreparedOrder
from cardservice.personalization.preflight import Fault
from cardservice.policycard.identity import decode_card_id
from cardservice.policycard.insurer import decode_insurer
from cardservice.policycard.layout import TOTAL_LIMIT, CardFile, insurer_file
from cardservice.policycard.owner import read_owner, walk_owner
from cardservice.policycard.photo import Photo
from cardservice.policycard.security import SignedFiles

OVERSIZE: Final = "file-too-large"
CARD_FULL: Final = "card-full"
DIFFERENT: Final = "not-as-ordered"

_PERSON: Final = (
    "enp",
    "surname",
    "given_name",
    "patronymic",
    "sex",
    "birth_date",
    "birth_place",
    "citizenship",
    "snils",
)
_INSURED: Final = ("ogrn", "okato", "start_date", "end_date")
_KEPT_BY_CARD: Final = (CardFile.ATR_INFO, CardFile.CVCA)
"""Files that the card makes itself; they are counted at their largest."""


def judge_sizes(prepared: PreparedOrder, files: CardFiles) -> Iterator[Fault]:
    """Yield what does not fit: files above their limits, all together above 49,152 octets.

    Args:
        prepared: the order.
        files: signed for any chip: those of another have the same lengths, but for a few octets
            of the signature.

    Source: card.md, section 2.
    """
    sizes = _sizes(prepared, files)
    for name, (octets, limit) in sizes.items():
        if octets > limit:
            sentence = f"The file has {octets} octets; at most {limit} fit."
            yield Fault(OVERSIZE, sentence, name)
    total = sum(octets for octets, _ in sizes.values())
    if total > TOTAL_LIMIT:
        sentence = f"All files together have {total} octets; a card holds {TOTAL_LIMIT}."
        yield Fault(CARD_FULL, sentence)


def _sizes(prepared: PreparedOrder, files: CardFiles) -> Mapping[str, tuple[int, int]]:
    """Return octets and limit of each file, by its name in small letters."""
    written = {
        CardFile.ICCID: files.iccid,
        CardFile.CARD_ID: files.card_id,
        CardFile.CHIP_SECURITY: files.chip_security,
        CardFile.SECURITY_OBJECT: files.security_object,
        CardFile.OWNER: prepared.owner,
        CardFile.CARD_ACCESS: encode_card_access(),
    }
    sizes = {one.name.lower(): (len(content), one.spec.limit) for one, content in written.items()}
    kept = {one.name.lower(): (one.spec.limit, one.spec.limit) for one in _KEPT_BY_CARD}
    insurer = len(prepared.insurer), insurer_file(prepared.insurer_id).limit
    return {**sizes, **kept, "insurer": insurer}


def judge_fields(order: CardOrder, files: SignedFiles, photo: Photo | None) -> Iterator[Fault]:
    """Yield each field of the order that the card does not show as it was ordered.

    Args:
        order: what was asked for.
        files: as read; their hashes were checked by whoever read them.
        photo: as proved; None: none was.

    Raises:
        MalformedDataError: a file cannot be decoded at all.
    """
    for name in _different(order, files, photo):
        yield Fault(DIFFERENT, "The card shows it otherwise than it was ordered.", name)


def _different(order: CardOrder, files: SignedFiles, photo: Photo | None) -> Iterator[str]:
    owner = read_owner(walk_owner(files.owner or b"")).record
    insurance = decode_insurer(files.insurer or b"").record.insurance
    identity = decode_card_id(files.card_id or b"").identity
    shown = [(name, getattr(owner.holder, name), getattr(order.holder, name)) for name in _PERSON]
    shown += [(name, getattr(insurance, name), getattr(order.insurance, name)) for name in _INSURED]
    shown += [
        ("expiry", owner.expiry, order.expiry),
        ("issue_date", owner.issue_date, order.issue_date),
        ("photo", photo, order.photo),
        ("fund", identity.fund, order.fund),
        ("list_number", identity.list_number, order.list_number),
        ("list_index", identity.list_index, order.list_index),
    ]
    yield from (name for name, seen, wanted in shown if seen != wanted)

"""Terminal side: the files of a policy card, and the digests that EF.SOD compares."""

from collections.abc import Iterator
from unicodedata import is_normalized

from cardservice.domain.texts import is_showable
from cardservice.errors import MalformedDataError, UsageError
from cardservice.policycard.identity import (
    decode_card_id,
    decode_iccid,
    encode_card_id,
    encode_iccid,
)
from cardservice.policycard.insurer import decode_insurer, octets_without_signature, walk_insurer
from cardservice.policycard.owner import decode_owner, encode_owner, walk_owner
from cardservice.policycard.security import SignedFiles, check_groups, digest_groups
from fuzz import issuing
from fuzz.target import Target, all_of, require

DOCUMENTED = (MalformedDataError,)
_SHORT = 60


def _owner_reads_as_it_was_written(octets: bytes) -> None:
    """What we would write ourselves survives our own encoding, whatever the file's coding was."""
    record = decode_owner(octets).record
    try:
        ours = encode_owner(record)
    except UsageError:
        return  # longer texts, or a country without its code: read, but never written
    require(decode_owner(ours).record == record, "an owner EF says the same after our encoding")


def _texts_can_be_shown(octets: bytes) -> None:
    """Nothing that turns text around or hides it gets from a card to a screen."""
    holder = decode_owner(octets).record.holder
    country = holder.citizenship
    texts = [holder.surname, holder.given_name, holder.patronymic, holder.birth_place]
    for text in [*texts, *((country.code, country.name) if country else ())]:
        require(text is None or is_showable(text), "a text can be shown")
        require(text is None or is_normalized("NFC", text), "a text is in form C")


def _card_id_reads_as_it_was_written(octets: bytes) -> None:
    identity = decode_card_id(octets).identity
    require(decode_card_id(encode_card_id(identity)).identity == identity, "EF.CardID is lossless")


def _iccid_reads_as_it_was_written(octets: bytes) -> None:
    iccid = decode_iccid(octets).iccid
    require(decode_iccid(encode_iccid(iccid)).iccid == iccid, "EF.ICCID is lossless")


def _digests(octets: bytes) -> None:
    """Every file alone and all from the same octets: a desk is shown whatever a card likes."""
    files = SignedFiles(
        owner=octets, insurer=octets, card_id=octets, iccid=octets, chip_security=octets
    )
    check_groups(digest_groups(files), files)


_OWNER = all_of(
    walk_owner,
    lambda octets: walk_owner(octets[:_SHORT]),
    _owner_reads_as_it_was_written,
    _texts_can_be_shown,
    _digests,
    documented=DOCUMENTED,
)
_INSURER = all_of(
    walk_insurer, decode_insurer, octets_without_signature, _digests, documented=DOCUMENTED
)
_IDENTITY = all_of(
    _card_id_reads_as_it_was_written, _iccid_reads_as_it_was_written, documented=DOCUMENTED
)


def _owner_seeds() -> Iterator[bytes]:
    yield issuing.owner()
    yield issuing.owner(photo=issuing.PHOTO)


def _insurer_seeds() -> Iterator[bytes]:
    yield issuing.insurer()
    signed = bytes.fromhex("7F6048 5F6140") + bytes(64) + bytes.fromhex("5F6202 3000")
    value = issuing.insurer()[2:] + signed
    yield bytes((0x64, 0x81, len(value))) + value


def _identity_seeds() -> Iterator[bytes]:
    yield from (issuing.card_id(), issuing.iccid())


TARGETS = {
    "terminal.owner": Target(_OWNER, _owner_seeds),
    "terminal.insurer": Target(_INSURER, _insurer_seeds),
    "terminal.identity": Target(_IDENTITY, _identity_seeds),
}

"""Hashes of files just written: the same that reading them back gives."""

import pytest

from cardservice.errors import UsageError
from cardservice.policycard.insurer import encode_insurer
from cardservice.policycard.owner import encode_owner
from cardservice.policycard.photo import encode_photo
from cardservice.policycard.security import SignedFiles, digest_groups, digest_written
from tests.unit.policycard.golden_records import JPEG, insurer_record, owner_record

PLAIN = encode_owner(owner_record())
WITH_PHOTO = encode_owner(owner_record(photo=JPEG))
INSURER = encode_insurer(insurer_record())


def _read_back(owner: bytes) -> dict[int, bytes]:
    files = SignedFiles(owner=owner, insurer=INSURER, card_id=None, iccid=None, chip_security=None)
    return digest_groups(files)


def test_files_without_a_photo_have_the_hashes_that_reading_gives() -> None:
    assert digest_written(owner=PLAIN, insurer=INSURER) == _read_back(PLAIN)


def test_a_photo_is_hashed_apart_from_the_texts_before_it() -> None:
    written = digest_written(owner=WITH_PHOTO, insurer=INSURER, photo=encode_photo(JPEG))
    assert written == _read_back(WITH_PHOTO)
    assert sorted(written) == [1, 3, 5]


def test_a_photo_that_is_not_the_owner_files_end_is_refused() -> None:
    with pytest.raises(UsageError, match="does not end"):
        digest_written(owner=PLAIN, insurer=INSURER, photo=encode_photo(JPEG))

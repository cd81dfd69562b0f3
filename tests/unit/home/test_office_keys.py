"""An office's keys: made once, each for one thing; the public halves lie beside them."""

from pathlib import Path

import pytest

from cardservice.errors import Refusal
from cardservice.home.folder import Folder
from cardservice.home.office_keys import (
    HEAD_KEY,
    STATEMENT_KEY,
    OfficeSecret,
    head_keys,
    make_office_keys,
    open_office_keys,
    public_folder,
)
from tests.unit.home.offices import new_keys

CURSOR_OCTETS = 64


def test_what_is_missing_is_made_and_what_is_there_stays(tmp_path: Path) -> None:
    folder, keys = Folder(tmp_path), new_keys()
    scans = keys.generate_secret(OfficeSecret.SCANS, octets=32)
    made = make_office_keys(folder, keys)
    assert OfficeSecret.SCANS.value not in made
    assert set(made) | {OfficeSecret.SCANS.value} == set(keys.names())
    assert keys.secret(OfficeSecret.SCANS).cmac(b"") == scans.cmac(b"")
    assert make_office_keys(folder, keys) == ()


def test_public_halves_lie_beside_and_come_back_after_they_were_lost(tmp_path: Path) -> None:
    folder, keys = Folder(tmp_path), new_keys()
    make_office_keys(folder, keys)
    public = keys.signing_key(HEAD_KEY).public_key
    assert head_keys(folder) == {HEAD_KEY: public}
    statement = public_folder(folder) / f"{STATEMENT_KEY}.der"
    assert statement.read_bytes() == keys.signing_key(STATEMENT_KEY).public_key
    statement.unlink()
    make_office_keys(folder, keys)
    assert statement.is_file()


def test_no_two_uses_share_a_key(tmp_path: Path) -> None:
    keys = new_keys()
    make_office_keys(Folder(tmp_path), keys)
    opened = open_office_keys(keys)
    secrets = (opened.scans, opened.notices, opened.second_factors, opened.rows)
    assert len({one.cmac(b"") for one in secrets}) == len(secrets)
    first, second = opened.cursor_key[:32], opened.cursor_key[32:]
    assert len(opened.cursor_key) == CURSOR_OCTETS
    assert first != second
    assert opened.head.public_key != opened.statement.public_key


def test_no_key_is_in_what_is_printed(tmp_path: Path) -> None:
    keys = new_keys()
    make_office_keys(Folder(tmp_path), keys)
    opened = open_office_keys(keys)
    assert opened.cursor_key.hex() not in repr(opened)
    assert repr(opened.cursor_key) not in repr(opened)


@pytest.mark.parametrize("missing", [*OfficeSecret, STATEMENT_KEY, HEAD_KEY])
def test_an_office_with_a_key_missing_is_none(missing: str) -> None:
    keys = new_keys()
    for name in OfficeSecret:
        if name != missing:
            keys.generate_secret(name, octets=32)
    for signing in (STATEMENT_KEY, HEAD_KEY):
        if signing != missing:
            keys.generate(signing)
    with pytest.raises(Refusal) as refused:
        open_office_keys(keys)
    assert refused.value.code == "no-office"


def test_a_folder_without_public_halves_is_no_office(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="office init"):
        head_keys(Folder(tmp_path))

"""The key versions of a home: rolled over, retired, restored; whole or not at all."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cardservice.errors import Refusal, UsageError
from cardservice.home import key_versions
from cardservice.home.folder import issuer_master_name, issuer_master_version
from cardservice.home.key_versions import (
    Act,
    Author,
    KeyVersions,
    issuer_masters,
    known_versions,
    read_key_versions,
    restore,
    retire,
    roll_over,
)
from cardservice.home.station_keys import issuer_keys
from cardservice.pki.keys import KeyStoreError
from tests.unit.home.homes import Premises, new_premises

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
CLERK = Author("clerk", AT)


@pytest.fixture
def home(tmp_path: Path) -> Premises:
    return new_premises(tmp_path / "home")


def test_names_of_masters_tell_their_versions() -> None:
    assert issuer_master_name(0x31) == "issuer-master"
    assert issuer_master_name(0x3A) == "issuer-master-3a"
    for version in range(0x31, 0x80):
        assert issuer_master_version(issuer_master_name(version)) == version


@pytest.mark.parametrize(
    "name",
    ["issuer-master-31", "issuer-master-3A", "issuer-master-30", "issuer-master-", "32", "root"],
)
def test_any_other_name_is_no_master_s(name: str) -> None:
    assert issuer_master_version(name) is None


def test_a_home_that_never_rolled_over_has_version_31(home: Premises) -> None:
    assert read_key_versions(home.folder) == KeyVersions(current=0x31)
    assert known_versions(home.keys) == (0x31,)
    assert not home.folder.key_versions.exists()


def test_after_a_rollover_the_new_master_is_current_and_the_old_one_is_opened(
    home: Premises,
) -> None:
    old = home.keys.secret("issuer-master")
    assert roll_over(home.folder, home.keys, author=CLERK) == 0x32
    keys = issuer_keys(home.folder, home.keys)
    assert keys.issuer_version == 0x32
    assert keys.issuer_master.cmac(b"x") == home.keys.secret("issuer-master-32").cmac(b"x")
    assert [master.cmac(b"x") for master in keys.other_masters.values()] == [old.cmac(b"x")]
    assert home.folder.key_versions.stat().st_mode & 0o777 == 0o600


def test_every_change_is_kept_with_time_and_login(home: Premises) -> None:
    roll_over(home.folder, home.keys, author=CLERK)
    retire(home.folder, home.keys, 0x31, author=CLERK)
    restore(home.folder, 0x31, author=CLERK)
    history = read_key_versions(home.folder).history
    acts = [(Act.ROLLOVER, 0x32), (Act.RETIRED, 0x31), (Act.RESTORED, 0x31)]
    assert [(one.act, one.version) for one in history] == acts
    assert {(one.at, one.by) for one in history} == {(AT, "clerk")}


def test_a_retired_version_is_opened_no_more_until_it_is_restored(home: Premises) -> None:
    roll_over(home.folder, home.keys, author=CLERK)
    retire(home.folder, home.keys, 0x31, author=CLERK)
    assert issuer_masters(home.folder, home.keys)[1].keys() == {0x32}
    assert known_versions(home.keys) == (0x31, 0x32)
    restore(home.folder, 0x31, author=CLERK)
    assert issuer_masters(home.folder, home.keys)[1].keys() == {0x31, 0x32}


Deed = Callable[[Premises], object]
REFUSED: dict[str, Deed] = {
    "the current version": lambda home: retire(home.folder, home.keys, 0x32, author=CLERK),
    "one without a master": lambda home: retire(home.folder, home.keys, 0x33, author=CLERK),
    "one that is not retired": lambda home: restore(home.folder, 0x31, author=CLERK),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_retired_or_restored_changes_nothing(home: Premises, name: str) -> None:
    roll_over(home.folder, home.keys, author=CLERK)
    before = home.folder.key_versions.read_bytes()
    with pytest.raises(UsageError):
        REFUSED[name](home)
    assert home.folder.key_versions.read_bytes() == before


def test_what_is_retired_is_not_retired_twice(home: Premises) -> None:
    roll_over(home.folder, home.keys, author=CLERK)
    retire(home.folder, home.keys, 0x31, author=CLERK)
    with pytest.raises(UsageError):
        retire(home.folder, home.keys, 0x31, author=CLERK)


def test_an_interrupted_rollover_goes_on_with_the_master_that_was_made(
    home: Premises, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(key_versions, "write_atomically", full)
        with pytest.raises(OSError, match="no room"):
            roll_over(home.folder, home.keys, author=CLERK)
    made = home.keys.secret("issuer-master-32")
    # Not current yet, and opened all the same: another station may have got further.
    current, masters = issuer_masters(home.folder, home.keys)
    assert (current, set(masters)) == (0x31, {0x31, 0x32})
    assert roll_over(home.folder, home.keys, author=CLERK) == 0x32
    assert home.keys.secret("issuer-master-32") is made
    assert known_versions(home.keys) == (0x31, 0x32)


def test_a_home_that_forgot_a_rollover_takes_it_up_again(home: Premises) -> None:
    for _ in range(2):
        roll_over(home.folder, home.keys, author=CLERK)
    home.folder.key_versions.unlink()
    assert issuer_masters(home.folder, home.keys)[1].keys() == {0x31, 0x32, 0x33}
    assert roll_over(home.folder, home.keys, author=CLERK) == 0x33


def test_a_rollover_without_the_present_master_makes_none(home: Premises) -> None:
    roll_over(home.folder, home.keys, author=CLERK)
    del home.keys._secrets["issuer-master-32"]
    with pytest.raises(KeyStoreError):
        roll_over(home.folder, home.keys, author=CLERK)
    assert known_versions(home.keys) == (0x31,)
    with pytest.raises(KeyStoreError):
        issuer_keys(home.folder, home.keys)


WHOLE = {"format": 1, "current": "32", "retired": ["31"], "history": []}


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"current": "30"},
        {"current": 32},
        {"current": None},
        {"retired": "31"},
        {"retired": ["32"]},
        {"retired": [31]},
        {"retired": None},
        {"history": [{}]},
        {"history": ["rollover"]},
        {"history": [{"act": "burnt", "version": "31", "at": AT.isoformat(), "by": "x"}]},
        {"history": [{"act": "rollover", "version": "31", "at": "soon", "by": "x"}]},
        {"history": 1},
    ],
)
def test_a_file_of_another_form_is_refused_and_nothing_is_guessed(
    home: Premises, change: dict[str, object]
) -> None:
    home.folder.key_versions.write_text(json.dumps(WHOLE))
    assert read_key_versions(home.folder).current == 0x32
    home.folder.key_versions.write_text(json.dumps({**WHOLE, **change}))
    with pytest.raises(Refusal) as refusal:
        read_key_versions(home.folder)
    assert refusal.value.code == "home-damaged"


@pytest.mark.parametrize("octets", [b"", b"{", b"[]", b"\xff\xfe", b"null", b"{}"])
def test_octets_that_are_no_such_file_are_refused(home: Premises, octets: bytes) -> None:
    home.folder.key_versions.write_bytes(octets)
    with pytest.raises(Refusal):
        issuer_keys(home.folder, home.keys)

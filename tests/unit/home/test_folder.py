"""A home folder comes to be whole or not at all, and says which it is."""

import json
import secrets
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from typing_extensions import override

from cardservice.errors import Refusal
from cardservice.home.folder import (
    Folder,
    NewHome,
    establish,
    new_serial,
    open_root,
    open_signer,
    read_fund,
    read_marker,
    write_atomically,
)
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.pki.keys import KeyStoreError
from cardservice.pki.revocations import parse_revocation_list
from cardservice.pki.trust import TrustStore
from tests.chain import FUND, START
from tests.unit.home.homes import new_premises


def test_a_new_home_has_a_root_a_signer_masters_and_a_first_empty_list(tmp_path: Path) -> None:
    home = new_premises(tmp_path / "home", at=START)
    assert home.keys.names() == (
        "cvca-00001",
        "dv-00001",
        "issuer-master",
        "root",
        "signer-20261101093000",
        "transport-master",
    )
    root, signer = open_root(home.folder, home.keys), open_signer(home.folder, home.keys)
    assert signer.certificate.issuer == root.certificate.subject
    revocations = parse_revocation_list(home.folder.revocations.read_bytes())
    assert (revocations.number, revocations.revoked) == (1, frozenset())
    assert read_fund(home.folder) == FUND


def test_its_signer_is_believed_by_a_desk_with_its_root_and_list(tmp_path: Path) -> None:
    home = new_premises(tmp_path / "home", at=START)
    store = TrustStore(
        [home.folder.root.read_bytes()],
        revocations=[home.folder.revocations.read_bytes()],
        production=False,
    )
    moment = START + timedelta(hours=1)
    signer = open_signer(home.folder, home.keys).certificate.der
    assert store.judge_signer(signer, signing_time=moment, now=moment).reason == "signer-good"


@pytest.mark.parametrize("demonstration", [True, False])
def test_only_a_demonstration_home_has_the_published_transport_key(
    tmp_path: Path, *, demonstration: bool
) -> None:
    home = new_premises(tmp_path / "home", demonstration=demonstration)
    published = new_premises(tmp_path / "other").keys.secret("transport-master")
    own = home.keys.secret("transport-master")
    assert (own.cmac(b"") == published.cmac(b"")) is demonstration
    assert read_marker(home.folder)["demonstration"] is demonstration


def test_nothing_in_a_home_can_be_read_by_others(tmp_path: Path) -> None:
    home = new_premises(tmp_path / "home")
    for path in home.folder.path.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name


def refused(folder: Folder, keys: InsecureMemoryKeyStore) -> str:
    wish = NewHome(fund=FUND, demonstration=True)
    with pytest.raises(Refusal) as refusal:
        establish(folder, keys, wish, entropy=secrets.token_bytes, at=START)
    return refusal.value.code


def test_a_home_is_never_set_up_over_another(tmp_path: Path) -> None:
    home = new_premises(tmp_path)
    before = home.folder.root.read_bytes()
    assert refused(home.folder, InsecureMemoryKeyStore(production=False)) == "home-exists"
    assert home.folder.root.read_bytes() == before


def test_a_folder_with_other_peoples_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("mine")
    assert refused(Folder(tmp_path), InsecureMemoryKeyStore(production=False)) == "home-exists"


def test_settings_that_were_written_before_are_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('fund = "77001"\n')
    assert new_premises(tmp_path).folder.marker.is_file()


class StoreOfFewKeys(InsecureMemoryKeyStore):
    """A key store that fails when the next key is wanted after ``left`` of them."""

    def __init__(self, left: int) -> None:
        super().__init__(production=False)
        self.left = left

    @override
    def _free(self, name: str) -> str:
        self.left -= 1
        if self.left < 0:
            raise KeyStoreError("the store is full", remedy="none")
        return super()._free(name)


@pytest.mark.parametrize("keys_there", [0, 1, 2, 3])
def test_a_set_up_that_was_interrupted_is_no_home(tmp_path: Path, keys_there: int) -> None:
    folder, keys = Folder(tmp_path / "home"), StoreOfFewKeys(keys_there)
    with pytest.raises(KeyStoreError):
        establish(
            folder,
            keys,
            NewHome(fund=FUND, demonstration=True),
            entropy=secrets.token_bytes,
            at=START,
        )
    with pytest.raises(Refusal) as refusal:
        folder.require()
    assert refusal.value.code == "no-home"
    keys.left = 100
    if keys_there:
        assert refused(folder, keys) in {"home-unfinished", "home-exists"}


@pytest.mark.parametrize(
    "marker",
    [
        "",
        "not JSON",
        "[]",
        "{}",
        '{"format": 2, "demonstration": true}',
        '{"format": 1}',
        '{"format": 1, "demonstration": "no"}',
    ],
)
def test_a_marker_of_another_form_is_refused(tmp_path: Path, marker: str) -> None:
    folder = new_premises(tmp_path).folder
    folder.marker.write_text(marker)
    with pytest.raises(Refusal) as refusal:
        read_marker(folder)
    assert refusal.value.code == "home-format"


@pytest.mark.parametrize("fund", [None, "77001", {}, {"code": "7", "name": "x"}, {"code": "77001"}])
def test_a_marker_without_a_right_fund_is_refused(tmp_path: Path, fund: object) -> None:
    folder = new_premises(tmp_path).folder
    folder.marker.write_text(json.dumps({"format": 1, "demonstration": True, "fund": fund}))
    with pytest.raises(Refusal) as refusal:
        read_fund(folder)
    assert refusal.value.code == "home-format"


def test_a_signer_whose_certificate_is_lost_or_damaged_is_told_by_its_file(tmp_path: Path) -> None:
    home = new_premises(tmp_path)
    for octets in (b"\x30\x00", None):
        home.folder.signer.unlink()
        if octets is not None:
            home.folder.signer.write_bytes(octets)
        with pytest.raises(Refusal, match=r"signer\.der") as refusal:
            open_signer(home.folder, home.keys)
        assert refusal.value.code == "home-damaged"


def test_a_signer_without_its_key_is_told_as_a_missing_key(tmp_path: Path) -> None:
    home = new_premises(tmp_path)
    with pytest.raises(KeyStoreError, match="no key signer-"):
        open_signer(home.folder, InsecureMemoryKeyStore(production=False))


def test_serial_numbers_are_positive_and_random_enough() -> None:
    assert new_serial(lambda count: b"\x00" * count) == 1
    assert new_serial(lambda count: b"\xff" * count) == (1 << 71) - 1
    serials = {new_serial(secrets.token_bytes) for _ in range(100)}
    assert len(serials) == 100
    assert max(serials).bit_length() <= 71


def test_a_file_is_replaced_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file.der"
    write_atomically(path, b"old")
    write_atomically(path, b"new and longer")
    assert path.read_bytes() == b"new and longer"
    assert [one.name for one in path.parent.iterdir()] == ["file.der"]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "file.der"
    write_atomically(path, b"old")
    path.with_name("file.der.new").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"

"""The vault of scans: what lies on the disk, and what becomes of it when the disk is touched."""

import os
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from cardservice.errors import Refusal, UsageError
from cardservice.keystores.software_keys import AesKey
from cardservice.uploads import vault as module
from cardservice.uploads.derivation import derive
from cardservice.uploads.vault import ScanVault
from cardservice.uploads.vault_form import CHUNK, ScanDamagedError, sealed_chunks

SECRET = AesKey(bytes(range(32)))
CONTENT = b"passport of a fictional person " * 5000  # three chunks
SIZES = [1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK]


@pytest.fixture
def vault(tmp_path: Path) -> ScanVault:
    return ScanVault(tmp_path / "scans", SECRET)


def files(tmp_path: Path) -> dict[str, Path]:
    return {path.suffix: path for path in (tmp_path / "scans").rglob("*") if path.suffix}


def read(vault: ScanVault, address: str) -> bytes:
    return b"".join(vault.read(address))


@pytest.mark.parametrize("size", SIZES)
def test_a_scan_reads_back_as_it_was_kept(vault: ScanVault, size: int) -> None:
    octets = os.urandom(size)
    assert read(vault, vault.keep(octets)) == octets


def test_nothing_of_a_scan_shows_on_the_disk_or_in_its_name(
    vault: ScanVault, tmp_path: Path
) -> None:
    address = vault.keep(CONTENT)
    kept = b"".join(path.read_bytes() for path in files(tmp_path).values())
    assert b"passport" not in kept
    assert sha256(CONTENT).hexdigest() != address


def test_another_installation_names_the_same_content_otherwise(
    vault: ScanVault, tmp_path: Path
) -> None:
    other = ScanVault(tmp_path / "other", AesKey(bytes(32)))
    assert other.address_of(CONTENT) != vault.address_of(CONTENT)
    assert vault.address_of(CONTENT) == vault.keep(CONTENT)


def test_files_and_folders_are_their_owners_alone(vault: ScanVault, tmp_path: Path) -> None:
    vault.keep(CONTENT)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in files(tmp_path).values()}
    folders = [path for path in (tmp_path / "scans").rglob("*") if path.is_dir()]
    assert modes == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in [*folders, tmp_path / "scans"]} == {0o700}


def test_the_same_scan_is_kept_once(vault: ScanVault, tmp_path: Path) -> None:
    address = vault.keep(CONTENT)
    before = {path.suffix: path.stat().st_ino for path in files(tmp_path).values()}
    assert vault.keep(CONTENT) == address
    assert {path.suffix: path.stat().st_ino for path in files(tmp_path).values()} == before


def test_an_old_scan_that_nothing_uses_is_erased(vault: ScanVault) -> None:
    address = vault.keep(CONTENT)
    assert list(vault.addresses()) == [address]
    later = datetime.now(UTC) + timedelta(days=1)
    assert not vault.erase_unused(address, is_used=lambda: True, before=later)
    assert read(vault, address) == CONTENT
    assert vault.erase_unused(address, is_used=lambda: False, before=later)
    assert list(vault.addresses()) == []
    assert not vault.erase_unused(address, is_used=lambda: False, before=later)


def test_a_scan_kept_anew_counts_as_young(vault: ScanVault, tmp_path: Path) -> None:
    address, now = vault.keep(CONTENT), datetime.now(UTC)
    long_ago = (now - timedelta(days=9)).timestamp()
    for path in files(tmp_path).values():
        os.utime(path, (long_ago, long_ago))
    vault.keep(CONTENT)
    before = now - timedelta(days=1)
    assert not vault.erase_unused(address, is_used=lambda: False, before=before)
    assert read(vault, address) == CONTENT


def test_a_scan_that_lost_a_file_is_still_named(vault: ScanVault, tmp_path: Path) -> None:
    address = vault.keep(CONTENT)
    files(tmp_path)[".scan"].unlink()
    (tmp_path / "scans" / address[:2] / "notes.txt").write_bytes(b"")
    assert list(vault.addresses()) == [address]
    later = datetime.now(UTC) + timedelta(days=1)
    assert vault.erase_unused(address, is_used=lambda: False, before=later)
    assert list(vault.addresses()) == []


def test_an_erased_scan_is_gone_with_its_key(vault: ScanVault, tmp_path: Path) -> None:
    address = vault.keep(CONTENT)
    key = files(tmp_path)[".key"]
    inode = key.open("rb")
    vault.erase(address)
    with inode:
        assert set(inode.read()) == {0}
    assert files(tmp_path) == {}
    with pytest.raises(Refusal) as refusal:
        read(vault, address)
    assert refusal.value.code == "scan-unknown"
    vault.erase(address)


def test_a_scan_whose_key_was_erased_cannot_be_read_from_a_backup_of_the_file(
    vault: ScanVault, tmp_path: Path
) -> None:
    address = vault.keep(CONTENT)
    path = files(tmp_path)[".scan"]
    backup = path.read_bytes()
    vault.erase(address)
    path.write_bytes(backup)
    path.chmod(0o600)
    with pytest.raises(Refusal):
        read(vault, address)
    assert read(vault, vault.keep(CONTENT)) == CONTENT


def chunks_moved(octets: bytes) -> Iterator[bytes]:
    head, sealed = octets[:19], CHUNK + 16
    first, second, rest = (
        octets[19 : 19 + sealed],
        octets[19 + sealed : 19 + 2 * sealed],
        octets[19 + 2 * sealed :],
    )
    yield head + second + first + rest
    yield head + first + rest
    yield head + first + second
    yield head + first + first + second + rest
    yield head + first + second + rest + rest
    yield head + first + second + rest[:-1]
    yield octets + b"\0"
    yield head
    yield b""
    for place in (0, 19, 19 + sealed, len(octets) - 1):
        yield octets[:place] + bytes((octets[place] ^ 1,)) + octets[place + 1 :]


@pytest.mark.parametrize("number", range(13))
def test_a_file_that_was_touched_is_never_read_to_its_end_and_mended_when_it_comes_again(
    vault: ScanVault, tmp_path: Path, number: int
) -> None:
    address = vault.keep(CONTENT)
    path = files(tmp_path)[".scan"]
    path.write_bytes(list(chunks_moved(path.read_bytes()))[number])
    with pytest.raises(ScanDamagedError):
        read(vault, address)
    vault.keep(CONTENT)
    assert read(vault, address) == CONTENT


@pytest.mark.parametrize("suffix", [".scan", ".key"])
def test_files_of_two_scans_cannot_trade_places(
    vault: ScanVault, tmp_path: Path, suffix: str
) -> None:
    one, other = vault.keep(CONTENT), vault.keep(b"other")
    folder = tmp_path / "scans"
    source, target = (folder / name[:2] / f"{name}{suffix}" for name in (other, one))
    target.write_bytes(source.read_bytes())
    with pytest.raises(ScanDamagedError):
        read(vault, one)


def test_a_scan_moved_with_its_key_to_another_name_does_not_open(
    vault: ScanVault, tmp_path: Path
) -> None:
    one, other = vault.keep(CONTENT), vault.keep(b"other")
    folder = tmp_path / "scans"
    for suffix in (".scan", ".key"):
        source, target = (folder / name[:2] / f"{name}{suffix}" for name in (other, one))
        target.write_bytes(source.read_bytes())
    with pytest.raises(ScanDamagedError):
        read(vault, one)


@pytest.mark.parametrize("octets", [b"", b"policy-card-scan-key/1\n", b"x" * 83, b"x" * 9999])
def test_a_key_file_that_is_none_is_damage(vault: ScanVault, tmp_path: Path, octets: bytes) -> None:
    address = vault.keep(CONTENT)
    files(tmp_path)[".key"].write_bytes(octets)
    with pytest.raises(ScanDamagedError):
        read(vault, address)


def test_a_write_that_fails_leaves_nothing_under_the_name(
    vault: ScanVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> Iterator[bytes]:
        yield b"begun"
        raise OSError(28, "no space")

    monkeypatch.setattr(module, "sealed_chunks", full)
    with pytest.raises(OSError, match="no space"):
        vault.keep(CONTENT)
    assert list((tmp_path / "scans").rglob("*.scan")) == []
    assert list((tmp_path / "scans").rglob(".new-*")) == []


def test_what_does_not_read_back_is_not_called_kept(
    vault: ScanVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other(octets: bytes, **terms: object) -> Iterator[bytes]:
        return real(octets[:-1] + b"?", **terms)  # type: ignore[arg-type]

    real = sealed_chunks
    monkeypatch.setattr(module, "sealed_chunks", other)
    with pytest.raises(ScanDamagedError):
        vault.keep(CONTENT)


def test_many_who_keep_the_same_scan_at_once_all_can_read_it(
    tmp_path: Path,
) -> None:
    vaults = [ScanVault(tmp_path / "scans", SECRET) for _ in range(4)]
    threads = [threading.Thread(target=one.keep, args=(CONTENT,)) for one in vaults]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read(vaults[0], vaults[0].address_of(CONTENT)) == CONTENT


@pytest.mark.parametrize("address", ["", "../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n"])
def test_a_name_that_is_none_reaches_no_file(vault: ScanVault, address: str) -> None:
    for use in (lambda: read(vault, address), lambda: vault.erase(address)):
        with pytest.raises(UsageError):
            use()


def test_a_link_in_the_place_of_a_scan_is_not_followed(vault: ScanVault, tmp_path: Path) -> None:
    address = vault.keep(CONTENT)
    path = files(tmp_path)[".scan"]
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        read(vault, address)


def test_a_scan_that_others_may_read_is_not_read(vault: ScanVault, tmp_path: Path) -> None:
    address = vault.keep(CONTENT)
    files(tmp_path)[".scan"].chmod(0o644)
    with pytest.raises(UsageError):
        read(vault, address)


@pytest.mark.parametrize("inside", ["web/scans", "web", "."])
def test_the_vault_does_not_lie_where_a_web_server_shows_files(tmp_path: Path, inside: str) -> None:
    with pytest.raises(UsageError):
        ScanVault(tmp_path / inside, SECRET, web_roots=(tmp_path / "web",))


def test_a_link_does_not_hide_that_the_vault_lies_in_a_web_root(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "web")
    with pytest.raises(UsageError):
        ScanVault(tmp_path / "link" / "scans", SECRET, web_roots=(tmp_path / "web",))


def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir(mode=0o755)
    with pytest.raises(UsageError):
        ScanVault(tmp_path / "scans", SECRET)


def test_keys_of_two_uses_and_two_contexts_differ() -> None:
    made = {derive(SECRET, "a"), derive(SECRET, "b"), derive(SECRET, "a", b"1"), derive(SECRET, "")}
    assert len(made) == 4
    assert {len(one) for one in made} == {32}
    assert len({one[:16] for one in made} | {one[16:] for one in made}) == 8

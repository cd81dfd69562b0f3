"""The key folder: what it keeps, and what it refuses with a remedy."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest

from cardservice.errors import UsageError
from cardservice.keystores.sealing import KdfCost
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.keystores.software_keys import AesKey, EcdsaP256Key
from cardservice.pki.keys import KeyStore, KeyStoreError
from cardservice.pki.suite import ECDSA_P256_SHA256, SHA_256, SignatureSuite

CHEAP = KdfCost(n=16, r=1, p=1)
PASSPHRASE = "correct horse"  # noqa: S105 - of the tests' folders only
VALUE = bytes(range(16))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def opened(folder: Path, passphrase: str = PASSPHRASE) -> SoftwareKeyStore:
    return SoftwareKeyStore(folder, lambda: passphrase, cost=CHEAP)


def test_a_signing_key_is_the_same_when_the_folder_is_opened_again(folder: Path) -> None:
    made = opened(folder).generate("root")
    again = opened(folder).signing_key("root")
    assert again.public_key == made.public_key
    ECDSA_P256_SHA256.verifier(made.public_key)(again.sign(b"message"), b"message")


def test_a_secret_key_is_the_same_when_the_folder_is_opened_again(folder: Path) -> None:
    made = opened(folder).put_secret("transport", VALUE)
    assert opened(folder).secret("transport").cmac(b"message") == made.cmac(b"message")


@pytest.mark.parametrize("octets", [16, 24, 32])
def test_a_generated_secret_is_random_and_of_the_asked_length(folder: Path, octets: int) -> None:
    store = opened(folder)
    made = [store.generate_secret(name, octets=octets) for name in ("a", "b")]
    assert [len(one.value) for one in made] == [octets, octets]
    assert made[0].value != made[1].value


def test_cmac_is_that_of_nist_sp_800_38b() -> None:
    # NIST SP 800-38B, D.1, examples 1 and 2.
    key = AesKey(bytes.fromhex("2B7E151628AED2A6ABF7158809CF4F3C"))
    assert key.cmac(b"").hex() == "bb1d6929e95937287fa37d129b756746"
    message = bytes.fromhex("6BC1BEE22E409F96E93D7E117393172A")
    assert key.cmac(message).hex() == "070a16b46b4d4144f79bdd9dd04a287c"


def test_names_lists_both_kinds_and_nothing_else(folder: Path) -> None:
    store: KeyStore = opened(folder)
    store.generate("signer")
    store.put_secret("issuer-master", VALUE)
    (folder / "notes.txt").write_text("x")
    (folder / "Not a name.key").write_text("x")
    assert store.names() == ("issuer-master", "signer")


def test_names_needs_no_passphrase(folder: Path) -> None:
    opened(folder).generate("root")

    def never() -> str:
        raise AssertionError("asked for the passphrase")

    assert SoftwareKeyStore(folder, never).names() == ("root",)


def test_the_passphrase_is_asked_once(folder: Path) -> None:
    asked: list[None] = []

    def ask() -> str:
        asked.append(None)
        return PASSPHRASE

    store = SoftwareKeyStore(folder, ask, cost=CHEAP)
    for name in ("a", "b", "c"):
        store.generate(name)
    assert len(asked) == 1


def test_after_a_wrong_passphrase_a_person_is_asked_again(folder: Path) -> None:
    made = opened(folder).generate("root")
    answers = iter(["wrong", PASSPHRASE])
    store = SoftwareKeyStore(folder, lambda: next(answers), cost=CHEAP)
    with pytest.raises(KeyStoreError):
        store.signing_key("root")
    assert store.signing_key("root").public_key == made.public_key


def test_files_and_folder_are_open_to_their_owner_alone(folder: Path) -> None:
    store = opened(folder)
    store.generate("root")
    store.put_secret("master", VALUE)
    modes = [stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()]
    assert modes == [0o600, 0o600]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("mask", [0o000, 0o777])
def test_the_process_mask_does_not_change_the_rights_of_files(folder: Path, mask: int) -> None:
    folder.mkdir(mode=0o700)
    before = os.umask(mask)
    try:
        opened(folder).generate("root")
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / "root.key").stat().st_mode) == 0o600


def test_no_file_holds_a_key_in_the_clear(folder: Path) -> None:
    store = opened(folder)
    key = store.generate("root")
    store.put_secret("master", VALUE)
    written = b"".join(file.read_bytes() for file in folder.iterdir())
    scalar = key.private_key.private_numbers().private_value.to_bytes(32)
    for secret in (scalar, VALUE):
        assert secret not in written
        assert secret.hex() not in written.decode("ascii")


def test_keys_do_not_print(folder: Path) -> None:
    store = opened(folder)
    made = (store.generate("root"), store.put_secret("master", VALUE), store)
    assert VALUE.hex() not in repr(made)
    assert "private_key" not in repr(made)


TAKEN: list[Callable[[SoftwareKeyStore], object]] = [
    lambda store: store.generate("key"),
    lambda store: store.put_secret("key", VALUE),
    lambda store: store.generate_secret("key"),
]


@pytest.mark.parametrize("second", TAKEN)
@pytest.mark.parametrize("first", TAKEN)
def test_a_name_holds_one_key_for_ever(
    folder: Path,
    first: Callable[[SoftwareKeyStore], object],
    second: Callable[[SoftwareKeyStore], object],
) -> None:
    store = opened(folder)
    first(store)
    before = {file: file.read_bytes() for file in folder.iterdir()}
    for one in (store, opened(folder)):
        with pytest.raises(KeyStoreError, match="already"):
            second(one)
    assert {file: file.read_bytes() for file in folder.iterdir()} == before


@pytest.mark.parametrize(
    "make", [lambda store: store.generate("new"), lambda store: store.put_secret("new", VALUE)]
)
def test_a_key_is_not_made_under_a_passphrase_that_opens_none_of_the_others(
    folder: Path, make: Callable[[SoftwareKeyStore], object]
) -> None:
    opened(folder).put_secret("old", VALUE)
    with pytest.raises(KeyStoreError, match="wrong passphrase"):
        make(opened(folder, "correct hrose"))
    assert opened(folder).names() == ("old",)


LOAD: list[tuple[str, Callable[[SoftwareKeyStore], object]]] = [
    ("key.key", lambda store: store.signing_key("key")),
    ("key.secret", lambda store: store.secret("key")),
]


@pytest.fixture(params=LOAD, ids=["signing", "secret"])
def stored(
    request: pytest.FixtureRequest, folder: Path
) -> tuple[Path, Callable[[SoftwareKeyStore], object]]:
    name, load = request.param
    store = opened(folder)
    if name == "key.key":
        store.generate("key")
    else:
        store.put_secret("key", VALUE)
    return folder / name, load


Stored = tuple[Path, Callable[[SoftwareKeyStore], object]]


def test_a_wrong_passphrase_is_said_with_its_remedy(stored: Stored) -> None:
    path, load = stored
    with pytest.raises(KeyStoreError, match=r"wrong passphrase.*restore the file") as caught:
        load(opened(path.parent, "wrong"))
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_said_with_its_remedy(stored: Stored) -> None:
    path, load = stored
    path.unlink()
    with pytest.raises(KeyStoreError, match=r"no key file .*generate"):
        load(opened(path.parent))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_refused(stored: Stored, mode: int) -> None:
    path, load = stored
    path.chmod(mode)
    with pytest.raises(KeyStoreError, match="chmod 600"):
        load(opened(path.parent))


def test_a_folder_that_others_may_enter_is_refused(stored: Stored) -> None:
    path, _ = stored
    path.parent.chmod(0o750)
    with pytest.raises(KeyStoreError, match="chmod 700"):
        opened(path.parent)


def test_a_link_in_place_of_a_key_is_refused(stored: Stored, tmp_path: Path) -> None:
    path, load = stored
    elsewhere = tmp_path / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    with pytest.raises(KeyStoreError):
        load(opened(path.parent))


def test_a_folder_in_place_of_a_key_is_refused(stored: Stored) -> None:
    path, load = stored
    path.unlink()
    path.mkdir(mode=0o700)
    with pytest.raises(KeyStoreError):
        load(opened(path.parent))


def test_a_pipe_in_place_of_a_key_is_refused_without_waiting(stored: Stored) -> None:
    path, load = stored
    path.unlink()
    os.mkfifo(path, 0o600)
    with pytest.raises(KeyStoreError, match="regular"):
        load(opened(path.parent))


def test_every_cut_and_every_changed_octet_of_a_file_opens_the_key_or_nothing(
    stored: Stored,
) -> None:
    path, load = stored
    whole = path.read_bytes()
    right = load(opened(path.parent))
    changed = [whole[:cut] for cut in range(0, len(whole), 9)]
    changed += [whole[:at] + bytes((whole[at] ^ 1,)) + whole[at + 1 :] for at in range(len(whole))]
    for octets in changed:
        path.write_bytes(octets)
        try:
            found = load(opened(path.parent))
        except KeyStoreError:
            continue
        assert _same(found, right)


def _same(found: object, right: object) -> bool:
    if isinstance(found, EcdsaP256Key) and isinstance(right, EcdsaP256Key):
        private = (one.private_key.private_numbers() for one in (found, right))
        return next(private) == next(private)
    return found == right


def test_an_over_long_file_is_refused(stored: Stored) -> None:
    path, load = stored
    path.write_bytes(bytes(65_537))
    with pytest.raises(KeyStoreError, match="too long"):
        load(opened(path.parent))


def test_two_secrets_cannot_trade_places(folder: Path) -> None:
    store = opened(folder)
    store.put_secret("transport", VALUE)
    store.put_secret("issuer", bytes(16))
    (folder / "transport.secret").rename(folder / "issuer.secret")
    with pytest.raises(KeyStoreError, match="does not open"):
        opened(folder).secret("issuer")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(KeyStoreError, match="check owner"):
        opened(tmp_path / "file" / "keys")


def test_a_failed_creation_leaves_nothing_behind(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(folder)
    monkeypatch.setattr(os, "fsync", Mock(side_effect=OSError(28, "No space left on device")))
    with pytest.raises(KeyStoreError, match="No space left"):
        store.generate("root")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["", "../root", "Root", "a/b", "-a", "a.b", "a" * 64, "ключ"])
def test_a_name_that_could_be_a_path_is_refused(folder: Path, name: str) -> None:
    store = opened(folder)
    for use in (store.generate, store.signing_key, store.secret, store.generate_secret):
        with pytest.raises(UsageError, match="key name"):
            use(name)


@pytest.mark.parametrize("octets", [0, 15, 17, 33])
def test_a_secret_of_another_length_is_refused(folder: Path, octets: int) -> None:
    store = opened(folder)
    with pytest.raises(UsageError, match="16, 24 or 32"):
        store.put_secret("a", bytes(octets))
    with pytest.raises(UsageError, match="16, 24 or 32"):
        store.generate_secret("a", octets=octets)


def test_a_suite_without_software_keys_is_refused(folder: Path) -> None:
    other = SignatureSuite("gost3410-2012-256", SHA_256, b"", ECDSA_P256_SHA256.verifier)
    with pytest.raises(UsageError, match="gost3410"):
        opened(folder).generate("root", other)
    assert opened(folder).names() == ()


def test_the_default_cost_is_an_owasp_equivalent() -> None:
    assert KdfCost() == KdfCost(n=1 << 14, r=8, p=5)


@pytest.mark.parametrize("cost", [(0, 8, 1), (1 << 20, 8, 1), (2, 0, 1), (2, 1, -1)])
def test_an_absurd_cost_is_refused(cost: tuple[int, int, int]) -> None:
    with pytest.raises(UsageError, match="out of range"):
        KdfCost(*cost)

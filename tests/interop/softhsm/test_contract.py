"""What the port promises, of the store in a module and of those in software alike."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cardservice.channel.scp03.keys import diversify
from cardservice.errors import UsageError
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.keystores.sealing import KdfCost
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.keystores.software_keys import AesKey
from cardservice.pki.cv.keys import plain_signer, public_key_of
from cardservice.pki.keys import KeyStore, KeyStoreError
from cardservice.pki.suite import ECDSA_P256_SHA256, SHA_256, SignatureSuite
from cardservice.registry.outbox_sealing import KeyStoreSealer
from cardservice.uploads.derivation import derive
from tests.interop.softhsm.tokens import opened

VALUE = bytes(range(16))
CHEAP = KdfCost(n=16, r=1, p=1)
DIVERSIFICATION_DATA = bytes(range(10))


def _module(request: pytest.FixtureRequest) -> Callable[[], KeyStore]:
    request.getfixturevalue("tokens")
    return opened


def _folder(request: pytest.FixtureRequest) -> Callable[[], KeyStore]:
    folder: Path = request.getfixturevalue("tmp_path")
    return lambda: SoftwareKeyStore(folder / "keys", lambda: "correct horse", cost=CHEAP)


def _memory(_: pytest.FixtureRequest) -> Callable[[], KeyStore]:
    store = InsecureMemoryKeyStore(production=False)
    return lambda: store


@pytest.fixture(params=[_module, _folder, _memory], ids=["module", "folder", "memory"])
def opening(request: pytest.FixtureRequest) -> Callable[[], KeyStore]:
    """Return a function that opens the store once more."""
    make: Callable[[pytest.FixtureRequest], Callable[[], KeyStore]] = request.param
    return make(request)


@pytest.fixture
def keys(opening: Callable[[], KeyStore]) -> KeyStore:
    return opening()


def test_a_signing_key_is_the_same_when_the_store_is_opened_again(
    opening: Callable[[], KeyStore],
) -> None:
    made = opening().generate("root")
    again = opening().signing_key("root")
    assert again.public_key == made.public_key
    assert again.suite is ECDSA_P256_SHA256
    ECDSA_P256_SHA256.verifier(made.public_key)(again.sign(b"message"), b"message")


@pytest.mark.parametrize("octets", [16, 24, 32])
def test_a_secret_is_the_same_when_the_store_is_opened_again(
    opening: Callable[[], KeyStore], octets: int
) -> None:
    made = opening().generate_secret("master", octets=octets)
    assert opening().secret("master").cmac(b"message") == made.cmac(b"message")


@pytest.mark.parametrize("data", [b"", b"m", bytes(16), bytes(1000)])
@pytest.mark.parametrize("octets", [16, 24, 32])
def test_a_secret_put_in_computes_the_cmac_of_its_value(
    keys: KeyStore, octets: int, data: bytes
) -> None:
    value = bytes(range(octets))
    assert keys.put_secret("transport", value).cmac(data) == AesKey(value).cmac(data)


def test_cmac_is_that_of_nist_sp_800_38b(keys: KeyStore) -> None:
    # NIST SP 800-38B, D.1, examples 1 and 2.
    key = keys.put_secret("example", bytes.fromhex("2B7E151628AED2A6ABF7158809CF4F3C"))
    assert key.cmac(b"").hex() == "bb1d6929e95937287fa37d129b756746"
    message = bytes.fromhex("6BC1BEE22E409F96E93D7E117393172A")
    assert key.cmac(message).hex() == "070a16b46b4d4144f79bdd9dd04a287c"


def test_two_keys_are_two_keys(keys: KeyStore) -> None:
    assert keys.generate("a").public_key != keys.generate("b").public_key
    assert keys.generate_secret("c").cmac(b"") != keys.generate_secret("d").cmac(b"")


def test_names_lists_both_kinds_sorted(keys: KeyStore) -> None:
    assert keys.names() == ()
    keys.generate("signer")
    keys.put_secret("issuer-master", VALUE)
    assert keys.names() == ("issuer-master", "signer")


TAKEN: list[Callable[[KeyStore], object]] = [
    lambda keys: keys.generate("key"),
    lambda keys: keys.put_secret("key", VALUE),
    lambda keys: keys.generate_secret("key"),
]


@pytest.mark.parametrize("second", TAKEN)
@pytest.mark.parametrize("first", TAKEN)
def test_a_name_holds_one_key_for_ever(
    opening: Callable[[], KeyStore],
    first: Callable[[KeyStore], object],
    second: Callable[[KeyStore], object],
) -> None:
    one = opening()
    first(one)
    for keys in (one, opening()):
        with pytest.raises(KeyStoreError, match="already"):
            second(keys)
    assert one.names() == ("key",)


def test_a_key_that_is_not_there_is_said_with_its_remedy(keys: KeyStore) -> None:
    keys.generate("signer")
    keys.generate_secret("master")
    for find in (lambda: keys.signing_key("none"), lambda: keys.secret("none")):
        with pytest.raises(KeyStoreError, match=r"no key .*none.*generate"):
            find()
    for find in (lambda: keys.signing_key("master"), lambda: keys.secret("signer")):
        with pytest.raises(KeyStoreError, match="no key"):
            find()


@pytest.mark.parametrize("name", ["", "../root", "Root", "-a", "a" * 64, "ключ"])
def test_a_name_that_is_no_plain_word_is_refused(keys: KeyStore, name: str) -> None:
    for use in (keys.generate, keys.generate_secret):
        with pytest.raises(UsageError, match="key name"):
            use(name)
    with pytest.raises(UsageError, match="key name"):
        keys.put_secret(name, VALUE)
    assert keys.names() == ()


@pytest.mark.parametrize("octets", [0, 15, 17, 33])
def test_a_secret_of_another_length_is_refused(keys: KeyStore, octets: int) -> None:
    with pytest.raises(UsageError, match="16, 24 or 32"):
        keys.put_secret("a", bytes(octets))
    with pytest.raises(UsageError, match="16, 24 or 32"):
        keys.generate_secret("a", octets=octets)
    assert keys.names() == ()


def test_a_suite_without_keys_is_refused(keys: KeyStore) -> None:
    other = SignatureSuite("gost3410-2012-256", SHA_256, b"", ECDSA_P256_SHA256.verifier)
    with pytest.raises(UsageError, match="gost3410"):
        keys.generate("root", other)
    assert keys.names() == ()


def test_keys_do_not_print(keys: KeyStore) -> None:
    printed = repr((keys.generate("root"), keys.put_secret("master", VALUE)))
    assert VALUE.hex() not in printed
    assert repr(VALUE) not in printed


def test_eight_threads_sign_at_once(keys: KeyStore) -> None:
    signer, secret = keys.generate("signer"), keys.generate_secret("master")
    verify = ECDSA_P256_SHA256.verifier(signer.public_key)

    def work(lane: int) -> bytes:
        for turn in range(10):
            message = bytes((lane, turn))
            verify(signer.sign(message), message)
        return secret.cmac(bytes((lane,)))

    with ThreadPoolExecutor(8) as pool:
        macs = list(pool.map(work, range(8)))
    assert macs == [secret.cmac(bytes((lane,))) for lane in range(8)]


def test_what_is_derived_needs_nothing_but_its_cmac(opening: Callable[[], KeyStore]) -> None:
    value = bytes(range(32))
    put = opening().put_secret("office-cursors", value)
    assert derive(put, "page cursor 1") == derive(AesKey(value), "page cursor 1")


def test_a_sealer_opens_what_it_sealed_after_the_store_was_opened_again(
    opening: Callable[[], KeyStore],
) -> None:
    sealer = KeyStoreSealer(opening().generate_secret("office-notices", octets=32))
    sealed = sealer.seal(b"to whom", context=b"row")
    again = KeyStoreSealer(opening().secret("office-notices"))
    assert again.open(sealed, context=b"row") == b"to whom"


def test_keys_of_a_card_come_from_a_master_by_its_cmac(keys: KeyStore) -> None:
    master = keys.put_secret("issuer-master", VALUE)
    assert diversify(master.cmac, DIVERSIFICATION_DATA) == diversify(VALUE, DIVERSIFICATION_DATA)


def test_a_cv_key_signs_plain_signatures(keys: KeyStore) -> None:
    key = keys.generate("cvca-00001")
    signature = plain_signer(key)(b"certificate body")
    check = ECDSA_P256_SHA256.verifier(key.public_key)
    assert len(signature) == 64
    assert len(public_key_of(key).point) == 65
    check(key.sign(b"certificate body"), b"certificate body")

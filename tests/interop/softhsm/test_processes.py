"""Several processes on one token."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cardservice.keystores.pkcs11 import Pkcs11KeyStore
from cardservice.keystores.pkcs11_errors import ModuleError, ModuleFault
from cardservice.keystores.pkcs11_library import Library
from tests.interop.softhsm.tokens import MODULE, SECONDS, Tokens, opened

ROOT = Path(__file__).resolve().parents[3]
KEYS = 12


@contextmanager
def started(tokens: Tokens, *arguments: str) -> "Iterator[subprocess.Popen[str]]":
    with subprocess.Popen(
        [sys.executable, "-m", "tests.interop.softhsm.racing", *arguments],
        cwd=ROOT,
        env=tokens.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def told(process: "subprocess.Popen[str]") -> str:
    """Return the next line that the process writes."""
    assert process.stdout is not None
    return process.stdout.readline()


def go(process: "subprocess.Popen[str]") -> None:
    """Let the process begin."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def test_two_processes_at_once_never_make_two_keys_of_one_name(
    tokens: Tokens, store: Pkcs11KeyStore
) -> None:
    with started(tokens, str(KEYS)) as one, started(tokens, str(KEYS)) as other:
        racers = (one, other)
        assert [told(racer) for racer in racers] == ["ready\n", "ready\n"]
        for racer in racers:
            go(racer)
        won = [racer.communicate(timeout=SECONDS)[0].split() for racer in racers]
        assert [racer.returncode for racer in racers] == [0, 0]
    assert not set(won[0]) & set(won[1])
    assert sorted(won[0] + won[1]) == list(store.names())
    for name in store.names():
        key = store.signing_key(name)
        key.suite.verifier(key.public_key)(key.sign(b"m"), b"m")


def test_a_key_made_by_another_process_is_found(tokens: Tokens, store: Pkcs11KeyStore) -> None:
    with started(tokens, "1") as other:
        assert other.communicate("go\n", timeout=SECONDS)[0].split() == ["ready", "key-0"]
    key = store.signing_key("key-0")
    key.suite.verifier(key.public_key)(key.sign(b"m"), b"m")


def test_a_process_that_is_killed_leaves_the_others_their_keys(
    tokens: Tokens, store: Pkcs11KeyStore
) -> None:
    master = store.generate_secret("master")
    mac = master.cmac(b"m")
    with started(tokens, "1000") as other:
        assert told(other) == "ready\n"
        go(other)
        assert told(other) == "key-0\n"
        other.kill()
        other.wait(SECONDS)
    assert master.cmac(b"m") == mac
    assert store.secret("master").cmac(b"m") == mac
    assert "key-0" in store.names()


def test_a_forked_child_does_not_use_the_module_of_its_parent(
    store: Pkcs11KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: pid + 1)
    with pytest.raises(ModuleError) as caught:
        store.names()
    assert caught.value.fault == ModuleFault.FORKED
    monkeypatch.undo()


@pytest.mark.usefixtures("tokens")
def test_a_module_has_one_thread_a_process() -> None:
    first, second = opened(), opened()
    libraries = {id(store._session._library) for store in (first, second)}
    assert len(libraries) == 1
    assert isinstance(first._session._library, Library)
    assert first._session._library.path == str(MODULE.resolve())

"""A fresh token for each test. The module is loaded once a process and pointed to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cardservice.keystores.pkcs11 import Pkcs11KeyStore
from tests.interop.softhsm.tokens import Tokens, look_again, opened, tokens_in


@pytest.fixture
def tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tokens:
    made = tokens_in(tmp_path)
    monkeypatch.setenv("SOFTHSM2_CONF", str(made.configuration))
    look_again()
    return made


@pytest.fixture
def store(tokens: Tokens) -> Iterator[Pkcs11KeyStore]:
    assert tokens.folder.is_dir()
    with opened() as one:
        yield one

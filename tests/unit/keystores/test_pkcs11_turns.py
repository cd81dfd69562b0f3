"""One at a time makes a key."""

from pathlib import Path

import pytest

from cardservice.keystores.pkcs11_errors import ModuleError, ModuleFault
from cardservice.keystores.pkcs11_turns import turn


def test_a_turn_is_had_by_one_and_given_back(tmp_path: Path) -> None:
    file = tmp_path / "module.so"
    file.touch()
    with turn(str(file), patience_s=1), pytest.raises(ModuleError) as caught:
        turn(str(file), patience_s=0.02).__enter__()
    assert caught.value.fault == ModuleFault.NOT_ANSWERING
    with turn(str(file), patience_s=0):
        assert file.read_bytes() == b""


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModuleError) as caught:
        turn(str(tmp_path / "none"), patience_s=1).__enter__()
    assert caught.value.fault == ModuleFault.LIBRARY

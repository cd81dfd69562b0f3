import json
from pathlib import Path

import pytest

from cardservice.conformance.known import another, coded, load_secrets
from cardservice.errors import Refusal
from cardservice.pki.keys import KeyStoreError
from cardservice.policycard.profile import Profile


def written(folder: Path, told: object, *, mode: int = 0o600) -> Path:
    path = folder / "card.json"
    path.write_text(told if isinstance(told, str) else json.dumps(told))
    path.chmod(mode)
    return path


def test_all_that_a_file_tells_is_known(tmp_path: Path) -> None:
    told = {
        "can": "123456",
        "pin": "1234",
        "puk": "12345678",
        "profile": "02",
        "issuer_master": "00" * 16,
    }
    known = load_secrets(written(tmp_path, told))
    assert (known.can, known.pin, known.puk) == ("123456", "1234", "12345678")
    assert known.profile is Profile.PROTECTED
    assert known.issuer is not None
    assert "1234" not in repr(known)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(KeyStoreError):
        load_secrets(written(tmp_path, {"can": "123456"}, mode=mode))


@pytest.mark.parametrize(
    "told",
    [
        "no json 987654",
        "[]",
        {"can": 987654},
        {"can": "98765"},
        {"pin": "987"},
        {"puk": "98765432x"},
        {"profile": "04"},
        {"issuer_master": "9876"},
        {"issuer_master": "987654xx"},
        {"cna": "987654"},
    ],
)
def test_another_file_is_refused_without_quoting_it(tmp_path: Path, told: object) -> None:
    with pytest.raises(Refusal) as refused:
        load_secrets(written(tmp_path, told))
    assert "987" not in str(refused.value)


def test_another_pin_is_as_long_and_differs() -> None:
    assert another("1239") == "1230"
    assert coded("1234") == b"1234\xff\xff\xff\xff"

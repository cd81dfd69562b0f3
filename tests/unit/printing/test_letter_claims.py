from pathlib import Path

import pytest

from cardservice.errors import Refusal, UsageError
from cardservice.personalization.printing_letters import (
    LetterName,
    LetterSecrets,
    SealedSecrets,
    print_letter,
)
from cardservice.printing.letter_claims import ClaimFiles
from tests.unit.personalization.made_cards import CHIP, SECRETS, KeepingPrinter

NAME = LetterName(CHIP)


def _code(claims: ClaimFiles) -> str:
    with pytest.raises(Refusal) as caught:
        claims.claim(NAME)
    return caught.value.code


def test_a_letter_is_claimed_once_across_restarts(tmp_path: Path) -> None:
    folder = tmp_path / "claims"
    ClaimFiles(folder).claim(NAME)
    assert _code(ClaimFiles(folder)) == "letter-already-printed"
    ClaimFiles(folder).claim(LetterName(CHIP, 2))


def test_a_claim_holds_a_name_and_nothing_more(tmp_path: Path) -> None:
    def typeset(secrets: LetterSecrets) -> bytes:
        return secrets.pin.encode()

    folder, printer = tmp_path / "claims", KeepingPrinter()
    sealed = SealedSecrets(NAME, SECRETS)
    print_letter(sealed, typeset, printer=printer, printed=ClaimFiles(folder))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["0102030405060708-1.printed"]
    assert [path.read_bytes() for path in files] == [b""]
    assert printer.letters == [SECRETS.pin.encode()]


def test_what_cannot_be_recorded_is_not_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    claims = ClaimFiles(tmp_path / "claims")
    monkeypatch.setattr("os.fsync", full)
    assert _code(claims) == "letter-not-claimed"


def test_a_folder_that_others_may_enter_is_an_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(UsageError):
        ClaimFiles(tmp_path)

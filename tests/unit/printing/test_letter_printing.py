"""Which letter tells what a card was given, and that nothing of it is left afterwards."""

from dataclasses import replace
from pathlib import Path

import pytest

from cardservice.errors import Refusal
from cardservice.papers.wording import PaperLanguage
from cardservice.personalization.contents import HolderSecrets
from cardservice.personalization.printing_letters import LetterName, SealedSecrets
from cardservice.printing import letter_printing
from cardservice.printing.letter_claims import ClaimFiles
from cardservice.printing.letter_printing import LetterPrinting, Recipient, print_letter_of
from tests.unit.papers.examples import FONTS, INSURER
from tests.unit.papers.pdf_reading import opened, text_of
from tests.unit.personalization.made_cards import CHIP, SECRETS, KeepingPrinter

RECIPIENT = Recipient(
    name="Цветков Андрей Александрович",
    card_number="000000000012345",
    insurer=INSURER,
    fonts=FONTS,
    language=PaperLanguage.EN,
)
CAN_ALONE = replace(SECRETS, pin="", puk="")
PIN_AND_PUK = replace(SECRETS, can="")


@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch) -> list[SealedSecrets]:
    """Everything that was sealed for a letter."""
    kept: list[SealedSecrets] = []

    def keeping(name: LetterName, secrets: HolderSecrets) -> SealedSecrets:
        kept.append(SealedSecrets(name, secrets))
        return kept[-1]

    monkeypatch.setattr(letter_printing, "SealedSecrets", keeping)
    return kept


def letters_in(folder: Path, printer: KeepingPrinter) -> LetterPrinting:
    return LetterPrinting(printer, ClaimFiles(folder), folder)


@pytest.mark.parametrize(
    ("new", "told", "kept_silent"),
    [
        (PIN_AND_PUK, {SECRETS.pin, SECRETS.puk}, {SECRETS.can}),
        (SECRETS, {SECRETS.pin, SECRETS.puk}, {SECRETS.can}),
        (CAN_ALONE, {SECRETS.can}, {SECRETS.pin, SECRETS.puk}),
    ],
    ids=["new PIN", "new card", "new CAN"],
)
def test_a_letter_tells_what_its_card_was_given_and_no_more(
    new: HolderSecrets, told: set[str], kept_silent: set[str], tmp_path: Path
) -> None:
    printer = KeepingPrinter()
    print_letter_of(CHIP, new, RECIPIENT, letters_in(tmp_path / "letters", printer))
    with opened(printer.letters[0]) as pdf:
        lines = set(text_of(pdf).splitlines())
    assert told <= lines
    assert kept_silent.isdisjoint(lines)


@pytest.mark.parametrize("new", [PIN_AND_PUK, CAN_ALONE], ids=["PIN", "CAN"])
@pytest.mark.parametrize("ready", [True, False])
def test_nothing_that_was_sealed_outlives_its_letter(
    new: HolderSecrets, sealed: list[SealedSecrets], tmp_path: Path, *, ready: bool
) -> None:
    letters = letters_in(tmp_path / "letters", KeepingPrinter(ready=ready))
    if ready:
        print_letter_of(CHIP, new, RECIPIENT, letters)
    else:
        with pytest.raises(Refusal, match="No paper"):
            print_letter_of(CHIP, new, RECIPIENT, letters)
    (one,) = sealed
    assert not any((*one._pin, *one._puk))


def test_letters_of_a_chip_are_counted_whatever_they_tell(tmp_path: Path) -> None:
    letters = letters_in(tmp_path / "letters", KeepingPrinter())
    for edition, new in enumerate((SECRETS, CAN_ALONE, PIN_AND_PUK), start=1):
        assert letters.next_name(CHIP) == LetterName(CHIP, edition)
        print_letter_of(CHIP, new, RECIPIENT, letters)


def test_whose_letter_it_is_is_shown_by_nothing_that_is_printed_by_mistake() -> None:
    assert "Цветков" not in repr(RECIPIENT)

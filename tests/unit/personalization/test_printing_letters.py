import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest

from cardservice.errors import Refusal, UsageError
from cardservice.personalization.printing_letters import (
    LetterName,
    LetterSecrets,
    SealedSecrets,
    print_letter,
)
from tests.unit.personalization.made_cards import CHIP, SECRETS, Claimed, KeepingPrinter

NAME = LetterName(CHIP)


def _sealed(name: LetterName = NAME) -> SealedSecrets:
    return SealedSecrets(name, SECRETS)


def _typeset(secrets: LetterSecrets) -> bytes:
    return f"PIN {secrets.pin} PUK {secrets.puk}".encode()


def _code(sealed: SealedSecrets, printer: KeepingPrinter, printed: Claimed) -> str:
    with pytest.raises(Refusal) as caught:
        print_letter(sealed, _typeset, printer=printer, printed=printed)
    assert SECRETS.pin not in str(caught.value)
    return caught.value.code


def test_a_letter_goes_to_the_printer_with_pin_and_puk() -> None:
    printer, printed = KeepingPrinter(), Claimed()
    print_letter(_sealed(), _typeset, printer=printer, printed=printed)
    assert printer.letters == [b"PIN 408172 PUK 59317042"]
    assert printed.names == [NAME]


def test_the_same_secrets_are_not_printed_twice() -> None:
    sealed, printer = _sealed(), KeepingPrinter()
    print_letter(sealed, _typeset, printer=printer, printed=Claimed())
    assert _code(sealed, printer, Claimed()) == "letter-already-printed"
    assert len(printer.letters) == 1


def test_a_letter_that_was_printed_before_is_not_printed_again_from_other_memory() -> None:
    printer, printed = KeepingPrinter(), Claimed([NAME])
    assert _code(_sealed(), printer, printed) == "letter-already-printed"
    assert printer.letters == []


def test_a_card_given_new_secrets_gets_a_letter_of_the_next_edition() -> None:
    printer, printed = KeepingPrinter(), Claimed([NAME])
    second = LetterName(CHIP, 2)
    print_letter(_sealed(second), _typeset, printer=printer, printed=printed)
    assert printed.names == [NAME, second]
    assert str(second) == "0102030405060708-2"


def test_a_letter_that_broke_in_the_printer_is_not_tried_again() -> None:
    printed, sealed = Claimed(), _sealed()
    assert _code(sealed, KeepingPrinter(broken=True), printed) == "letter-interrupted"
    assert _code(sealed, KeepingPrinter(), printed) == "letter-already-printed"
    assert _code(_sealed(), KeepingPrinter(), printed) == "letter-already-printed"


def test_a_printer_that_is_not_ready_uses_nothing_up() -> None:
    sealed, printed = _sealed(), Claimed()
    assert _code(sealed, KeepingPrinter(ready=False), printed) == "printer-not-ready"
    printer = KeepingPrinter()
    print_letter(sealed, _typeset, printer=printer, printed=printed)
    assert len(printer.letters) == 1


@pytest.mark.parametrize("broken", [False, True])
def test_the_document_is_wiped_however_the_print_ends(*, broken: bool) -> None:
    printer = KeepingPrinter(broken=broken)
    if broken:
        assert _code(_sealed(), printer, Claimed()) == "letter-interrupted"
    else:
        print_letter(_sealed(), _typeset, printer=printer, printed=Claimed())
    assert printer.handed == [bytearray(len(printer.letters[0]))]


def test_pin_and_puk_are_wiped_after_they_were_opened() -> None:
    sealed = _sealed()
    with sealed.opened() as secrets:
        assert secrets == LetterSecrets(pin=SECRETS.pin, puk=SECRETS.puk)
    assert (sealed._pin, sealed._puk) == (bytearray(6), bytearray(8))


def test_a_letter_that_cannot_be_typeset_leaves_nothing_behind() -> None:
    sealed, printed = _sealed(), Claimed()

    def refusing(_: LetterSecrets) -> bytes:
        raise Refusal("paper-does-not-fit", "Too long.")

    with pytest.raises(Refusal):
        print_letter(sealed, refusing, printer=KeepingPrinter(), printed=printed)
    assert not any((*sealed._pin, *sealed._puk, *printed.names))


def test_secrets_that_were_wiped_are_not_printed() -> None:
    sealed, printer = _sealed(), KeepingPrinter()
    sealed.wipe()
    assert _code(sealed, printer, Claimed()) == "letter-already-printed"
    assert not any((*sealed._pin, *sealed._puk, *printer.letters))


def test_of_many_threads_one_opens_the_secrets() -> None:
    sealed, printer = _sealed(), KeepingPrinter()

    def attempt(_: int) -> bool:
        try:
            print_letter(sealed, _typeset, printer=printer, printed=Claimed())
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(64))) == 1
    assert len(printer.letters) == 1


def test_secrets_are_shown_copied_and_pickled_by_nobody() -> None:
    sealed = _sealed()
    assert repr(sealed) == "SealedSecrets(0102030405060708-1)"
    for copying in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(UsageError):
            copying(sealed)
    assert SECRETS.pin not in repr(LetterSecrets(pin=SECRETS.pin, puk=SECRETS.puk))

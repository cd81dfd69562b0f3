"""Which token is meant, and whether it may be asked for anything."""

from unittest.mock import Mock

import pkcs11
import pytest
from pkcs11 import Mechanism, TokenFlag

from cardservice.keystores.pkcs11_errors import ModuleError, ModuleFault
from cardservice.keystores.pkcs11_token import (
    NEEDED,
    TokenChoice,
    find_token,
    require_mechanisms,
    require_tries,
)


def token(label: str = "issuer", serial: str = "01", flags: TokenFlag = TokenFlag(0)) -> Mock:  # noqa: B008 - a constant
    made = Mock(label=label, serial=serial.encode(), flags=flags)
    made.slot.get_token.return_value = made
    made.slot.get_mechanisms.return_value = set(NEEDED)
    return made


def module(*tokens: Mock) -> Mock:
    made = Mock()
    made.get_slots.return_value = [one.slot for one in tokens]
    return made


def test_a_token_is_found_by_its_label_and_serial_number() -> None:
    first, second, other = token(serial="01"), token(serial="02"), token("other")
    there = module(first, second, other)
    assert find_token(there, TokenChoice("other")) is other
    assert find_token(there, TokenChoice("issuer", "02")) is second


@pytest.mark.parametrize(
    ("choice", "fault"),
    [
        (TokenChoice("none"), ModuleFault.TOKEN_MISSING),
        (TokenChoice("issuer", "03"), ModuleFault.TOKEN_MISSING),
        (TokenChoice("issuer"), ModuleFault.TOKEN_AMBIGUOUS),
    ],
)
def test_none_or_two_tokens_are_told(choice: TokenChoice, fault: ModuleFault) -> None:
    with pytest.raises(ModuleError) as caught:
        find_token(module(token(serial="01"), token(serial="02")), choice)
    assert caught.value.fault == fault


def test_a_slot_whose_token_was_just_pulled_does_not_hide_the_others() -> None:
    pulled, there = token(), token()
    pulled.slot.get_token.side_effect = pkcs11.TokenNotPresent
    assert find_token(module(pulled, there), TokenChoice("issuer")) is there


@pytest.mark.parametrize("missing", NEEDED)
def test_a_module_that_lacks_a_mechanism_is_refused_with_its_name(missing: Mechanism) -> None:
    one = token()
    require_mechanisms(one)
    one.slot.get_mechanisms.return_value = set(NEEDED) - {missing}
    with pytest.raises(ModuleError, match=f"CKM_{missing.name}.*never taken out") as caught:
        require_mechanisms(one)
    assert caught.value.fault == ModuleFault.MECHANISM_MISSING


def test_the_last_try_at_a_pin_is_left_to_a_person() -> None:
    require_tries(token(flags=TokenFlag.USER_PIN_COUNT_LOW))
    with pytest.raises(ModuleError) as caught:
        require_tries(token(flags=TokenFlag.USER_PIN_FINAL_TRY))
    assert caught.value.fault == ModuleFault.PIN_LAST_TRY


def test_a_locked_pin_is_not_tried() -> None:
    with pytest.raises(ModuleError) as caught:
        require_tries(token(flags=TokenFlag.USER_PIN_LOCKED))
    assert caught.value.fault == ModuleFault.PIN_LOCKED

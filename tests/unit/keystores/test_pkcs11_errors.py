"""What modules refuse, in our words."""

import pkcs11
import pytest

from cardservice.keystores.pkcs11_errors import (
    TEXTS,
    ModuleError,
    ModuleFault,
    is_lost,
    told,
)
from cardservice.pki.keys import KeyStoreError

PIN_FAULTS = [
    (pkcs11.PinIncorrect, ModuleFault.PIN_WRONG),
    (pkcs11.PinLocked, ModuleFault.PIN_LOCKED),
    (pkcs11.PinExpired, ModuleFault.PIN_UNUSABLE),
    (pkcs11.UserPinNotInitialized, ModuleFault.PIN_UNUSABLE),
]
LOST = [
    pkcs11.SessionHandleInvalid,
    pkcs11.SessionClosed,
    pkcs11.DeviceRemoved,
    pkcs11.TokenNotPresent,
    pkcs11.UserNotLoggedIn,
    pkcs11.GeneralError,
]


@pytest.mark.parametrize("fault", ModuleFault)
def test_every_fault_has_a_sentence_and_a_remedy(fault: ModuleFault) -> None:
    error = ModuleError(fault, "word")
    assert isinstance(error, KeyStoreError)
    assert error.remedy == TEXTS[fault][1]
    assert "{" not in str(error)
    assert fault.value.startswith("hsm-")


@pytest.mark.parametrize(("kind", "fault"), PIN_FAULTS)
def test_a_refused_pin_is_no_lost_session(
    kind: type[pkcs11.PKCS11Error], fault: ModuleFault
) -> None:
    assert not is_lost(kind())
    assert told(kind()).fault == fault


@pytest.mark.parametrize("kind", LOST)
def test_a_lost_session_is_told_from_other_refusals(kind: type[pkcs11.PKCS11Error]) -> None:
    assert is_lost(kind())
    assert told(kind()).fault == ModuleFault.SESSION_LOST


def test_a_vendors_own_number_counts_as_a_lost_session() -> None:
    assert is_lost(pkcs11.PKCS11Error("Unmapped error code 0x80000001"))


def test_the_drivers_own_words_do_not_travel_on() -> None:
    error = told(pkcs11.NoSuchKey("template with a secret in it"))
    assert error.fault == ModuleFault.FAILED
    assert "NoSuchKey" in str(error)
    assert "secret in it" not in str(error)

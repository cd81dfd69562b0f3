"""What a PKCS#11 module can refuse, in this project's words: a code, a sentence, a remedy.

A driver's own words never travel on: they quote search templates and vendor's numbers.

Source: PKCS#11 v2.40 base specification, 4.11 (return values).
"""

from collections.abc import Mapping
from enum import StrEnum, unique
from typing import Final

import pkcs11

from cardservice.pki.keys import KeyStoreError


@unique
class ModuleFault(StrEnum):
    """Stable codes; ``TEXTS`` has what is said of each."""

    LIBRARY = "hsm-library"
    TOKEN_MISSING = "hsm-token-missing"  # noqa: S105 - a code, not a secret
    TOKEN_AMBIGUOUS = "hsm-token-ambiguous"  # noqa: S105 - a code, not a secret
    MECHANISM_MISSING = "hsm-mechanism-missing"
    PIN_WRONG = "hsm-pin-wrong"
    PIN_LAST_TRY = "hsm-pin-last-try"
    PIN_LOCKED = "hsm-pin-locked"
    PIN_UNUSABLE = "hsm-pin-unusable"
    SESSION_LOST = "hsm-session-lost"
    NOT_ANSWERING = "hsm-not-answering"
    FORKED = "hsm-forked"
    CLOSED = "hsm-closed"
    FULL = "hsm-full"
    READ_ONLY = "hsm-read-only"
    FAILED = "hsm-failed"
    KEY_MISSING = "hsm-key-missing"
    KEY_TAKEN = "hsm-key-taken"
    KEY_AMBIGUOUS = "hsm-key-ambiguous"
    KEY_EXPOSED = "hsm-key-exposed"
    KEY_FOREIGN = "hsm-key-foreign"
    IMPORT_REFUSED = "hsm-import-refused"


TEXTS: Final[Mapping[ModuleFault, tuple[str, str]]] = {
    ModuleFault.LIBRARY: (
        "the PKCS#11 module {name} cannot be loaded",
        "check the path of the module, and that its own set-up is done for this user",
    ),
    ModuleFault.TOKEN_MISSING: (
        "there is no token {name}",
        "insert or connect it, and compare its label and serial number with the settings",
    ),
    ModuleFault.TOKEN_AMBIGUOUS: (
        "there is more than one token {name}",
        "name the serial number too",
    ),
    ModuleFault.MECHANISM_MISSING: (
        "the module cannot do {name}",
        "choose a module or a firmware that can; keys are never taken out to make up for it",
    ),
    ModuleFault.PIN_WRONG: (
        "the token refuses the PIN; it was tried once and is not tried again",
        "correct the PIN before the next start: every wrong one counts, and a few lock the token",
    ),
    ModuleFault.PIN_LAST_TRY: (
        "the token allows one more PIN try only, and that is left to a person",
        "find out who tried wrong PINs, then log in once by hand with the module's own tool",
    ),
    ModuleFault.PIN_LOCKED: (
        "the token's PIN is locked",
        "let its security officer set a new PIN",
    ),
    ModuleFault.PIN_UNUSABLE: (
        "the token's PIN is not set, has run out, or has a form the token does not take",
        "set the PIN with the module's own tool",
    ),
    ModuleFault.SESSION_LOST: (
        "the session with the token was lost: {name}",
        "check the token and its connection; a key that was being made may be there: look",
    ),
    ModuleFault.NOT_ANSWERING: (
        "the module has not answered in {name} seconds",
        "check the module and its connection, then start the program again if this stays",
    ),
    ModuleFault.FORKED: (
        "the module was opened before this process was forked",
        "open the key store in each process of its own",
    ),
    ModuleFault.CLOSED: ("the key store was closed", "open it again"),
    ModuleFault.FULL: ("the token is full", "remove objects that nobody needs any more"),
    ModuleFault.READ_ONLY: ("the token is write-protected", "make keys on one that is not"),
    ModuleFault.FAILED: (
        "the module refused: {name}",
        "look that word up in the module's manual and see its log",
    ),
    ModuleFault.KEY_MISSING: (
        "there is no key {name} on the token",
        "generate it first, or choose the token that has it",
    ),
    ModuleFault.KEY_TAKEN: ("there is a key {name} already", "choose another name"),
    ModuleFault.KEY_AMBIGUOUS: (
        "there is more than one key {name} on the token",
        "find out which is in use, and rename the other with the module's own tool",
    ),
    ModuleFault.KEY_EXPOSED: (
        "the key {name} may leave the token, or is not the kind of key that is asked for",
        "generate another one under another name, and let nothing be issued with this one",
    ),
    ModuleFault.KEY_FOREIGN: (
        "no public key on the token belongs to the private key {name}",
        "restore the public key object with the module's own tool",
    ),
    ModuleFault.IMPORT_REFUSED: (
        "the module takes no key {name} from outside",
        "bring it in with the module's own tool under that label, sensitive, not extractable",
    ),
}


class ModuleError(KeyStoreError):
    """A fault of the module, the token or one of its keys.

    Attributes:
        fault: its code, ``hsm-…``.
        remedy: what to do, one sentence.
    """

    def __init__(self, fault: ModuleFault, name: str = "") -> None:
        sentence, remedy = TEXTS[fault]
        super().__init__(sentence.format(name=name), remedy=remedy)
        self.fault = fault


_FAULTS: Final[Mapping[type[pkcs11.PKCS11Error], ModuleFault]] = {
    pkcs11.PinIncorrect: ModuleFault.PIN_WRONG,
    pkcs11.PinLocked: ModuleFault.PIN_LOCKED,
    pkcs11.PinExpired: ModuleFault.PIN_UNUSABLE,
    pkcs11.PinInvalid: ModuleFault.PIN_UNUSABLE,
    pkcs11.PinLenRange: ModuleFault.PIN_UNUSABLE,
    pkcs11.PinTooWeak: ModuleFault.PIN_UNUSABLE,
    pkcs11.UserPinNotInitialized: ModuleFault.PIN_UNUSABLE,
    pkcs11.DeviceMemory: ModuleFault.FULL,
    pkcs11.TokenWriteProtected: ModuleFault.READ_ONLY,
    pkcs11.SessionReadOnly: ModuleFault.READ_ONLY,
}

_LOST: Final = frozenset(
    {
        pkcs11.DeviceError,
        pkcs11.DeviceRemoved,
        pkcs11.FunctionFailed,
        pkcs11.GeneralError,
        pkcs11.KeyHandleInvalid,
        pkcs11.ObjectHandleInvalid,
        pkcs11.OperationActive,
        pkcs11.OperationNotInitialized,
        pkcs11.PKCS11Error,  # the binding has no class for it: not initialized, or vendor's own
        pkcs11.SessionClosed,
        pkcs11.SessionHandleInvalid,
        pkcs11.SlotIDInvalid,
        pkcs11.TokenNotPresent,
        pkcs11.TokenNotRecognised,
        pkcs11.UserNotLoggedIn,
    }
)
"""What modules answer when a token, a connection or a session went away. Several vendors say only
that something failed, so that counts too: one more session costs one log-in with a good PIN."""

IMPORT_REFUSALS: Final = (
    pkcs11.AttributeReadOnly,
    pkcs11.AttributeTypeInvalid,
    pkcs11.AttributeValueInvalid,
    pkcs11.FunctionNotSupported,
    pkcs11.FunctionRejected,
    pkcs11.TemplateIncomplete,
    pkcs11.TemplateInconsistent,
)


def is_lost(error: pkcs11.PKCS11Error) -> bool:
    """Return whether a new session may help."""
    return type(error) in _LOST


def told(error: pkcs11.PKCS11Error) -> ModuleError:
    """Return the fault in our words; of the driver's only the name of its class."""
    if is_lost(error):
        return ModuleError(ModuleFault.SESSION_LOST, type(error).__name__)
    fault = _FAULTS.get(type(error), ModuleFault.FAILED)
    return ModuleError(fault, type(error).__name__)

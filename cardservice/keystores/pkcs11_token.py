"""Finding a token, judging it, and logging in, by the module's thread.

Source: PKCS#11 v2.40 base specification, 3.2 (CK_TOKEN_INFO), 5.5, 5.6.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import pkcs11
from pkcs11 import Mechanism, Session, Token, TokenFlag

from cardservice.keystores.pkcs11_errors import ModuleError, ModuleFault
from cardservice.keystores.pkcs11_library import Login, Module

NEEDED: Final = (
    Mechanism.AES_KEY_GEN,
    Mechanism.AES_CMAC,
    Mechanism.EC_KEY_PAIR_GEN,
    Mechanism.ECDSA,
)
"""Without CMAC inside the module a master key would have to come out; so it is asked at start."""


@dataclass(frozen=True, slots=True)
class TokenChoice:
    """Which token of a module; ``serial`` only where two have one label."""

    label: str
    serial: str | None = None

    def fits(self, token: Token) -> bool:
        """Return whether ``token`` is meant."""
        return token.label == self.label and self.serial in (None, serial_of(token))


def serial_of(token: Token) -> str:
    """Return the token's serial number as its maker wrote it."""
    return token.serial.decode("ascii", "replace").strip()


def find_token(module: Module, choice: TokenChoice) -> Token:
    """Return the token that is meant; raises ModuleError if there is none or more than one."""
    found = [token for token in tokens_of(module) if choice.fits(token)]
    if not found:
        raise ModuleError(ModuleFault.TOKEN_MISSING, choice.label)
    if len(found) > 1:
        raise ModuleError(ModuleFault.TOKEN_AMBIGUOUS, choice.label)
    return found[0]


def require_mechanisms(token: Token) -> None:
    """Return if the token can do what this store asks of it; raises ModuleError."""
    offered = token.slot.get_mechanisms()
    for mechanism in NEEDED:
        if mechanism not in offered:
            raise ModuleError(ModuleFault.MECHANISM_MISSING, f"CKM_{mechanism.name}")


def require_tries(token: Token) -> None:
    """Return if a wrong PIN would not lock the token; raises ModuleError."""
    if token.flags & TokenFlag.USER_PIN_LOCKED:
        raise ModuleError(ModuleFault.PIN_LOCKED)
    if token.flags & TokenFlag.USER_PIN_FINAL_TRY:
        raise ModuleError(ModuleFault.PIN_LAST_TRY)


def log_in(logins: dict[str, Login], token: Token, pin: str) -> Session:
    """Return a session that may make keys; one try at the PIN.

    Where this process is logged in already, the token asks for no PIN and checks none
    (5.6, ``C_Login``).

    Raises:
        pkcs11.PKCS11Error: the token refused.
    """
    serial = serial_of(token)
    login = logins.setdefault(serial, Login())
    with suppress(pkcs11.UserAlreadyLoggedIn):
        login.session = token.open(rw=True, user_pin=pin)
    session = token.open(rw=True)
    login.users += 1
    return session


def log_out(logins: dict[str, Login], token: Token, session: Session) -> None:
    """End a session, and the log-in with the last one.

    Raises:
        pkcs11.PKCS11Error: the token refused.
    """
    serial = serial_of(token)
    login = logins[serial]
    login.users -= 1
    try:
        session.close()
    finally:
        if login.users < 1 and login.session is not None:
            login.session.close()
            login.session = None


def tokens_of(module: Module) -> list[Token]:
    """Return the tokens that are there now."""
    tokens = []
    for slot in module.get_slots(token_present=True):
        try:
            tokens.append(slot.get_token())
        except (pkcs11.TokenNotPresent, pkcs11.TokenNotRecognised):
            continue  # pulled a moment ago, or another maker's
    return tokens

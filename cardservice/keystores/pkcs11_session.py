"""A session with a token, opened again once when it is lost.

What is carried out inside is given the open session and runs on the module's thread. Handles
are looked up again after each opening, and never used beyond it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, TypeVar

import pkcs11
from pkcs11 import Attribute, Object, Session, SignMixin, Token

from cardservice.keystores.pkcs11_errors import ModuleError, ModuleFault, is_lost, told
from cardservice.keystores.pkcs11_library import Library, Module
from cardservice.keystores.pkcs11_pin import PinSource, wipe
from cardservice.keystores.pkcs11_token import (
    TokenChoice,
    find_token,
    log_in,
    log_out,
    require_mechanisms,
    require_tries,
    tokens_of,
)
from cardservice.keystores.pkcs11_turns import turn

T = TypeVar("T")

_PROBE_BITS: Final = 64
_FINDS: Final = 3
"""Another process may destroy an object between its being found and its being looked at."""

_HELPED_BY_RESTART = frozenset(
    {
        ModuleFault.LIBRARY,
        ModuleFault.SESSION_LOST,
        ModuleFault.TOKEN_MISSING,
        ModuleFault.FAILED,
    }
)


@dataclass(slots=True)
class Opened:
    """An open session; touched by the module's thread alone.

    Attributes:
        module: the loaded module.
        token: as it was when the session was opened.
        generation: of the module at that time.
        handles: keys that were found in this session, by what they were asked for.
    """

    module: Module
    token: Token
    session: Session
    generation: int
    handles: dict[object, SignMixin] = field(default_factory=dict)

    def find(self, template: dict[Attribute, Any]) -> list[Object]:
        """Return the objects that have these attributes.

        Raises:
            pkcs11.PKCS11Error: the module refused.
        """
        # The binding cannot end a search that could not begin; so the session is tried first.
        self.session.generate_random(_PROBE_BITS)
        for _ in range(_FINDS - 1):
            with suppress(pkcs11.ObjectHandleInvalid):
                return list(self.session.get_objects(template))
        return list(self.session.get_objects(template))

    def require_token(self) -> None:
        """Return if the token is still there.

        Some modules find nothing on a token that was pulled, and say no word about it.

        Raises:
            pkcs11.TokenNotPresent: it is not.
        """
        if self.token.serial not in [token.serial for token in tokens_of(self.module)]:
            raise pkcs11.TokenNotPresent


class TokenSession:
    """What a store has open on one token.

    Args:
        library: the module.
        choice: the token.
        pin: asked at each log-in, in the thread of whoever needs the session.
        patience_s: seconds a call may take, waiting for others included.

    Raises:
        ModuleError: it cannot be opened.
        KeyStoreError: there is no PIN.
    """

    def __init__(
        self, library: Library, choice: TokenChoice, pin: PinSource, *, patience_s: float
    ) -> None:
        self._library = library
        self._choice = choice
        self._pin = pin
        self._patience_s = patience_s
        self._opening = Lock()
        self._given_up: ModuleFault | None = None
        self._opened: Opened | None = self._open_again()

    def run(self, work: Callable[[Opened], T], *, again: bool = True) -> T:
        """Return what ``work`` returns; where the session is lost, it is opened again once.

        Args:
            again: whether work may be done a second time, not knowing how far the first went.

        Raises:
            ModuleError: what the module refused, or that there is no session to be had.
        """
        opened = self._current()
        try:
            return self._attempt(opened, work)
        except pkcs11.PKCS11Error as error:
            if not (again and is_lost(error)):
                raise told(error) from None
        reopened = self._opened_after(opened)
        try:
            return self._attempt(reopened, work)
        except pkcs11.PKCS11Error as error:
            raise told(error) from None

    def close(self) -> None:
        """Log out and end the session; further work is refused."""
        with self._alone():
            opened, self._opened = self._opened, None
            self._given_up = self._given_up or ModuleFault.CLOSED
        self._end(opened)

    def _attempt(self, opened: Opened, work: Callable[[Opened], T]) -> T:
        def carried_out(_: Module) -> T:
            if self._library.generation != opened.generation:
                raise pkcs11.SessionHandleInvalid
            return work(opened)

        return self._library.run(carried_out, patience_s=self._patience_s)

    def _current(self) -> Opened:
        return self._opened or self._opened_after(None)

    def _opened_after(self, lost: Opened | None) -> Opened:
        """Return a session that is not ``lost``: another thread's, or one opened now."""
        with self._alone():
            if self._opened is None or self._opened is lost:
                self._opened = None
                self._end(lost)
                self._opened = self._open_again()
            return self._opened

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # Who opens may be waiting for a person to type a PIN.
        if not self._opening.acquire(timeout=self._patience_s):
            raise ModuleError(ModuleFault.NOT_ANSWERING, f"{self._patience_s:g}")
        try:
            yield
        finally:
            self._opening.release()

    def _open_again(self) -> Opened:
        try:
            return self._open()
        except ModuleError as error:
            if error.fault not in _HELPED_BY_RESTART:
                raise
        # Many modules look at their slots and connections only when they are initialized.
        with suppress(pkcs11.PKCS11Error):
            self._in_turn(self._library.restarted)
        return self._open()

    def _open(self) -> Opened:
        if self._given_up:
            raise ModuleError(self._given_up)
        try:
            self._in_turn(self._judged)
            # Text before the module's thread has it, so that wiping cannot change what is tried.
            octets = self._pin()
            try:
                pin = octets.decode()
            finally:
                wipe(octets)
            return self._in_turn(lambda module: self._logged_in(module, pin))
        except pkcs11.PKCS11Error as error:
            raise self._noted(told(error)) from None

    def _in_turn(self, work: Callable[[Module], T]) -> T:
        # Never while a person is asked: a whole machine would wait for the PIN.
        with turn(self._library.path, patience_s=self._patience_s):
            return self._library.run(work, patience_s=self._patience_s)

    def _noted(self, error: ModuleError) -> ModuleError:
        # A second try with the same PIN only brings the token nearer to being locked.
        if error.fault in (ModuleFault.PIN_WRONG, ModuleFault.PIN_LOCKED):
            self._given_up = error.fault
        return error

    def _judged(self, module: Module) -> None:
        token = find_token(module, self._choice)
        require_mechanisms(token)
        require_tries(token)

    def _logged_in(self, module: Module, pin: str) -> Opened:
        token = find_token(module, self._choice)
        session = log_in(self._library.logins, token, pin)
        return Opened(module, token, session, self._library.generation)

    def _end(self, opened: Opened | None) -> None:
        if opened is None:
            return
        with suppress(pkcs11.PKCS11Error, ModuleError):
            self._attempt(opened, self._logged_out)

    def _logged_out(self, opened: Opened) -> None:
        log_out(self._library.logins, opened.token, opened.session)

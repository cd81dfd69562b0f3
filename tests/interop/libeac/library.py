"""The library libeac (OpenPACE) through its C interface: all cryptography here is its own.

What is passed and returned are octets. A step of a protocol is called by libeac's own name.
"""

import ctypes
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any, ClassVar, Final

import pytest

REMEDY: Final = "install the package libeac3 (Debian, Ubuntu)"
_DONE: Final = 1

Pointer = Any
"""An address of something of the library's; ctypes has no better name for its type."""


class LibeacRefusedError(Exception):
    """The library did not do what it was asked."""


class _Buffer(ctypes.Structure):
    """BUF_MEM of libcrypto."""

    _fields_: ClassVar = [
        ("length", ctypes.c_size_t),
        ("data", ctypes.POINTER(ctypes.c_char)),
        ("max", ctypes.c_size_t),
        ("flags", ctypes.c_ulong),
    ]


class Span(bytes):
    """Octets that a function takes as an address and a length, rather than in a buffer."""

    __slots__ = ()


_LOOK_UP = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)


@cache
def _libraries() -> tuple[ctypes.CDLL, ctypes.CDLL]:
    """Load libeac, then the libcrypto that it uses.

    In this order and with local symbols: libeac brings an EVP_PKEY_dup of its own, and with
    libcrypto's in its place terminal authentication fails.
    """
    try:
        eac = ctypes.CDLL("libeac.so.3")
        crypto = ctypes.CDLL("libcrypto.so.3")
    except OSError as error:
        pytest.fail(f"{error}: {REMEDY}", pytrace=False)
    crypto.BUF_MEM_new.restype = ctypes.POINTER(_Buffer)
    eac.EAC_init()
    return eac, crypto


@contextmanager
def _buffer(octets: bytes) -> Iterator[Pointer]:
    crypto = _libraries()[1]
    made = crypto.BUF_MEM_new()
    try:
        crypto.BUF_MEM_grow(made, ctypes.c_size_t(len(octets)))
        if octets:
            ctypes.memmove(made.contents.data, octets, len(octets))
        yield made
    finally:
        crypto.BUF_MEM_free(made)


def _call(name: str, restype: Any, *arguments: object) -> Any:
    function = getattr(_libraries()[0], name)
    function.restype = restype
    with ExitStack() as held:
        raw: list[object] = []
        for argument in arguments:
            if isinstance(argument, Span):
                raw += [ctypes.c_char_p(bytes(argument)), ctypes.c_size_t(len(argument))]
            elif isinstance(argument, bytes):
                raw.append(held.enter_context(_buffer(argument)))
            else:
                raw.append(argument)
        return function(*raw)


def run(name: str, *arguments: object) -> None:
    """Call a function that says whether it succeeded.

    Raises:
        LibeacRefusedError: it did not.
    """
    if _call(name, ctypes.c_int, *arguments) != _DONE:
        raise LibeacRefusedError(name)


def ask(name: str, *arguments: object) -> bytes:
    """Call a function that gives a buffer, and return its octets.

    Raises:
        LibeacRefusedError: it gave none.
    """
    given = _call(name, ctypes.POINTER(_Buffer), *arguments)
    if not given:
        raise LibeacRefusedError(name)
    octets = ctypes.string_at(given.contents.data, given.contents.length)
    _libraries()[1].BUF_MEM_free(given)
    return octets


def point_to(name: str, *arguments: object) -> Pointer:
    """Call a function that makes an object, and return it, to be passed on."""
    return ctypes.c_void_p(_call(name, ctypes.c_void_p, *arguments))


class Context:
    """One EAC_CTX: the state of one conversation, freed with this object."""

    def __init__(self, infos: bytes) -> None:
        """Begin with SecurityInfos, DER SET, that name PACE and chip authentication."""
        self.pointer = point_to("EAC_CTX_new")
        run("EAC_CTX_init_ef_cardaccess", Span(infos), self.pointer)
        # Days are the other tests' affair, and there is no EF.CardSecurity in this system.
        _call("TA_disable_checks", None, self.pointer)
        _call("CA_disable_passive_authentication", None, self.pointer)
        self._look_up: object = None

    def __del__(self) -> None:
        _call("EAC_CTX_clear_free", None, self.pointer)

    def run(self, step: str, *arguments: object) -> None:
        """Call ``step`` with this context first; raises as ``run``."""
        run(step, self.pointer, *arguments)

    def ask(self, step: str, *arguments: object) -> bytes:
        """Call ``step`` with this context first; return octets, raises as ``ask``."""
        return ask(step, self.pointer, *arguments)

    def trust(self, certificate: bytes) -> None:
        """Make DO 7F21 the trust point that certificates are looked up in."""

        def look_up(_name: object, _length: int) -> int | None:
            start = ctypes.c_char_p(certificate)
            found = _call(
                "CVC_d2i_CVC_CERT",
                ctypes.c_void_p,
                None,
                ctypes.byref(start),
                ctypes.c_long(len(certificate)),
            )
            return found if isinstance(found, int) else None

        # The library keeps the address only, so the callback must live as long as the context.
        self._look_up = _LOOK_UP(look_up)
        self.run("EAC_CTX_set_cvca_lookup", self._look_up)

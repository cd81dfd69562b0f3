"""The signer of the time, of trust, of lists and of answers to desks, as it is now.

One key says what is fresh: a desk that believes lists believes these, by the same certificate.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock
from typing import Any

from cardservice.errors import Refusal
from cardservice.home.folder import Folder
from cardservice.home.status_lists_signer import list_signer_file, open_list_signer
from cardservice.pki.keys import KeyStore
from cardservice.pki.service_tokens import AnswerClaims, sign_answer, sign_time
from cardservice.pki.status_list_tokens import StatusListSigner

_File = tuple[int, int, int]


class FreshnessSigner:
    """The home's list signer, opened again when its certificate was replaced.

    Safe to share between threads.

    Args:
        folder, keys: the home, and the store with the signer's key.
        clock: aware UTC time.
    """

    def __init__(self, folder: Folder, keys: KeyStore, *, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._keys = keys
        self._clock = clock
        self._lock = Lock()
        self._opened: tuple[_File, StatusListSigner] | None = None

    def signer(self) -> StatusListSigner:
        """Return the signer as it is now.

        Raises:
            Refusal: ``no-list-signer``: there is none, or its time to sign is over.
            KeyStoreError: its key cannot be opened.
        """
        seen = _seen(self._folder)
        with self._lock:
            if self._opened is None or self._opened[0] != seen:
                self._opened = (seen, open_list_signer(self._folder, self._keys))
            signer = self._opened[1]
        if not signer.usage.holds(self._clock()):
            raise _no_signer()
        return signer

    def time_token(self, nonce: str) -> str:
        """Return the time now, signed in answer to ``nonce``; raises as ``signer``."""
        return sign_time(self.signer(), nonce=nonce, at=self._clock())

    def answer_token(
        self, asked: str, question: Mapping[str, Any], answer: Mapping[str, Any], *, nonce: str
    ) -> str:
        """Return an answer, signed together with its question; raises as ``signer``."""
        claims = AnswerClaims(
            nonce=nonce, at=self._clock(), asked=asked, question=question, answer=answer
        )
        return sign_answer(self.signer(), claims)


def _seen(folder: Folder) -> _File:
    try:
        facts = list_signer_file(folder).stat()
    except OSError:
        raise _no_signer() from None
    return facts.st_mtime_ns, facts.st_ino, facts.st_size


def _no_signer() -> Refusal:
    sentence = "This service has no signer in force; publish: cardservice pki status-list publish"
    return Refusal("no-list-signer", sentence)

"""An upload as it arrives: kept up to a bound, and refused at the first octet beyond it."""

from collections.abc import Iterable
from typing import Final

from cardservice.errors import Refusal

MEBIBYTE: Final = 1 << 20
SCAN_OCTETS: Final = 10 * MEBIBYTE  # twenty A4 pages at 300 dpi as a scanner writes them
TABLE_OCTETS: Final = 10 * MEBIBYTE  # 10,000 rows of 350 octets, thrice


class BoundedUpload:
    """The octets of one upload, at most ``limit`` of them.

    Args:
        limit: octets the file may have.
        declared: what the sender says the size is, if anything; only ever a reason to refuse
            early, never believed.

    Raises:
        Refusal: ``file-too-large`` when ``declared`` is beyond the limit.
    """

    def __init__(self, limit: int, *, declared: int | None = None) -> None:
        self._limit = limit
        self._octets = bytearray()
        if declared is not None and declared > limit:
            raise self._too_large()

    def add(self, chunk: bytes) -> None:
        """Keep ``chunk``.

        Raises:
            Refusal: ``file-too-large``; what was kept is forgotten, and the caller stops reading.
        """
        if len(self._octets) + len(chunk) > self._limit:
            self._octets.clear()
            raise self._too_large()
        self._octets += chunk

    def finish(self) -> bytes:
        """Return the whole file; raises Refusal ``file-empty``."""
        if not self._octets:
            raise Refusal("file-empty", "The file is empty.", field="file")
        return bytes(self._octets)

    def _too_large(self) -> Refusal:
        sentence = f"The file is larger than {self._limit // MEBIBYTE} MiB."
        return Refusal("file-too-large", sentence, field="file")


def receive(chunks: Iterable[bytes], *, limit: int, declared: int | None = None) -> bytes:
    """Return the octets of ``chunks`` joined; asks for no chunk after the bound is passed.

    Raises:
        Refusal: ``file-too-large``, ``file-empty``.
    """
    upload = BoundedUpload(limit, declared=declared)
    for chunk in chunks:
        upload.add(chunk)
    return upload.finish()

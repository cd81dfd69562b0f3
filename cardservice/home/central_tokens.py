"""Who may have cards made at a central service: a file of stations' names and hashed tokens."""

import re
from hmac import compare_digest
from pathlib import Path
from typing import Final

from cardservice.accounts.api_tokens import MARK
from cardservice.accounts.dice import Dice, draw_token, hash_token
from cardservice.errors import Refusal, UsageError
from cardservice.home.folder import write_atomically

MOST_TOKENS: Final = 1_000
LONGEST_FILE: Final = 200_000  # octets
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
_LINE: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]{0,39}) ([0-9a-f]{64})")


class CentralTokens:
    """Tokens by station; the file is read each time, so that what is ended is ended at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """Return the stations that have a token; Raises: Refusal ``keys-unavailable``."""
        return sorted(self._read())

    def draw(self, name: str, dice: Dice) -> str:
        """Return a new token for a station, to be shown once; its earlier one ends.

        Raises:
            UsageError: the name is none, or there are too many. Refusal: ``keys-unavailable``.
        """
        if not _NAME.fullmatch(name):
            raise UsageError("a station's name has 1 to 40 letters, digits and hyphens")
        known, token = self._read(), f"{MARK}_{draw_token(dice)}"
        known[name] = hash_token(token)
        if len(known) > MOST_TOKENS:
            raise UsageError("there are too many stations; end some of their tokens")
        self._write(known)
        return token

    def end(self, name: str) -> None:
        """End a station's token; Raises: UsageError: it has none. Refusal."""
        known = self._read()
        if known.pop(name, None) is None:
            raise UsageError("no station of that name has a token")
        self._write(known)

    def station_of(self, token: str) -> str | None:
        """Return the station that a token is of, None: of none. Raises: Refusal."""
        given, found = hash_token(token), None
        for name, hashed in self._read().items():
            if compare_digest(hashed, given):
                found = name
        return found

    def _read(self) -> dict[str, bytes]:
        try:
            with self._path.open("rb") as file:
                lines = file.read(LONGEST_FILE + 1).decode("ascii").splitlines()
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError):
            raise self._damaged() from None
        matches = [_LINE.fullmatch(line) for line in lines]
        found = {one[1]: bytes.fromhex(one[2]) for one in matches if one is not None}
        if len(found) != len(lines):
            raise self._damaged()
        return found

    def _write(self, known: dict[str, bytes]) -> None:
        lines = [f"{name} {hashed.hex()}\n" for name, hashed in sorted(known.items())]
        write_atomically(self._path, "".join(lines).encode("ascii"))

    def _damaged(self) -> Refusal:
        sentence = f"{self._path}: not a file of tokens; restore it from a backup."
        return Refusal("keys-unavailable", sentence)

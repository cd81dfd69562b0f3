"""What lies where in a zoo's folder; see ``docs/zoo.md``."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from simulators.card.state_file import StateFileError, load_cells, save_cells
from simulators.reader.errors import ReaderSetupError
from simulators.zoo.making import Image

IMAGE_SUFFIX: Final = ".card"
_FACTS_SUFFIX: Final = ".json"
_UNKNOWN: Final = "unknown"  # a status at the port; in the register's file such a card is absent


@dataclass(frozen=True, slots=True)
class ZooFolder:
    """The paths of a zoo."""

    path: Path

    @property
    def issuer(self) -> Path:
        """The issuer's home."""
        return self.path / "issuer"

    @property
    def trust(self) -> Path:
        """What a clinic's software needs."""
        return self.path / "trust"

    @property
    def cards(self) -> Path:
        """Images for use; whoever uses one changes it."""
        return self.path / "cards"

    @property
    def kept(self) -> Path:
        """Images as they were made; nobody uses these."""
        return self.path / "kept"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other threads and programs from making cards of this zoo meanwhile.

        Raises:
            ReaderSetupError: the folder cannot be written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = os.open(self.path / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise ReaderSetupError(
                f"{self.path} cannot be used ({error.strerror})",
                remedy="choose a folder you may write to",
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def keep(self, name: str, image: Image) -> None:
        """Put an image away; its facts come first, so that no image is without them."""
        self.kept.mkdir(exist_ok=True, mode=0o700)
        write_whole(self._kept(name, _FACTS_SUFFIX), _json(image.facts))
        save_cells(self._kept(name, IMAGE_SUFFIX), image.cells)

    def load(self, name: str) -> Image | None:
        """Return a kept image, None when there is none.

        Raises:
            ReaderSetupError: it is damaged.
        """
        path = self._kept(name, IMAGE_SUFFIX)
        if not path.exists():
            return None
        try:
            facts = json.loads(self._kept(name, _FACTS_SUFFIX).read_bytes())
            return Image(load_cells(path), tuple(facts))
        except (StateFileError, OSError, ValueError) as error:
            raise ReaderSetupError(
                f"{path} is damaged", remedy="delete it, and it is made anew"
            ) from error

    def kept_names(self) -> tuple[str, ...]:
        """Return the names of all cards that were made, sorted."""
        return tuple(sorted(path.stem for path in self.kept.glob(f"*{IMAGE_SUFFIX}")))

    def put_out(self, name: str, image: Image) -> tuple[Path, bool]:
        """Return where an image for use lies, and whether it was put there now.

        One that is there is somebody's card by now: it stays as it is.
        """
        path = self.cards / f"{name}{IMAGE_SUFFIX}"
        if path.exists():
            return path, False
        self.cards.mkdir(exist_ok=True, mode=0o700)
        save_cells(path, image.cells)
        return path, True

    def write_trust(self, files: Mapping[str, bytes]) -> None:
        """Write files of the trust folder, each whole or not at all."""
        for name, octets in files.items():
            write_whole(self.trust / name, octets)

    def _kept(self, name: str, suffix: str) -> Path:
        return self.kept / f"{name}{suffix}"


def write_whole(path: Path, octets: bytes) -> None:
    """Put ``octets`` at ``path``, whole or not at all, for its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(path.name + ".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(octets)
    beside.replace(path)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def trust_of(images: Mapping[str, Image], *, as_of: str) -> Mapping[str, bytes]:
    """Return the register's answers and the secrets of the cards, as files of the trust folder.

    Args:
        images: by name; all that were made.
        as_of: the time of the answers, ISO 8601.
    """
    facts = [one for image in images.values() for one in image.facts]
    register = {
        "as_of": as_of,
        "policies": {one["enp"]: one["newest_record"] for one in facts if one["newest_record"]},
        "cards": {
            str(one["card_number"]): one["status"] for one in facts if one["status"] != _UNKNOWN
        },
    }
    secrets = {
        name: {word: image.facts[0][word] for word in ("can", "pin", "puk")}
        for name, image in images.items()
        if image.facts
    }
    return {"register.json": _json(register), "secrets.json": _json(secrets)}

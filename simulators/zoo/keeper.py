"""The zoo itself: cards by name, made when they are first asked for."""

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from simulators.card import NonVolatileMemory
from simulators.reader.errors import ReaderSetupError
from simulators.tray.plastic import PlainPlastic, Plastic, SoftwarePlastic
from simulators.zoo.catalogue import CATALOGUE
from simulators.zoo.entries import ZooEntry
from simulators.zoo.folder import ZooFolder, trust_of
from simulators.zoo.making import Image, make_image, make_plain_card
from simulators.zoo.port import ZooIssuer, open_issuer
from simulators.zoo.trust_readme import TRUST_README

ENTRIES: Final[Mapping[str, ZooEntry]] = {entry.name: entry for entry in CATALOGUE}


@dataclass(frozen=True, slots=True)
class CardSecrets:
    """What is printed on a card and in the letter to its holder, digits; fictional."""

    can: str = field(repr=False)
    pin: str = field(repr=False)
    puk: str = field(repr=False)


def entry_named(name: str) -> ZooEntry:
    """Return the entry of that name; raises ReaderSetupError when there is none."""
    if name not in ENTRIES:
        raise ReaderSetupError(
            f"no card of the zoo is called {name!r}", remedy="choose from what `cardsim zoo` lists"
        )
    return ENTRIES[name]


class Zoo:
    """Cards of one issuer, kept in one folder; safe for threads, and for programs that share it.

    Use it as a context manager, or close it, if its folder is a temporary one; the end of the
    program does so at the latest.
    """

    def __init__(self, folder: ZooFolder, issuer: ZooIssuer, *, temporary: bool) -> None:
        self._folder = folder
        self._issuer = issuer
        self._images: dict[str, Image] = {}
        self._close: Callable[[], object] = lambda: None
        if temporary:
            self._close = weakref.finalize(self, _remove, folder.path, os.getpid())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all cards, in the order of the catalogue."""
        return tuple(ENTRIES)

    @property
    def folder(self) -> Path:
        """Where the zoo lives."""
        return self._folder.path

    @property
    def trust_folder(self) -> Path:
        """What a desk needs to judge the cards; it knows every card that was made so far."""
        return self._folder.trust

    @property
    def issuer_home(self) -> Path:
        """The issuer's home, for desks that take one."""
        return self._folder.issuer

    def entry(self, name: str) -> ZooEntry:
        """Return what the card is and must be judged as.

        Raises:
            ReaderSetupError: there is no such card.
        """
        return entry_named(name)

    def card(self, name: str) -> Plastic:
        """Return a new card: what is done to it no other card of that name ever knows.

        Raises:
            ReaderSetupError: there is no such card, or the folder cannot be used.
        """
        entry = entry_named(name)
        if not entry.has_image:
            return PlainPlastic(make_plain_card(entry, self._issuer))
        return SoftwarePlastic(NonVolatileMemory(self._image(entry).cells))

    def secrets(self, name: str) -> CardSecrets | None:
        """Return CAN, PIN and PUK of the card; None if it has none, or nobody knows them.

        Raises:
            ReaderSetupError: as ``card``.
        """
        entry = entry_named(name)
        facts = self._image(entry).facts if entry.has_image else ()
        if not facts:
            return None
        return CardSecrets(facts[0]["can"], facts[0]["pin"], facts[0]["puk"])

    def put_out(self, name: str) -> tuple[Path, bool] | None:
        """Write the card to ``cards/NAME.card``, a state file; None if it comes by name only.

        Returns the path, and whether it was written: a file that is there stays as it is.

        Raises:
            ReaderSetupError: as ``card``.
        """
        entry = entry_named(name)
        return self._folder.put_out(name, self._image(entry)) if entry.has_image else None

    def close(self) -> None:
        """Remove the folder if it is a temporary one. Harmless when repeated."""
        self._close()

    def renew_trust(self) -> None:
        """Write the whole trust folder as it is today."""
        with self._folder.locked():
            readme = {"README.md": TRUST_README.encode()}
            self._folder.write_trust({**self._issuer.trust_material(), **readme})
            self._write_register()

    def _image(self, entry: ZooEntry) -> Image:
        name = entry.name
        if name not in self._images:
            with self._folder.locked():
                self._images[name] = self._folder.load(name) or self._make(entry)
        return self._images[name]

    def _make(self, entry: ZooEntry) -> Image:
        try:
            image = make_image(entry, self._issuer)
        # The issuer's errors are its own; what they say is all that can be told of them.
        except Exception as error:
            raise ReaderSetupError(
                f"{entry.name} cannot be made ({error})", remedy="make a zoo in another folder"
            ) from error
        self._folder.keep(entry.name, image)
        self._images[entry.name] = image
        self._write_register()
        return image

    def _write_register(self) -> None:
        for name in self._folder.kept_names():
            # Another program may have made it.
            if name not in self._images and (image := self._folder.load(name)):
                self._images[name] = image
        as_of = datetime.now(UTC).isoformat()
        self._folder.write_trust(trust_of(self._images, as_of=as_of))


def open_zoo(folder: Path | None = None) -> Zoo:
    """Return the zoo of that folder, made if it is not there; without one, a temporary zoo.

    A folder keeps issuer and cards between runs; what runs out (the revocation list, the
    terminal's certificate) is renewed.

    Raises:
        ReaderSetupError: no issuer is installed, or the folder cannot be used.
    """
    if folder is not None:
        return _opened(folder)
    place = Path(tempfile.mkdtemp(prefix="cardsim-zoo-"))
    try:
        return _opened(place, temporary=True)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def _opened(folder: Path, *, temporary: bool = False) -> Zoo:
    paths = ZooFolder(folder)
    with paths.locked():
        issuer = open_issuer(paths.issuer)
    zoo = Zoo(paths, issuer, temporary=temporary)
    zoo.renew_trust()
    return zoo


def _remove(path: Path, owner: int) -> None:
    # A child process that ends has no business with its parent's folder.
    if os.getpid() == owner:
        shutil.rmtree(path, ignore_errors=True)

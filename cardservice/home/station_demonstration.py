"""A station to look at: demonstration people, simulated readers that take the time of real ones."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from cardservice.data import Table, read_table
from cardservice.errors import UsageError
from cardservice.home.folder import Folder, NewHome, establish
from cardservice.home.issuer import DEMONSTRATION_FUND, utc_now
from cardservice.home.station import LaneWish
from cardservice.home.station_keys import KeySecrets, StationSecrets
from cardservice.keystores.sealing import KdfCost
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.settings import Settings
from cardservice.transport.registry import list_schemes

LANES: Final = 4
BLANKS: Final = 250  # a lane: more than the table has rows, so no tray runs empty
TIME: Final = "real:fastest"  # as fast as a chip that was measured, so that one sees it move
_MACHINE: Final = "simfeed"
_BLANK_EACH_TIME: Final = "sim:"
_SERIAL_BITS: Final = 56  # the first octet of a chip's serial tells the lane it was laid into
_PASSPHRASE_OCTETS: Final = 32
# The passphrase is random and gone with the folder: stretching it would only take time.
_CHEAP: Final = KdfCost(n=2, r=1, p=1)


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What a demonstration runs with; gone with its folder."""

    settings: Settings
    holders: Path
    lanes: tuple[LaneWish, ...]
    secrets: StationSecrets = field(repr=False)


@contextmanager
def demonstration_station(settings: Settings, *, lanes: int | None) -> Iterator[Demonstration]:
    """Lend a station of ``lanes`` simulated lanes in a temporary folder, with keys of its own.

    Raises:
        UsageError: in production, which refuses demonstration keys.
    """
    if settings.production:
        sentence = "production refuses demonstration keys; unset CARDSERVICE_PRODUCTION to try it"
        raise UsageError(sentence)
    with TemporaryDirectory(prefix="cardservice-station-") as place:
        folder = Folder(Path(place) / "home")
        given = KeySecrets(passphrase=secrets.token_hex(_PASSPHRASE_OCTETS))
        keys = SoftwareKeyStore(folder.keys, lambda: given.passphrase or "", cost=_CHEAP)
        wish = NewHome(fund=DEMONSTRATION_FUND, demonstration=True)
        establish(folder, keys, wish, entropy=secrets.token_bytes, at=utc_now())
        holders = Path(place) / "holders.csv"
        holders.write_bytes(read_table(Table.HOLDERS))
        numbers = range(1, (LANES if lanes is None else lanes) + 1)
        yield Demonstration(
            settings=_apart(settings, folder),
            holders=holders,
            lanes=tuple(LaneWish(reader=_reader(Path(place), number)) for number in numbers),
            secrets=StationSecrets(given),
        )


def _apart(settings: Settings, folder: Folder) -> Settings:
    """Return settings with which nothing of the real station is touched or printed on."""
    changes = {
        "home": folder.path,
        "station_folder": None,
        "station_office": None,
        "station_central": None,
        "hsm_module": None,
        "face_printer": "",
        "letter_printer": "",
    }
    return settings.model_copy(update=changes)


def _reader(place: Path, lane: int) -> str:
    if _MACHINE not in list_schemes():
        return _BLANK_EACH_TIME
    first = (lane << _SERIAL_BITS) + 1
    return f"{_MACHINE}:{place / f'feeder-{lane}'}?cards={BLANKS}&first={first:016X}&time={TIME}"

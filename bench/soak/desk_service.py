"""The verification service as a process of its own, over the home that issued the zoo's cards."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen
from uuid import UUID

from sqlalchemy import select

from bench.soak.desk_cards import facts_of, fill_register
from cardservice.accounts.roles import Role
from cardservice.home.clinics import ClinicHome, open_clinics
from cardservice.home.office import open_office
from cardservice.home.office_ids import new_id
from cardservice.home.office_setup import make_office
from cardservice.home.zoo import INSECURE_PASSPHRASE
from cardservice.keystores.sealing import KdfCost
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.registry.actor import SERVICE, Actor
from cardservice.registry.clinics import MakeCode, make_code
from cardservice.registry.frame import Office
from cardservice.registry.medical_organisations import (
    AddOrganisation,
    OrganisationForm,
    add_organisation,
)
from cardservice.settings import load_settings
from cardservice.storage.tables.clinics import presentations
from cardservice.web.serve import bind
from simulators.zoo import Zoo

REGION: Final = "00001"
START_S: Final = 60.0
STOP_S: Final = 30.0
_LOOK_S: Final = 0.1
_PROGRAM: Final = "from cardservice.main import main; main()"
_CHEAP: Final = KdfCost(n=2, r=8, p=1)
_KEPT: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
_CLINIC: Final = OrganisationForm(
    name="Учебная поликлиника № 1",
    place="г. Макетный",
    address="ул. Учебная, д. 5",
    services=("терапия",),
)


class ServiceFailedError(Exception):
    """The service did not start or did not stop; its last words follow."""


@dataclass(slots=True)
class ServiceProcess:
    """``cardservice clinics serve``, started and stopped again on the same port.

    Attributes:
        log: what it said to standard error, of all its lives.
    """

    home: Path
    port: int
    log: Path
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def address(self) -> str:
        """Where it is found."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and return once it answers."""
        command = [sys.executable, "-c", _PROGRAM, "clinics", "serve", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                command,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        end = time.monotonic() + START_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                self.stop(kill=True)
                raise ServiceFailedError(self.log.read_text(errors="replace")[-2000:])
            time.sleep(_LOOK_S)

    def stop(self, *, kill: bool = False) -> None:
        """End it, without notice if ``kill``. Harmless when it does not run."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise ServiceFailedError("the service did not stop") from None

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.address}/health", timeout=STOP_S) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        return {
            **kept,
            "CARDSERVICE_HOME": str(self.home),
            "CARDSERVICE_KEY_PASSPHRASE": INSECURE_PASSPHRASE,
            "CARDSERVICE_REGION": REGION,
            "CARDSERVICE_LANGUAGE": "en",
        }


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whoever stands behind the service: publishes lists, and looks into the register.

    Attributes:
        code: for one desk.
    """

    home: ClinicHome
    process: ServiceProcess
    code: str = field(repr=False)

    def republish(self) -> None:
        """Publish the status list anew, beside the process."""
        replace(self.home.publisher, every=timedelta()).publish_if_due()

    def told(self) -> list[UUID]:
        """Return the ids of all presentations in the register."""
        with self.home.office.database.reading_tables() as connection:
            return list(connection.execute(select(presentations.c.source_id)).scalars())


@contextmanager
def issuer_of(zoo: Zoo, names: Sequence[str], folder: Path) -> Iterator[Issuer]:
    """Lend the service over the zoo's home, started; its register knows these cards."""
    home = zoo.issuer_home
    keys = SoftwareKeyStore(home / "keys", lambda: INSECURE_PASSPHRASE, cost=_CHEAP)
    settings = load_settings(home=home, region=REGION)
    with bind("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
    process = ServiceProcess(home, port, folder / "service.log")
    make_office(settings, keys)
    with open_office(settings, keys, demonstration=True) as office:
        fill_register(office.office, REGION, list(facts_of(zoo.folder, names)))
        code = _code(office.office)
        clinics = open_clinics(office, keys, address=process.address)
        process.start()
        try:
            yield Issuer(clinics, process, code)
        finally:
            process.stop()


def _code(office: Office) -> str:
    clerk = Actor(new_id(), Role.CLERK)
    entered = AddOrganisation(
        region=REGION, key="clinic", ogrn="1020000000008", joined_on=office.today, form=_CLINIC
    )
    clinic = add_organisation(office, clerk, entered).id
    wanted = MakeCode(region=REGION, key="code", organisation_id=clinic, desk="Окно 1")
    return str(make_code(office, SERVICE, wanted).code)


def wait_until(reached: Callable[[], bool], seconds: float) -> bool:
    """Return whether it came to be so within so many seconds."""
    end = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > end:
            return False
        time.sleep(_LOOK_S)
    return True

"""A desk's home, and the service as a process that speaks TLS."""

import re
import secrets
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cardservice.desklink.link import ServiceLink
from cardservice.desklink.open_calls import OpenCalls
from cardservice.desklink.terms import ServiceTerms
from cardservice.home.desk import DeskEnrolment, desk_home
from cardservice.home.desk_at_work import desk_at_work
from cardservice.home.desk_enrolling import CodeGiven, enrol_desk
from cardservice.home.desk_refresh import DeskRefresher
from cardservice.home.desk_service import service_terms
from cardservice.home.desk_time import monotonic
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.settings import Settings, load_settings
from tests.cli.processes import STOP_WITHIN_S, Shell
from tests.simulated.clinic_tls.authority import Files
from tests.simulated.desk_agent.conftest import AtWork

SERVE = ("clinics", "serve", "--port", "0")
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}")
ADDRESS = re.compile(r"https://127\.0\.0\.1:\d+")


@dataclass(frozen=True, slots=True)
class Served:
    """A service: where it is, a code for a desk of it, and its process."""

    address: str
    code: str = field(repr=False)
    process: "subprocess.Popen[str]"

    @property
    def at(self) -> tuple[str, int]:
        """Host and port."""
        return "127.0.0.1", int(self.address.rpartition(":")[2])


@contextmanager
def serving(shell: Shell, files: Files, *more: str) -> Iterator[Served]:
    """Lend the service in processes; it is asked to stop at the end, and stops politely."""
    with shell.started(*SERVE, *files.options, *more) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = ADDRESS.search(said)
        assert found is not None, (said, process.stderr and process.stderr.read())
        line = process.stdout.readline() if "--demo" in more else ""
        code = CODE.search(line)
        yield Served(found.group(), code.group() if code else "", process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOP_WITHIN_S) == 0


@dataclass
class Place:
    """A desk's home and keys, and the file of authorities that it was told of."""

    path: Path
    authorities: Path | None
    keys: InsecureMemoryKeyStore = field(
        default_factory=lambda: InsecureMemoryKeyStore(production=False)
    )

    @property
    def settings(self) -> Settings:
        """Those of the desk."""
        return load_settings(home=self.path, desk_service_ca=self.authorities)

    def terms(self, address: str) -> ServiceTerms:
        """Return those of a service at some address."""
        return service_terms(self.settings, address)

    @contextmanager
    def calls(self, address: str) -> Iterator[OpenCalls]:
        """Lend the calls that need no token."""
        with self.link(address) as link:
            yield OpenCalls(link, entropy=secrets.token_bytes, monotonic=monotonic)

    @contextmanager
    def link(self, address: str) -> Iterator[ServiceLink]:
        """Lend a link to a service at some address."""
        with ServiceLink(self.terms(address)) as found:
            yield found

    def enrol(self, address: str, code: str) -> DeskEnrolment:
        """Enrol with a code."""
        with self.calls(address) as calls:
            return enrol_desk(
                desk_home(self.settings),
                self.keys,
                calls,
                CodeGiven(service=address, code=code),
                confirm=lambda _: None,
                production=False,
            )

    @contextmanager
    def at_work(self, address: str | None = None) -> Iterator[AtWork]:
        """Lend the desk; ``address``: where its enrolment's service seems to be now."""
        terms = None if address is None else self.terms(address)
        with desk_at_work(self.settings, self.keys, terms=terms) as desk:
            yield AtWork(desk, DeskRefresher(desk))

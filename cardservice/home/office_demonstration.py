"""The demonstration's office: a scratch home with fictional people, gone with the process."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from cardservice.accounts.roles import Role
from cardservice.errors import UsageError
from cardservice.home.folder import Folder
from cardservice.home.issuer import utc_now
from cardservice.home.office import OfficeHome, open_office
from cardservice.home.office_accounts import add_account
from cardservice.home.office_demonstration_people import people
from cardservice.home.office_demonstration_stage import Stage, StageLeftError
from cardservice.home.office_demonstration_stages import STAGES
from cardservice.home.office_keys import make_office_keys
from cardservice.home.office_senders import InsecureFileSender
from cardservice.home.office_setup import make_tables
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.papers.fonts import PaperFontsError, find_fonts
from cardservice.registry.actor import Actor
from cardservice.registry.outbox_values import NoticeChannel
from cardservice.settings import Settings

PASSWORD_OCTETS: Final = 12  # sixteen characters
ROLES: Final = (
    Role.CLERK,
    Role.APPROVER,
    Role.STATION,
    Role.AUDITOR,
    Role.SECURITY_OFFICER,
    Role.CLINIC,
    Role.EMPLOYER,
    Role.COURIER,
    Role.ADMINISTRATOR,
)
_TELLING_S: Final = 5.0
TOLD: Final = "notifications.jsonl"
_INSURER: Final = {
    "insurer_name": "Страховая медицинская организация «Образец»",
    "insurer_ogrn": "1009900000010",
    "insurer_phone": "8 800 000-00-00",
    "insurer_address": "Образцовая обл., г. Макетный, ул. Учебная, д. 1",
}


class StagedClock:
    """A clock that stands in the past while the stage is set, and then goes with the real one."""

    def __init__(self) -> None:
        self._staged: datetime | None = None

    def __call__(self) -> datetime:
        """Return the time on the stage, or now; aware UTC."""
        return self._staged or utc_now()

    @property
    def is_staged(self) -> bool:
        """Whether it stands."""
        return self._staged is not None

    def set_back(self, days: int) -> None:
        """Stand at this hour so many days ago."""
        self._staged = utc_now() - timedelta(days=days)

    def go(self) -> None:
        """Go with the real time from now on."""
        self._staged = None


@dataclass(slots=True)
class DemonstrationOffice:
    """An office with accounts; people come with ``fill_office``.

    Attributes:
        password: of every account, drawn anew each time.
        names: of the accounts, one for each role.
        applicant: number and birth date of an application that can be looked up.
    """

    office: OfficeHome
    clock: StagedClock
    password: str = field(repr=False)
    actors: dict[Role, Actor] = field(default_factory=dict)
    applicant: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the accounts: those of their roles."""
        return tuple(role.value for role in ROLES)


@contextmanager
def demonstration_office(
    settings: Settings, *, show: Callable[[str], None]
) -> Iterator[DemonstrationOffice]:
    """Lend an empty office in a temporary folder, its keys in memory, with no accounts yet.

    Args:
        settings: those of the service; database and ways out are the demonstration's own.
        show: is given a line for each notification that would have been sent.

    Raises:
        UsageError: in production.
    """
    if settings.production:
        sentence = "production refuses demonstration keys; unset CARDSERVICE_PRODUCTION to try it"
        raise UsageError(sentence)
    with TemporaryDirectory(prefix="cardservice-office-") as place:
        staged = _settings(settings, Path(place))
        keys = InsecureMemoryKeyStore(production=settings.production)
        make_office_keys(Folder(staged.home), keys)
        make_tables(staged)
        clock = StagedClock()
        # What was told in the past is in the file only.
        sink = InsecureFileSender(
            staged.home / TOLD,
            production=settings.production,
            show=lambda line: None if clock.is_staged else show(line),
        )
        senders = dict.fromkeys(NoticeChannel, sink)
        with open_office(staged, keys, clock=clock, senders=senders, demonstration=True) as office:
            password = secrets.token_urlsafe(PASSWORD_OCTETS)
            yield DemonstrationOffice(office, clock, password)


def fill_office(
    demonstration: DemonstrationOffice, *, stop: Callable[[], bool] = lambda: False
) -> bool:
    """Add accounts and people; return whether it came to its end before ``stop`` said so.

    One account for each role, about sixty people in every state, places, clinics, complaints.
    """
    office = demonstration.office
    for role in ROLES:
        if stop():
            return False
        _add_account(demonstration, role)
    stage = Stage(
        office=office.office,
        region=office.region,
        actors=demonstration.actors,
        vault=office.vault,
        row_secret=office.keys.rows,
        people=people(on=utc_now().date()),
        stop=stop,
    )
    try:
        _make_past(demonstration, stage)
    except StageLeftError:
        return False
    demonstration.applicant = stage.applicant
    return True


def _add_account(demonstration: DemonstrationOffice, role: Role) -> None:
    account = add_account(
        demonstration.office,
        role.value,
        roles=frozenset({role}),
        region=demonstration.office.region,
        password=demonstration.password,
    )
    demonstration.actors[role] = Actor(account.id, role)


def _make_past(demonstration: DemonstrationOffice, stage: Stage) -> None:
    for days, act in STAGES:
        demonstration.clock.set_back(days)
        act(stage)
        demonstration.office.outbox.deliver_due(budget_s=_TELLING_S)
    demonstration.clock.go()


def _settings(settings: Settings, place: Path) -> Settings:
    return settings.model_copy(
        update={
            "home": place,
            "database": None,
            "database_password_file": None,
            "scans": None,
            "public_address": None,
            "openid_issuer": None,
            "region": None,
            "insecure_cookies": True,
            **(_INSURER if _has_fonts(settings) else {"insurer_name": ""}),
        }
    )


def _has_fonts(settings: Settings) -> bool:
    # Without fonts there are no papers, and all else can still be shown.
    try:
        find_fonts(*(() if settings.paper_fonts is None else (settings.paper_fonts,)))
    except PaperFontsError:
        return False
    return True

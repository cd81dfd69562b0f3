"""A demonstration of the service for clinics: a scratch home, one clinic, gone with the process."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from cardservice.accounts.roles import Role as SignedInRole
from cardservice.domain.roles import Role
from cardservice.errors import UsageError
from cardservice.home.clinics import ClinicHome, open_clinics
from cardservice.home.folder import Folder, NewHome, establish
from cardservice.home.issuer import DEMONSTRATION_FUND, utc_now
from cardservice.home.office import open_office
from cardservice.home.office_accounts import issue_token
from cardservice.home.office_ids import new_id
from cardservice.home.office_keys import make_office_keys
from cardservice.home.office_setup import make_tables
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.registry.actor import SERVICE, Actor
from cardservice.registry.clinics import MakeCode, make_code
from cardservice.registry.frame import Office
from cardservice.registry.medical_organisations import (
    AddOrganisation,
    OrganisationForm,
    add_organisation,
)
from cardservice.settings import Settings

DESK: Final = "Окно 1"
PROGRAM: Final = "Учебная информационная система"
PROGRAM_DAY: Final = timedelta(days=1)
"""The longest that the program's token lasts; it ends with the process, as its register does."""
PLACES: Final = 1 << 16  # of the list: a demonstration has few cards
_OGRN: Final = "1020000000008"
_CLINIC: Final = OrganisationForm(
    name="Учебная поликлиника № 1",
    place="г. Макетный",
    address="ул. Учебная, д. 5",
    services=("терапия",),
)


@dataclass(frozen=True, slots=True)
class DemonstrationClinics:
    """A service with one clinic, and a code to enrol its desk with."""

    home: ClinicHome
    code: str = field(repr=False)

    def new_token(self) -> str:
        """Return a token for a program of a clinic, role ``clinic``; whoever has it may ask."""
        office = self.home.office
        _, token = issue_token(
            office, PROGRAM, role=SignedInRole.CLINIC, region=office.region, lasts=PROGRAM_DAY
        )
        return token


@contextmanager
def demonstration_clinics(settings: Settings, address: str) -> Iterator[DemonstrationClinics]:
    """Lend a service in a temporary folder, its keys in memory.

    Args:
        settings: those of the service; the database is the demonstration's own.
        address: where it is found.

    Raises:
        UsageError: in production.
    """
    if settings.production:
        sentence = "production refuses demonstration keys; unset CARDSERVICE_PRODUCTION to try it"
        raise UsageError(sentence)
    with TemporaryDirectory(prefix="cardservice-clinics-") as place:
        staged, folder = _settings(settings, Path(place)), Folder(Path(place))
        keys = InsecureMemoryKeyStore(production=settings.production)
        wish = NewHome(fund=DEMONSTRATION_FUND, demonstration=True)
        establish(folder, keys, wish, entropy=secrets.token_bytes, at=utc_now())
        make_office_keys(folder, keys)
        make_tables(staged)
        with open_office(staged, keys, demonstration=True) as office:
            code = _code(office.office, office.region)
            yield DemonstrationClinics(open_clinics(office, keys, address=address), code)


def _code(office: Office, region: str) -> str:
    clerk = Actor(new_id(), Role.CLERK)
    entered = AddOrganisation(
        region=region, key="clinic", ogrn=_OGRN, joined_on=office.today, form=_CLINIC
    )
    clinic = add_organisation(office, clerk, entered).id
    wanted = MakeCode(region=region, key="code", organisation_id=clinic, desk=DESK)
    return str(make_code(office, SERVICE, wanted).code)


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
            "insurer_name": "",
            "status_list_places": PLACES,
        }
    )

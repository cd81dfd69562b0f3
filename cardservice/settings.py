"""Every setting in one place: environment ``CARDSERVICE_…``, then the home's ``settings.toml``.

A secret is never a setting itself, only the file it stands in: variables and arguments are seen
by others, and a settings file is sent around.
"""

import re
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)
from typing_extensions import override

from cardservice.accounts.four_eyes import Act
from cardservice.accounts.roles import Role
from cardservice.domain.numbers import parse_ogrn
from cardservice.domain.texts import parse_text
from cardservice.errors import Refusal, UsageError

SETTINGS_FILE = "settings.toml"
_PREFIX: Final = "CARDSERVICE_"
DEFAULT_HOME = Path("~/.local/share/cardservice")


_REGION: Final = r"^[0-9]{5}$"
_HTTP: Final = r"^https?://[^\s/]+"
_PORT: Final = 65535
_MAIL_PORT: Final = 587  # RFC 6409, 3.1: submission
_INSURER_NAME: Final = 150  # characters; this project's own: two lines of a desk's page


def _shown_name(name: str) -> str:
    shown = parse_text(name, field="name", words="insurer's name", limit=_INSURER_NAME)
    if not shown:
        raise ValueError("an insurer's name is empty")
    return shown


class ServiceSettings(BaseSettings):
    """What the desk, the station and all commands share."""

    home: Path = Field(DEFAULT_HOME, description="Folder of keys, trust anchors and the ledger.")
    production: bool = Field(
        default=False, description="Refuse demonstration roots and every Insecure… stand-in."
    )
    fund: str = Field("00000", pattern=r"^[0-9]{5}$", description="Issuing fund, five digits.")
    region: str | None = Field(
        None, pattern=_REGION, description="OKATO region of this desk or office."
    )
    language: Literal["ru", "en"] = Field("ru", description="Language before a reader chooses one.")
    card_time_budget_s: float = Field(
        90.0,
        gt=0,
        le=300,
        description="Seconds a single card may take before it is given up; "
        "after wrong numbers a card itself waits up to 64.",
    )
    revocation_max_age_h: float = Field(
        72.0, gt=0, description="Hours after which the ledger's or a CRL's answer counts as stale."
    )
    host: str = Field("127.0.0.1", description="Address the service listens on.")
    port: int = Field(8080, ge=0, le=_PORT, description="Port the service listens on; 0: any free.")


class MailSettings(BaseSettings):
    """How the office tells people and programs something."""

    smtp_host: str | None = Field(None, description="Server that takes letters; none: none leave.")
    smtp_port: int = Field(_MAIL_PORT, ge=1, le=_PORT, description="Its port.")
    smtp_sender: str = Field(
        "office@example.org", description="Address that letters come from; its domain is ours."
    )
    smtp_user: str = Field("", description="Name at that server; only told under TLS.")
    smtp_password_file: Path | None = Field(None, description="File of the password there.")
    smtp_require_tls: bool = Field(
        default=True, description="Send no letter to a server that does not offer TLS."
    )
    sms_url: str | None = Field(
        None, pattern=_HTTP, description="Gateway that takes short messages; none: none leave."
    )
    sms_token_file: Path | None = Field(None, description="File of the gateway's bearer token.")
    webhook_url: str | None = Field(
        None, pattern=_HTTP, description="Program that is told of events; none: none is told."
    )
    webhook_secret_file: Path | None = Field(
        None, description="File of the secret that signs what the program is told."
    )
    private_receivers: bool = Field(
        default=False, description="Let gateway and webhook be in the house's own network."
    )


class SignInSettings(BaseSettings):
    """Who signs in at the office, and how."""

    argon2_time_cost: int = Field(3, ge=1, le=100, description="Passes of a password's hash.")
    argon2_memory_kib: int = Field(
        64 * 1024, ge=8, le=4 * 1024 * 1024, description="Memory of one hash, KiB."
    )
    argon2_parallelism: int = Field(4, ge=1, le=64, description="Lanes of one hash.")
    argon2_at_once: int = Field(4, ge=1, le=64, description="Hashes computed at the same time.")
    openid_issuer: str | None = Field(
        None, pattern=_HTTP, description="OpenID provider, as it names itself; none: no such way."
    )
    openid_client_id: str = Field("", description="Our name at the provider.")
    openid_secret_file: Path | None = Field(
        None, description="File of our secret there; none: a public client."
    )
    openid_role_claim: str = Field("roles", description="Where an ID token names roles.")
    openid_roles: dict[str, Role] = Field(
        default_factory=dict, description="The provider's role names to ours, as JSON."
    )
    insecure_cookies: bool = Field(
        default=False,
        description="Sign-in over plain http on this machine; production refuses it.",
    )
    second_person: frozenset[Act] = Field(
        default=frozenset(), description="Acts that need a second person, as a JSON list."
    )
    session_idle_min: int = Field(
        30, ge=1, le=24 * 60, description="Minutes without a request after which a session ends."
    )
    session_hours: int = Field(12, ge=1, le=24, description="Hours after which any session ends.")


class StationSettings(BaseSettings):
    """How cards are made."""

    hsm_module: Path | None = Field(
        None, description="Security module's library (PKCS#11); none: keys in encrypted files."
    )
    hsm_token: str = Field("", description="Label of the token that holds the keys.")
    hsm_serial: str = Field("", description="Its serial number, where two have one label.")
    hsm_pin_file: Path | None = Field(
        None, description="File of the token's PIN, its owner's alone; none: it is asked for."
    )
    station_name: str = Field(
        "station", pattern=r"^[A-Za-z0-9-]{1,40}$", description="What this station is called."
    )
    station_folder: Path | None = Field(
        None, description="Folder of the journal and of what is printed; `station` in the home."
    )
    station_office: str | None = Field(
        None, pattern=_HTTP, description="Office that orders come from; none: a table."
    )
    station_token_file: Path | None = Field(
        None, description="File of the bearer token that the office gave this station."
    )
    station_ahead: int = Field(
        32, ge=1, le=1000, description="Orders a station leases before it needs them."
    )
    station_lease_min: int = Field(120, ge=5, le=1440, description="Minutes of a lease.")
    station_central: str | None = Field(
        None, pattern=_HTTP, description="Central service that has the keys; none: they are here."
    )
    station_central_token_file: Path | None = Field(
        None, description="File of the bearer token that the central service gave this station."
    )
    station_free_mib: int = Field(
        200, ge=1, description="Room on the station's disk, MiB, below which it does not start."
    )
    station_port: int = Field(
        8070, ge=0, le=_PORT, description="Port of the operator's page; 0: any free."
    )
    status_list_places: int = Field(
        1 << 25, ge=1 << 10, le=1 << 26, description="Places of the list that new cards go onto."
    )
    face_printer: str = Field(
        "",
        pattern=r"^(|folder:.+|cups:.+)$",
        description="folder:PATH or cups:NAME; none: no face is printed.",
    )
    letter_printer: str = Field(
        "",
        pattern=r"^(|device:.+|cups:.+|insecure-folder:.+)$",
        description="device:PATH or cups:NAME; none: nobody learns PIN and PUK.",
    )
    photo_width: int = Field(324, ge=60, le=2000, description="Width of a card's photo, pixels.")
    photo_height: int = Field(414, ge=80, le=2000, description="Its height, pixels.")
    photo_octets: int = Field(
        16_384, ge=2_000, le=22_528, description="Octets of a card's photo, at most."
    )


class ClinicSettings(BaseSettings):
    """What clinics ask of the service, and how a clinic's desk works."""

    clinics_port: int = Field(
        8060, ge=0, le=_PORT, description="Port of the API for clinics; 0: any free."
    )
    clinics_address: str | None = Field(
        None, pattern=_HTTP, description="Where clinics find the API, if not where it listens."
    )
    clinics_workers: int = Field(1, ge=1, le=64, description="Processes of the API for clinics.")
    log_json: bool = Field(default=False, description="Log one JSON object a line.")
    desk_service: str | None = Field(
        None, pattern=_HTTP, description="Service that this desk is enrolled at; none: it is alone."
    )
    desk_service_ca: Path | None = Field(
        None,
        description="PEM file of the only authorities of the service's certificate; "
        "none: those of the system.",
    )
    desk_folder: Path | None = Field(
        None, description="Folder of what the desk keeps fresh and reports; `desk` in the home."
    )
    desk_refresh_min: int = Field(
        30, ge=1, le=24 * 60, description="Minutes after which lists and trust are fetched anew."
    )
    desk_hold_s: float = Field(
        0.0, ge=0, le=600, description="Seconds a verdict stays after its card left."
    )
    desk_photo: Literal["never", "asked", "always"] = Field(
        "asked",
        description="Photos at this desk: never; when asked for; of each card without being asked.",
    )
    desk_origins: frozenset[str] = Field(
        default=frozenset(),
        description="Origins of clinic systems whose pages may ask this desk, as a JSON list.",
    )
    desk_compat_origin: str | None = Field(
        None, pattern=_HTTP, description="Origin that the older local route answers; none: off."
    )
    desk_insurers: dict[str, str] = Field(
        default_factory=dict, description="Names of insurers by their OGRN, as a JSON object."
    )

    @field_validator("desk_insurers")
    @classmethod
    def _names_by_ogrn(cls, value: dict[str, str]) -> dict[str, str]:
        try:
            return {parse_ogrn(ogrn): _shown_name(name) for ogrn, name in value.items()}
        except Refusal as refusal:
            raise ValueError(refusal.sentence) from None


class _Environment(EnvSettingsSource):
    """The environment's variables, each that is no JSON where it has to be refused by its name."""

    @override
    def decode_complex_value(self, field_name: str, field: FieldInfo, value: object) -> object:
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            variable = f"{_PREFIX}{field_name.upper()}"
            sentence = f"environment variable {variable}: it has to be JSON, with its quotes"
            raise UsageError(sentence) from None


class Settings(ServiceSettings, MailSettings, SignInSettings, StationSettings, ClinicSettings):
    """What can be set, each with its environment variable in capitals after ``CARDSERVICE_``."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_ignore_empty=True, extra="forbid", frozen=True
    )

    database: str | None = Field(
        None,
        description="sqlite:///FILE or postgresql://USER@HOST/NAME; a file in the home unless set.",
    )
    database_password_file: Path | None = Field(
        None, description="File of the database's password; libpq's own ways work too."
    )
    office_port: int = Field(
        8090, ge=0, le=_PORT, description="Port of the office's pages and API; 0: any free."
    )
    public_address: str | None = Field(
        None, pattern=_HTTP, description="Where browsers find the office, if not where it listens."
    )
    other_regions: frozenset[str] = Field(
        default=frozenset(), description="Further regions whose terms this office keeps (JSON)."
    )
    time_zone: str = Field("Europe/Moscow", description="Where the days of office and desk begin.")
    scans: Path | None = Field(None, description="Folder of scans; `scans` in the home unless set.")
    paper_fonts: Path | None = Field(
        None, description="Folder of the fonts of papers; that of fonts-dejavu-core unless set."
    )
    insurer_name: str = Field("", description="The insurer, as papers name it; none: no papers.")
    insurer_ogrn: str = Field("", pattern=r"^([0-9]{13})?$", description="Its OGRN, 13 digits.")
    insurer_phone: str = Field("", description="Its telephone, as papers name it.")
    insurer_address: str = Field("", description="Its address, as papers name it.")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("there is no such time zone") from None
        return value

    @field_validator("other_regions")
    @classmethod
    def _five_digits(cls, value: frozenset[str]) -> frozenset[str]:
        if not all(re.fullmatch(_REGION, one) for one in value):
            raise ValueError("a region has five digits")
        return value

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        env = _Environment(settings_cls)
        early = init_settings(), env()
        home = Path(next((one["home"] for one in early if "home" in one), DEFAULT_HOME))
        file = TomlConfigSettingsSource(settings_cls, home.expanduser() / SETTINGS_FILE)
        return init_settings, env, file


def load_settings(**given: object) -> Settings:
    """Return the settings in force; ``given`` (the command line) goes before everything.

    Raises:
        UsageError: a value out of its range or an unknown name, with the name; never the value.
    """
    present = {name: value for name, value in given.items() if value is not None}
    try:
        settings = Settings(**present)  # type: ignore[arg-type]
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise UsageError(f"setting {', '.join(faults)}") from None
    except SettingsError as error:
        # Its cause is ours and names the variable; the library's own sentence names a class.
        raise UsageError(str(error.__cause__ or error)) from None
    except ValueError as error:
        raise UsageError(f"{SETTINGS_FILE}: {error}") from None
    return settings.model_copy(update={"home": settings.home.expanduser()})

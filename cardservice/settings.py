"""Every setting in one place: environment ``CARDSERVICE_…``, then the home's ``settings.toml``."""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from typing_extensions import override

from cardservice.errors import UsageError

SETTINGS_FILE = "settings.toml"
DEFAULT_HOME = Path("~/.local/share/cardservice")


class Settings(BaseSettings):
    """What can be set, each with its environment variable in capitals after ``CARDSERVICE_``."""

    model_config = SettingsConfigDict(
        env_prefix="CARDSERVICE_", env_ignore_empty=True, extra="forbid", frozen=True
    )

    home: Path = Field(DEFAULT_HOME, description="Folder of keys, trust anchors and the ledger.")
    production: bool = Field(
        default=False, description="Refuse demonstration roots and every Insecure… stand-in."
    )
    fund: str = Field("00000", pattern=r"^[0-9]{5}$", description="Issuing fund, five digits.")
    region: str | None = Field(
        None, pattern=r"^[0-9]{5}$", description="OKATO region of this desk: which cover applies."
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
    port: int = Field(8080, ge=0, le=65535, description="Port the service listens on; 0: any free.")

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
        early = init_settings(), env_settings()
        home = Path(next((one["home"] for one in early if "home" in one), DEFAULT_HOME))
        file = TomlConfigSettingsSource(settings_cls, home.expanduser() / SETTINGS_FILE)
        return init_settings, env_settings, file


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
    except ValueError as error:
        raise UsageError(f"{SETTINGS_FILE}: {error}") from None
    return settings.model_copy(update={"home": settings.home.expanduser()})

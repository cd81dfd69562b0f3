"""What programs ask of persons: whom they seek, and what is to be set right."""

from pydantic import ConfigDict, Field

from cardservice.web.api.common import Model
from cardservice.web.api.typed import Day, Line, ShortLine


class PersonQuery(Model):
    """A number alone; or the beginning of a name, a birth date, or both."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Пробный С", "birth_date": "1980-02-29"}]}
    )

    name: Line = ""
    birth_date: Day | None = None
    enp: ShortLine = ""
    snils: ShortLine = ""
    card_number: int | None = Field(default=None, strict=True, ge=0, lt=2**48)


class PersonCorrection(Model):
    """What is to be set right, as texts; empty: it is not known. What is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"surname": "Примерный", "patronymic": ""}]}
    )

    surname: ShortLine = ""
    given_name: ShortLine = ""
    patronymic: ShortLine = ""
    sex: ShortLine = ""
    birth_date: ShortLine = ""
    birth_place: Line = ""
    citizenship_code: ShortLine = ""
    citizenship_name: ShortLine = ""
    category: ShortLine = ""
    snils: ShortLine = ""
    address: Line = ""
    phone: ShortLine = ""
    email: Line = ""

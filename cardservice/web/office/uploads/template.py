"""An empty table to fill in: our columns, and one row as an example."""

import csv
import io
from collections.abc import Iterable
from typing import Final

from cardservice.domain.order_columns import Column
from cardservice.texts.languages import Language

MARK: Final = "\ufeff"  # tells spreadsheet programs that the file is UTF-8
# What programs in each language expect between cells; both are taken when a table is sent.
SEPARATORS: Final = {Language.RU: ";", Language.EN: ","}
COLUMNS: Final = tuple(Column)
# Nobody has this policy number, its check digit is wrong: who forgets to take the row out is told.
_EXAMPLE: Final = {
    Column.SURNAME: "Примерова",
    Column.GIVEN_NAME: "Анна",
    Column.PATRONYMIC: "Образцовна",
    Column.SEX: "F",
    Column.BIRTH_DATE: "1985-04-12",
    Column.BIRTH_PLACE: "г. Макетный",
    Column.CITIZENSHIP_CODE: "RUS",
    Column.CITIZENSHIP_NAME: "РОССИЯ",
    Column.CATEGORY: "citizen",
    Column.SNILS: "000-000-000 00",
    Column.ENP: "0000000000000001",
    Column.DOCUMENT_TYPE: "passport_rf",
    Column.DOCUMENT_NUMBER: "0000 000000",
    Column.ADDRESS: "г. Макетный, ул. Примерная, д. 1",
    Column.PHONE: "+7 000 000-00-00",
    Column.EMAIL: "primer@example.org",
    Column.INSURER_OGRN: "0000000000000",
    Column.OKATO: "00000",
    Column.INSURANCE_START: "2026-01-01",
    Column.CHANNEL: "employer",
}


def template_of(language: Language) -> str:
    """Return the table with its example as text of a CSV file, for programs of ``language``."""
    return written((COLUMNS, [_EXAMPLE[one] for one in COLUMNS]), language)


def written(rows: Iterable[Iterable[str]], language: Language) -> str:
    """Return rows as the text of a CSV file that spreadsheet programs of ``language`` open."""
    text = io.StringIO()
    csv.writer(text, delimiter=SEPARATORS[language], lineterminator="\r\n").writerows(rows)
    return MARK + text.getvalue()

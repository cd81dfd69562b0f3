"""An insurer's period of insuring a holder."""

from dataclasses import dataclass
from datetime import date

from cardservice.domain.numbers import Ogrn, Okato


@dataclass(frozen=True, slots=True, kw_only=True)
class InsurancePeriod:
    """Who insures, where the policy belongs, from when and (when known) to when, inclusive."""

    ogrn: Ogrn
    okato: Okato
    start_date: date
    end_date: date | None = None

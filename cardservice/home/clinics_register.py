"""The register as the verification service judges cards by it."""

import logging
from dataclasses import dataclass
from typing import Final

from cardservice.domain.numbers import Enp
from cardservice.domain.register import RegisterAnswer
from cardservice.registry.clinics_standing import status_of
from cardservice.registry.frame import Office
from cardservice.storage.errors import BusyError, UnavailableError

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OfficeRegister:
    """``verify.ports.PolicyRegister`` of the office's database."""

    office: Office

    def look_up(self, enp: Enp, *, card_number: int | None) -> RegisterAnswer | None:
        """Return what the register knows; None: its database does not answer."""
        try:
            return status_of(self.office, card_number=card_number, enp=enp).answer
        except (BusyError, UnavailableError) as error:
            _log.warning("the register was not reached: %s", error.code)
            return None

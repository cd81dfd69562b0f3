"""Which application a complaint is about, and the complaints about one's own."""

from datetime import date
from uuid import UUID

from cardservice.registry.errors import not_found
from cardservice.registry.frame import Office
from cardservice.registry.ports_exchange import Complaint
from cardservice.web.api.applications.reading import own_id
from cardservice.web.office.asking import Asking


def application_known(office: Office, number: str, birth_date: date) -> tuple[str, UUID]:
    """Return region and id of the application that number and birth date point to.

    Raises:
        Refusal: ``not-found``, the same whether the number or the date is wrong.
    """
    with office.database.reading() as work:
        found = work.applications.by_number(number.strip().upper(), birth_date)
    if not found:
        raise not_found("application")
    return found[0].region, found[0].id


def own_complaints(asking: Asking) -> tuple[Complaint, ...]:
    """Return the complaints about the application that was signed in to, oldest first."""
    with asking.office.database.reading() as work:
        return work.complaints.of_application(asking.region, own_id(asking))

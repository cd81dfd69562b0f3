"""Which service the desk of these settings asks, and whom it believes that it is the one."""

from cardservice.desklink.certificates import service_tls
from cardservice.desklink.terms import ServiceTerms
from cardservice.settings import Settings


def service_terms(settings: Settings, address: str) -> ServiceTerms:
    """Return what a desk allows itself and the service at ``address``; asks nobody.

    Raises:
        UsageError: the address cannot be used, or the file of ``desk_service_ca`` cannot.
    """
    return ServiceTerms(
        address=address,
        production=settings.production,
        tls=service_tls(settings.desk_service_ca),
    )

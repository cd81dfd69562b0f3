"""Notifications of which nobody knows whether they arrived."""

from uuid import UUID

from cardservice.errors import Refusal
from cardservice.home.office import OfficeHome
from cardservice.registry.outbox_values import NoticeState, Notification
from cardservice.storage.paging import MAX_PAGE, Ask


def list_unknown(office: OfficeHome) -> tuple[Notification, ...]:
    """Return those of unknown outcome, the oldest first; at most 200 a region."""
    with office.database.reading() as work:
        pages = (
            work.notifications.in_state(region, NoticeState.UNKNOWN, Ask(limit=MAX_PAGE))
            for region in office.regions
        )
        return tuple(one for page in pages for one in page.rows)


def find_unknown(office: OfficeHome, notification_id: UUID) -> Notification:
    """Return one of them; raises Refusal ``notification-unknown``."""
    found = next((one for one in list_unknown(office) if one.id == notification_id), None)
    if found is None:
        sentence = "There is no such notification of unknown outcome."
        raise Refusal("notification-unknown", sentence)
    return found

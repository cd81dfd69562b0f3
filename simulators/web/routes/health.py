"""GET /health: is this process alive, and what does it hold."""

from fastapi import APIRouter

from simulators.web.context import Moved
from simulators.web.models import Health

router = APIRouter(tags=["health"])


@router.get("/health")
def tell_health(moved: Moved) -> Health:
    """Answer 200 whenever the service can answer at all."""
    made = [one for one in moved.cards.listed() if one.made]
    return Health(
        status="ok",
        readers=len(moved.readers()),
        cards=len(made),
        newest_event=moved.history.newest,
    )

"""GET /healthz: is this process alive, and what does it see."""

from fastapi import APIRouter
from pydantic import BaseModel

from cardservice.web.context import Context

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """``status`` is ``ok``, or ``degraded`` with a reason and a remedy."""

    status: str
    readers: int
    reason: str | None = None
    remedy: str | None = None


@router.get("/healthz", response_model_exclude_none=True)
async def tell_health(context: Context) -> Health:
    """Answer 200 whenever the service can answer at all.

    A lost reader service is told as ``degraded`` and not as 503: this question is asked by
    those who restart what does not answer, and a restart brings no reader back, while the
    page that explains what to do would go with it.
    """
    desk = context.hub.state
    if desk.trouble is None:
        return Health(status="ok", readers=len(desk.readers))
    trouble = desk.trouble
    return Health(status="degraded", readers=0, reason=trouble.message, remedy=trouble.remedy)

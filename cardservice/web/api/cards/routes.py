"""Orders, cards, stations, delivery, stock."""

from fastapi import APIRouter

from cardservice.web.api.cards import (
    changing,
    delivery,
    handing_over,
    making,
    orders,
    own_blanks,
    papers,
    serving,
    stock,
    verifying,
)
from cardservice.web.api.common import API, JSON_MAX, problems

router = APIRouter(prefix=API, tags=["cards"], responses=problems(), max_body_size=JSON_MAX)

# What stands under its own name goes before what stands under an id.
for part in (
    *(making, orders, changing, serving, delivery, handing_over),
    *(stock, own_blanks, papers, verifying),
):
    router.include_router(part.router)

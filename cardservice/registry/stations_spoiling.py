"""Whether a station tells a second time that something was spoiled, since no answer reached it."""

from cardservice.domain.roles import Role
from cardservice.domain.stock import Movement
from cardservice.registry.frame import Act
from cardservice.registry.ports_making import Order


def was_spoiled(act: Act, order: Order, *, version: int, chip: bytes | None) -> bool:
    """Return whether the station that acts has reported this already.

    Args:
        act: of the report that came now.
        order: as it is now.
        version: the one the report was made on: only one report can have changed it.
        chip: serial number of the blank; no chip is spoiled twice. None: it was not named.
    """
    if act.actor.role is not Role.STATION:
        return False
    if order.spoiled_by == act.actor.name and order.spoiled_version == version:
        return True
    return chip is not None and _is_counted(act, order, chip)


def _is_counted(act: Act, order: Order, chip: bytes) -> bool:
    return any(
        one.kind == Movement.SPOIL_AT_STATION
        and one.station == act.actor.name
        and one.first_chip == chip
        for one in act.work.stock.of_order(act.region, order.id)
    )

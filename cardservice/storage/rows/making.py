"""The rows of ``cardservice.registry``."""

from cardservice.registry.ports_making import (
    Card,
    CardNumber,
    DispatchList,
    Order,
    Receipt,
    StockMovement,
)

__all__ = ["Card", "CardNumber", "DispatchList", "Order", "Receipt", "StockMovement"]

"""The rows of ``cardservice.registry``."""

from cardservice.registry.ports_making import Card, DispatchList, Order, Receipt, StockMovement

__all__ = ["Card", "DispatchList", "Order", "Receipt", "StockMovement"]

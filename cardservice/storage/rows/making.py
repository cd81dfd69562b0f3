"""The rows of ``cardservice.registry``."""

from cardservice.registry.ports_making import Card, Order, StockMovement

__all__ = ["Card", "Order", "StockMovement"]

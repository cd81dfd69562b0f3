"""The card at one reader after the other: never at two at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cardservice.conformance.bounded import BoundedLink
from cardservice.conformance.terms import Interface
from cardservice.transport.link import CardLink

Opening = Callable[[], CardLink]


@dataclass(slots=True)
class Presentation:
    """Where the card is.

    Attributes:
        readers: how to open a link, for each way to present the card; the first is the main one.
        move: called before the card is needed at another reader than it is at.
    """

    readers: Mapping[Interface, Opening]
    move: Callable[[Interface], None] = lambda _: None
    _link: BoundedLink | None = field(default=None, init=False)
    _at: Interface | None = field(default=None, init=False)

    @property
    def main(self) -> Interface:
        """Where the card is brought from one state to the next."""
        return next(iter(self.readers))

    def at(self, interface: Interface) -> BoundedLink:
        """Return the link to the card at that reader; the card is moved there if need be."""
        if self._link is not None and self._at is interface:
            return self._link
        moved = self._link is not None
        self.end()
        if moved:
            self.move(interface)
        self._at, self._link = interface, BoundedLink(self.readers[interface])
        return self._link

    def end(self) -> None:
        """Let go of the card. Harmless when repeated."""
        link, self._link = self._link, None
        if link is not None:
            link.close()

"""Cards for one test, each with what a desk must say of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from simulators.card import NonVolatileMemory, StateFileError, blank_card
from simulators.card.state_file import load_cells
from simulators.reader.errors import ReaderSetupError
from simulators.tray import Plastic, SoftwarePlastic, Tray
from simulators.zoo import CardSecrets, Judged, Way, Zoo, entry_named

BLANK: Final = "blank"
_ONE_OF: Final = (
    'write policy_card(zoo="valid"), policy_card(blank=True) or policy_card(state=path)'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCard:
    """A card in the tray of a test, in no reader yet.

    Attributes:
        name: in the tray.
        plastic: the card itself, with its memory if it has one.
        way: how the test's readers meet it: contact, or a tap at an enrolled desk.
        judged: what a desk must come to on each way; empty for a card from a state file.
    """

    name: str
    plastic: Plastic
    way: Way
    judged: Mapping[Way, Judged]
    secrets: CardSecrets | None = field(default=None, repr=False)

    @property
    def verdict(self) -> str | None:
        """``valid``, ``invalid``, ``undecided`` or ``no verdict``; None: held to nothing."""
        judged = self.judged.get(self.way)
        return judged.outcome.value if judged else None

    @property
    def reason(self) -> str | None:
        """The stable code of the reason that decides; None: held to nothing."""
        judged = self.judged.get(self.way)
        return judged.reason if judged else None

    @property
    def can(self) -> str | None:
        """The number printed on it, six digits; None if it has none."""
        return self.secrets.can if self.secrets else None

    @property
    def pin(self) -> str | None:
        """Its holder's PIN, digits; None if it has none."""
        return self.secrets.pin if self.secrets else None

    @property
    def puk(self) -> str | None:
        """What unblocks the PIN, digits; None if it has none."""
        return self.secrets.puk if self.secrets else None


class PolicyCards:
    """Makes the cards of one test and adds each to its tray.

    ``open_zoo`` is called when a card of the zoo is first asked for.
    """

    def __init__(self, tray: Tray, open_zoo: Callable[[], Zoo], way: Way) -> None:
        self._tray = tray
        self._open_zoo = open_zoo
        self._way = way

    def __call__(
        self,
        *,
        zoo: str | None = None,
        blank: bool = False,
        state: Path | str | None = None,
        name: str | None = None,
    ) -> PolicyCard:
        """Return a new card: what is done to it no other one ever knows.

        Args:
            zoo: a name that ``cardsim zoo`` lists.
            blank: a card as the factory delivers it, without the zoo.
            state: a state file, which stays as it is.
            name: in the tray; the zoo's, or the file's, with a number if that is taken.

        Raises:
            ReaderSetupError: not exactly one of the three, or there is no such card.
        """
        if [zoo is not None, blank, state is not None].count(True) != 1:
            raise ReaderSetupError("policy_card makes one card of one kind", remedy=_ONE_OF)
        if zoo is not None:
            return self._of_zoo(zoo, name)
        if state is not None:
            return self._of_state_file(Path(state), name)
        plastic = SoftwarePlastic(blank_card().memory)
        return self._added(name or BLANK, plastic, entry_named(BLANK).judged)

    def _of_zoo(self, entry: str, name: str | None) -> PolicyCard:
        judged, opened = entry_named(entry).judged, self._open_zoo()
        plastic, secrets = opened.card(entry), opened.secrets(entry)
        return self._added(name or entry, plastic, judged, secrets)

    def _of_state_file(self, path: Path, name: str | None) -> PolicyCard:
        try:
            cells = load_cells(path)
        except StateFileError as error:
            raise ReaderSetupError(error.problem, remedy=error.remedy) from error
        return self._added(name or path.stem, SoftwarePlastic(NonVolatileMemory(cells)), {})

    def _added(
        self,
        wanted: str,
        plastic: Plastic,
        judged: Mapping[Way, Judged],
        secrets: CardSecrets | None = None,
    ) -> PolicyCard:
        name = _free_name(wanted, self._tray.cards)
        self._tray.add_card(name, plastic)
        return PolicyCard(name=name, plastic=plastic, way=self._way, judged=judged, secrets=secrets)


def _free_name(wanted: str, taken: Mapping[str, object]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name

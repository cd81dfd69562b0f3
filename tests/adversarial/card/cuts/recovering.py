"""What a card must be after a cut, and how station and card go on from there."""

from collections.abc import Iterator
from copy import deepcopy

import pytest

from simulators.card import (
    CardMuteError,
    CountedClock,
    NonVolatileMemory,
    PowerCut,
    SoftwareCard,
    image,
)
from simulators.card.files import EF_CHIP_SECURITY
from tests.adversarial.card.cuts.asking import told_by, would_tell
from tests.adversarial.card.cuts.scenes import (
    CHANGE_OF_INSURER,
    CONTENT,
    Cells,
    Recorder,
    Scene,
    change_insurer,
)
from tests.unit.simulators.card.hosts import FOMS_ROOT, OK, Scp03Host, select_aid, send
from tests.unit.simulators.card.issuing import (
    CHIP_KEY,
    TRANSPORT,
    Drawn,
    open_session,
    personalization,
)

_ISSUER_KVN = 0x31


def without_counter(cells: Cells) -> Cells:
    """All but the number of sessions opened, which grows with every attempt."""
    return {name: value for name, value in cells.items() if name != image.SEQUENCE_COUNTER}


def is_whole(card: SoftwareCard, recorder: Recorder, write: int) -> str:
    """Return whether a card, powered up after the cut, is "old" or "new"; fail when it is neither.

    All its memory is compared, and all it tells.
    """
    found = card.memory.cells()
    states = dict(zip(("old", "new"), recorder.old_and_new_at(write), strict=True))
    whole = [name for name, cells in states.items() if cells == found]
    assert whole, f"write {write}: half a card"
    assert told_by(card) == would_tell(states[whole[0]]), f"write {write}"
    return whole[0]


def go_on(scene: Scene, card: SoftwareCard, recorder: Recorder) -> None:
    """Do again what was cut, or what is left of it; the card ends as if nothing had happened."""
    if scene is CHANGE_OF_INSURER:
        _change_insurer_again(card)
    else:
        _finish_personalization(card)
    assert without_counter(card.memory.cells()) == without_counter(recorder.memory.cells())


def _change_insurer_again(card: SoftwareCard) -> None:
    """The change is made now, or was: then the same once more is refused and changes nothing."""
    made = card.memory.get(image.POINTER) == b"\x03\x02"
    assert change_insurer(card) == (0x6985 if made else OK)


def _finish_personalization(card: SoftwareCard) -> None:
    """Go on as a station does: ask which keys are there, then do what is left, or all again."""
    assert send(card, "00CADF0100") == (b"\x07", OK)
    chip_key = CHIP_KEY.to_bytes(32, "big")
    again = SoftwareCard(card.memory, entropy=Drawn(chip_key), clock=CountedClock())
    steps = list(personalization(again, CONTENT))
    if send(again, "00CA00E000")[0][5] == _ISSUER_KVN:
        assert select_aid(again, FOMS_ROOT) == OK
        assert Scp03Host(again, TRANSPORT).start()[1] == 0x6A88
        steps = steps[2:]
    if card.memory.get(EF_CHIP_SECURITY.cell) is not None:
        host = open_session(again)
        assert host.send("84470000", le=0)[1] == 0x6985
        steps = [lambda: _set_personalized(host)]
    for step in steps:
        step()
    assert send(again, "00CADF0100")[1] in (OK, 0x6982)


def _set_personalized(host: Scp03Host) -> None:
    assert host.send("84F0400F")[1] == OK


def powered_up(memory: NonVolatileMemory) -> SoftwareCard:
    """Return a card over this memory, which it has recovered."""
    return SoftwareCard(memory, entropy=Drawn(), clock=CountedClock())


def cut_again_while_recovering(card: SoftwareCard) -> Iterator[SoftwareCard]:
    """Yield the card as often as recovery writes, cut at each of these and then powered up."""
    trial = deepcopy(card.memory)
    trial.recover()
    for write in range(card.memory.writes + 1, trial.writes + 1):
        memory = deepcopy(card.memory)
        memory.cut_power_at(write)
        with pytest.raises(PowerCut):
            powered_up(memory)
        yield powered_up(memory)


def assert_mute(card: SoftwareCard) -> None:
    """A card without power answers nothing."""
    with pytest.raises(CardMuteError):
        card.execute(b"\x00\xca\xdf\x01\x00")

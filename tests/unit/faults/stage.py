"""Cards with faults, and a terminal of few words."""

from collections.abc import Iterable
from typing import Any

from simulators.card import CardMuteError, NonVolatileMemory, PowerCut, blank_card
from simulators.card.field import EndOfFile, FieldCard
from simulators.faults import Fault, FaultPlan, FaultRun, FaultyCard, What, When
from simulators.reader.card import Card
from tests.shared import golden

OWNER = bytes.fromhex(golden("owner-plain")["hex"])
INSURER = bytes.fromhex(golden("insurer-plain")["hex"])
SELECT_ROOT = bytes.fromhex("00A4040C09666F6D735F726F6F74")
SELECT_OWNER_DF = bytes.fromhex("00A4040C07464F4D535F4944")
SELECT_OWNER = bytes.fromhex("00A4020C020201")
SELECT_ATR_INFO = bytes.fromhex("00A4020C022F01")
LIFE_CYCLE = bytes.fromhex("00CADF0100")
READ_4 = bytes.fromhex("00B0000004")
ATR_INFO = bytes.fromhex("7F66080202080002020800")
OK = b"\x90\x00"


def field_card(*, end_of_file: EndOfFile = EndOfFile.WARNING, owner: bytes = OWNER) -> FieldCard:
    return FieldCard(
        owner=owner, insurers={0x0301: INSURER}, pointer=0x0301, end_of_file=end_of_file
    )


def plan_of(what: What, when: When | None = None, *, seed: int = 0) -> FaultPlan:
    return FaultPlan((Fault(what, when or When()),), seed)


class Bench:
    """A faulty card on the bench: what it was told to do, and what was noticed."""

    def __init__(
        self,
        plan: FaultPlan | FaultRun | What,
        *,
        when: When | None = None,
        card: Card | None = None,
        memory: NonVolatileMemory | None = None,
        seed: int | None = None,
    ) -> None:
        sound = card or blank_card()
        self.memory = memory or getattr(sound, "memory", None)
        self.slept: list[float] = []
        self.told: list[str] = []
        self.pulled = 0
        self.vanished: list[int | None] = []
        self.sound = sound
        self.card = FaultyCard(
            sound,
            plan_of(plan, when) if isinstance(plan, What) else plan,
            memory=self.memory,
            sleep=self.slept.append,
            seed=seed,
            on_fault=self.told.append,
            pull=self._pull,
            vanish=self.vanished.append,
        )

    def _pull(self) -> None:
        self.pulled += 1

    def send(self, *commands: bytes) -> list[str]:
        """Return each answer in hexadecimal digits, ``mute`` or ``cut``."""
        return [self._send(command) for command in commands]

    def _send(self, command: bytes) -> str:
        try:
            return self.card.execute(command).hex().upper()
        except CardMuteError:
            return "mute"
        except PowerCut:
            return "cut"

    def struck_at(self, commands: Iterable[bytes]) -> list[int]:
        """Return the numbers, from 1, of the commands at which a fault struck."""
        found: list[int] = []
        for number, command in enumerate(commands, start=1):
            before = len(self.told)
            self._send(command)
            found += [number] * (len(self.told) > before)
        return found


def mapping_of(**fault: Any) -> dict[str, object]:
    """A plan of one fault, as a parser gives it."""
    return {"faults": [fault]}

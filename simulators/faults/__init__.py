"""Faults of cards, lines and readers, as data; see ``docs/faults.md``.

A ``FaultPlan`` says what goes wrong and when, the same in Python, TOML and JSON. A ``FaultyCard``
is a card with the faults of a plan.
"""

from simulators.faults.answers import (
    BitErrors,
    Delay,
    Direction,
    GiveAnswer,
    GiveStatus,
    StaleAnswer,
    Truncate,
)
from simulators.faults.exchange import Counts, What
from simulators.faults.faulty_card import FaultyCard
from simulators.faults.files import (
    load_plan,
    named_plan,
    parse_json,
    parse_toml,
    plan_names,
    plan_text,
)
from simulators.faults.kinds import KINDS
from simulators.faults.lengths import LeForm, Lie, LieAboutExtendedLength, RefuseLe
from simulators.faults.plan import FAULTS_MAX, Fault, FaultPlan
from simulators.faults.power import CutPower, Moment, PullCard
from simulators.faults.presence import LoseInsertion, Mute, RemoveReader
from simulators.faults.quirks import AskForGetResponse, AtEnd, EndOfFile
from simulators.faults.resets import Activation, WrongAtr
from simulators.faults.run import FaultRun
from simulators.faults.when import Since, When

__all__ = [
    "FAULTS_MAX",
    "KINDS",
    "Activation",
    "AskForGetResponse",
    "AtEnd",
    "BitErrors",
    "Counts",
    "CutPower",
    "Delay",
    "Direction",
    "EndOfFile",
    "Fault",
    "FaultPlan",
    "FaultRun",
    "FaultyCard",
    "GiveAnswer",
    "GiveStatus",
    "LeForm",
    "Lie",
    "LieAboutExtendedLength",
    "LoseInsertion",
    "Moment",
    "Mute",
    "PullCard",
    "RefuseLe",
    "RemoveReader",
    "Since",
    "StaleAnswer",
    "Truncate",
    "What",
    "When",
    "WrongAtr",
    "load_plan",
    "named_plan",
    "parse_json",
    "parse_toml",
    "plan_names",
    "plan_text",
]

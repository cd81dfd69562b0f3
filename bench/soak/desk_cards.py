"""Which cards of the zoo are put in, what a desk may come to, and a register that knows them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from bench.soak.desk_truth import Answer, Rules
from cardservice.registry.frame import Office
from cardservice.registry.ports import Work
from cardservice.registry.ports_making import Card
from cardservice.registry.ports_people import Person
from cardservice.registry.ports_policies import Policy
from simulators.zoo import Outcome, Way, Zoo

MUTE: Final = "mute"
"""Answers to reset and then never: its reader shows an empty slot, and the card again."""
CARDS: Final = (
    "valid",
    "valid-with-photo",
    "valid-protected",
    "valid-private",
    "expired",
    "superseded",
    "blocked",
    "blocked-in-register",
    "terminated-in-register",
    "not-in-register",
    "revoked-signer",
    "unknown-signer",
    "altered-owner",
    "trust-layer-removed",
    "cloned",
    "blank",
    "field-first",
    "field-second",
    "bank",
    "transit",
    "random",
    MUTE,
)
FEW: Final = ("valid", "expired", "blocked-in-register", "cloned", "field-second", "bank", MUTE)
"""Made within seconds."""
BESIDES: Final[Mapping[str, Answer]] = {
    "superseded": ("valid", "chip-proved"),
    "not-in-register": ("valid", "chip-proved"),
    "trust-layer-removed": ("undecided", "no-trust-layer"),
    "random": (None, "not-a-policy-card"),
}
"""What the zoo does not say: without the service a list knows less than the register, and of a
place that was never given out it says that the card is good; random answers go on where they
stopped when the same card is put in again."""
_UNKNOWN: Final = "unknown"
_BORN: Final = date(1984, 3, 8)


def rules_for(zoo: Zoo, names: Sequence[str]) -> Rules:
    """Return what an enrolled desk may come to on contact."""
    allowed = {name: frozenset(_answers(zoo, name)) for name in names}
    return Rules(allowed=allowed, restless=frozenset({MUTE}))


def _answers(zoo: Zoo, name: str) -> Iterator[Answer]:
    judged = zoo.entry(name).judged
    one = judged.get(Way.CONTACT_ENROLLED) or judged[Way.CONTACT]
    yield (None if one.outcome is Outcome.NO_VERDICT else one.outcome.value), one.reason
    if name in BESIDES:
        yield BESIDES[name]


@dataclass(frozen=True, slots=True)
class Fact:
    """A card that the zoo's issuer made, as its folder has it."""

    enp: str
    number: int
    status: str
    newest: datetime | None


def facts_of(folder: Path, names: Sequence[str]) -> Iterator[Fact]:
    """Yield the cards behind those of the zoo in ``folder``; they are made already."""
    for name in names:
        path = folder / "kept" / f"{name}.json"
        for one in json.loads(path.read_bytes()) if path.exists() else ():
            newest = one["newest_record"]
            at = None if newest is None else datetime.fromisoformat(newest)
            yield Fact(one["enp"], one["card_number"], one["status"], at)


def fill_register(office: Office, region: str, facts: Sequence[Fact]) -> None:
    """Put the cards that a register is to know into the office's, each with its policy."""

    def add(work: Work) -> None:
        for one in facts:
            if one.status != _UNKNOWN:
                _add(work, office, region, one)

    office.database.transaction(add, region=region)


def _add(work: Work, office: Office, region: str, fact: Fact) -> None:
    now = office.clock()
    person, policy, card = (office.new_id() for _ in range(3))
    of_now: dict[str, Any] = {"region": region, "created_at": now}
    work.people.add(
        Person(
            id=person,
            surname="Образцова",
            given_name="Анна",
            sex="female",
            birth_date=_BORN,
            category="citizen",
            **of_now,
        )
    )
    work.policies.add(
        Policy(
            id=policy,
            person_id=person,
            enp=fact.enp,
            state="active",
            opened_on=office.today,
            **of_now,
        )
    )
    work.cards.add(
        Card(
            id=card,
            number=fact.number,
            policy_id=policy,
            state=fact.status,
            signed_at=fact.newest,
            activated_at=now,
            updated_at=now,
            **of_now,
        )
    )

"""All targets by name. Loaded late, so that what they import can be instrumented first."""

from importlib import import_module
from pathlib import Path
from typing import Final

from fuzz.target import Target

ROOT: Final = Path(__file__).parent.parent
CORPUS: Final = ROOT / "fuzz" / "corpus"

_MODULES: Final = (
    "terminal_objects",
    "terminal_certificates",
    "terminal_files",
    "terminal_flows",
    "card_objects",
    "card_commands",
)


def load() -> dict[str, Target]:
    """Return the targets by name; terminal's before the card's."""
    found: dict[str, Target] = {}
    for name in _MODULES:
        found.update(import_module(f"fuzz.targets.{name}").TARGETS)
    return found


def corpus(name: str) -> list[bytes]:
    """Return the kept inputs of a target, in the order of their file names."""
    return [path.read_bytes() for path in sorted((CORPUS / name).iterdir())]

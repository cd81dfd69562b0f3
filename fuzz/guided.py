"""Fuzzing guided by coverage: libFuzzer through the package ``atheris``.

Kept inputs are read from ``fuzz/corpus``; new ones and findings go to ``build/fuzz``.
"""

import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Final

from fuzz.registry import CORPUS, ROOT, load
from fuzz.target import MAX_INPUT

BUILD: Final = ROOT / "build" / "fuzz"
_INSTRUMENTED: Final = ["cardservice", "simulators"]
_MEMORY_MB: Final = 1024
_SECONDS_AN_INPUT: Final = 10
_MARGIN_S: Final = 60


def is_available() -> bool:
    """Return whether the package is installed."""
    return find_spec("atheris") is not None


def run_in_child(name: str, seconds: int) -> bool:
    """Fuzz one target for so many seconds in a process of its own; return whether all held."""
    arguments = [sys.executable, "-m", "fuzz", "--here", name, str(seconds)]
    # The fuzzer ends the process it runs in, so that several targets need several.
    done = subprocess.run(arguments, check=False, timeout=seconds + _MARGIN_S)  # noqa: S603 - ours
    return done.returncode == 0


def run_here(name: str, seconds: int) -> None:
    """Fuzz one target in this process and end it: code 0 if nothing was found."""
    atheris = import_module("atheris")
    with atheris.instrument_imports(include=_INSTRUMENTED):
        target = load()[name]
    found, findings = BUILD / "corpus" / name, BUILD / "findings"
    for folder in (found, findings):
        folder.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={MAX_INPUT}",
        f"-rss_limit_mb={_MEMORY_MB}",
        f"-timeout={_SECONDS_AN_INPUT}",
        f"-artifact_prefix={findings}/{name}-",
        "-print_final_stats=1",
    ]
    # New inputs go to the first folder; the kept ones are only read.
    atheris.Setup([sys.argv[0], *options, str(found), str(CORPUS / name)], target.check)
    atheris.Fuzz()

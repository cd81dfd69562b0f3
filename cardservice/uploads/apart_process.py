"""What runs in the process apart: limits first, then one task over standard input."""

import json
import resource
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

from cardservice.errors import Refusal
from cardservice.uploads.apart import Task

MEMORY_OCTETS: Final = 1 << 30  # address space; the interpreter with a PDF library has a fifth
CPU_S: Final = 20

# Imported by name: a table needs no PDF library, and a start should cost little.
_TASKS: Final[Mapping[Task, tuple[str, str]]] = {
    Task.JPEG: ("cardservice.uploads.jpeg_decoding", "decode"),
    Task.PDF: ("cardservice.uploads.pdf", "examine"),
    Task.XLSX: ("cardservice.uploads.tables.xlsx_cells", "examine"),
}


def main() -> None:
    """Write ``{"found": …}`` or ``{"refused": [code, sentence]}`` to standard output."""
    limit_this_process()
    print(json.dumps(answer(Task(sys.argv[1]), sys.stdin.buffer.read())))  # noqa: T201


def limit_this_process() -> None:
    """Give up, for good, most of the memory, the time, and all writing to files."""
    for kind, limit in (
        (resource.RLIMIT_AS, MEMORY_OCTETS),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))


def answer(task: Task, octets: bytes) -> dict[str, Any]:
    """Return what the task found, or what it refused."""
    module, name = _TASKS[task]
    examine: Callable[[bytes], Any] = getattr(import_module(module), name)
    try:
        return {"found": examine(octets)}
    except Refusal as refusal:
        return {"refused": [refusal.code, refusal.sentence]}


if __name__ == "__main__":
    main()

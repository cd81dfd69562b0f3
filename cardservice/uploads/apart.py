"""Hostile files meet foreign parsers in a process of their own, with little time and memory.

A parser written in C that is led astray then takes down, or takes over, a process that holds no
key and no other person's data. The process limits itself before it reads the first octet.
"""

import json
import subprocess
import sys
from enum import StrEnum, unique
from typing import Any, Final

from cardservice.errors import Refusal

WALL_S: Final = 30  # the whole examination, start of the process included
_MODULE: Final = "cardservice.uploads.apart_process"


@unique
class Task(StrEnum):
    """What the other process is asked to do with the octets."""

    JPEG = "jpeg"
    PDF = "pdf"
    XLSX = "xlsx"


def examine_apart(task: Task, octets: bytes) -> Any:
    """Return what the examination of ``octets`` found, as JSON has it.

    Raises:
        Refusal: the examination's own, or ``file-unexaminable`` when the process was ended for
            time or memory, or broke.
    """
    # Without -I the working folder and PYTHON… variables could put other modules in the way.
    command = (sys.executable, "-I", "-B", "-m", _MODULE, task.value)
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell
            command,
            input=octets,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WALL_S,
            env={},
            check=True,
        )
        answer = json.loads(done.stdout)
        refused = answer.get("refused")
    except (subprocess.SubprocessError, OSError, ValueError, AttributeError):
        sentence = "The file takes too much time or memory to look into, or breaks what reads it."
        raise Refusal("file-unexaminable", sentence, field="file") from None
    if refused is not None:
        raise Refusal(str(refused[0]), str(refused[1]), field="file")
    return answer.get("found")

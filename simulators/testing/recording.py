"""What was said to cards in one test, kept when the test fails; personal data is masked."""

import re
from pathlib import Path
from typing import Final
from zlib import crc32

from typing_extensions import override

from simulators.card import Interface
from simulators.models.timing import Timing
from simulators.reader.errors import ReaderSetupError
from simulators.trace import JsonLinesSink, ListSink, Masking, TraceSink, decode_log
from simulators.tray import Tray, TrayReader

SUFFIX: Final = ".trace"
_NAME_MAX: Final = 80  # characters of a test's name in that of its file
_LINES_MAX: Final = 200  # told at the end of a conversation, which is where the test failed


class TrayOfTest(Tray):
    """A tray all of whose readers are recorded, if there is a ``sink``."""

    def __init__(self, *, timing: Timing | None = None, sink: TraceSink | None = None) -> None:
        super().__init__(timing=timing)
        self._sink = sink

    @override
    def add_reader(self, name: str, *, interface: Interface = Interface.CONTACT) -> TrayReader:
        reader = super().add_reader(name, interface=interface)
        self.record(name, self._sink)
        return reader

    @override
    def attach_pcsc_reader(
        self, name: str, host: str, port: int, *, interface: Interface = Interface.CONTACT
    ) -> TrayReader:
        reader = super().attach_pcsc_reader(name, host, port, interface=interface)
        self.record(name, self._sink)
        return reader


def keep_trace(sink: ListSink, folder: Path, test: str) -> str | None:
    """Write what ``sink`` holds to a file for ``test``; return what to tell of it.

    None when no card was talked to. A file of an earlier run is replaced. Never raises for what
    the disk does: it is told instead.
    """
    records = tuple(sink.records)
    if not records:
        return None
    path = folder / file_name(test)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with JsonLinesSink(path) as file:
            for record in records:
                file.take(record)
        return f"{path}\n{_told(path)}"
    except ReaderSetupError as error:
        return f"not kept: {error}: {error.remedy}"
    except OSError as error:
        return f"not kept: {error.strerror}"


def file_name(test: str) -> str:
    """Return the name of the file for a test; its number tells apart what reads alike."""
    readable = re.sub(r"[^\w.]+", "-", test.rpartition("::")[2]).strip("-")[:_NAME_MAX]
    return f"{readable}-{crc32(test.encode()):08x}{SUFFIX}"


def _told(path: Path) -> str:
    with path.open("rb") as stream:
        lines = [*decode_log(stream, masking=Masking.PERSONAL)]
    left_out = len(lines) - _LINES_MAX
    if left_out <= 0:
        return "\n".join(lines)
    return "\n".join((f"({left_out} lines before)", *lines[-_LINES_MAX:]))

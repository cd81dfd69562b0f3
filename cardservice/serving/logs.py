"""Logs: one JSON object a line, or a line for people; personal data in neither.

What this program says is written so that no person is in it. What libraries say is not ours: their
messages quote addresses, values and errors of others, so of theirs only the place in the code is
told, and of any error its type and where it was raised, never its words.
"""

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TextIO

import click
from typing_extensions import override

from cardservice.settings import Settings
from cardservice.web.request_log import request_id

OURS: Final = "cardservice"
FRAMES: Final = 12  # innermost places of an error that are told
_LOUD: Final = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")
# Of libraries' sayings these have nothing in them but the program's own state.
_HARMLESS: Final = frozenset(
    {
        "Started server process [%d]",
        "Finished server process [%d]",
        "Waiting for application startup.",
        "Application startup complete.",
        "Waiting for application shutdown.",
        "Application shutdown complete.",
        "Shutting down",
        "Waiting for connections to close. (CTRL+C to force quit)",
        "Waiting for background tasks to complete. (CTRL+C to force quit)",
        "Cancel %s running task(s), timeout graceful shutdown exceeded",
        "Invalid HTTP request received.",
        "Exception in ASGI application\n",
        "Unsupported upgrade request.",
    }
)
# Six digits are a number on a card, more are a person's; an id of ours may be of digits alone.
_NUMBER: Final = re.compile(
    r"(?P<id>\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)"
    r"|(?<![0-9A-Za-z])[0-9](?:[ .-]?[0-9]){5,}(?![0-9A-Za-z])"
)
_MASK: Final = "…"


class Formatter(logging.Formatter):
    """Makes a line of a record; JSON or for people."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    @override
    def format(self, record: logging.LogRecord) -> str:
        told = facts_of(record)
        if self._as_json:
            return json.dumps(told, ensure_ascii=False)
        at, level, name = told.pop("at"), told.pop("level"), told.pop("logger")
        return _on_one_line(f"{at} {level:7} {name}: {_said(told)}")


class Notes(logging.Handler):
    """Says what a person at the terminal should know, between what the command itself says."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)

    @override
    def emit(self, record: logging.LogRecord) -> None:
        told = facts_of(record)
        for known in ("at", "level", "logger", "request"):
            told.pop(known, None)
        # Wherever standard error is now: a live display puts itself in between.
        click.echo(_on_one_line(f"note: {_said(told)}"), err=True)


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return what is told of a record, ready for JSON."""
    at = datetime.fromtimestamp(record.created, UTC)
    told: dict[str, Any] = {
        "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": _event(record),
    }
    if request_id():
        told["request"] = request_id()
    if _is_ours(record):
        told |= getattr(record, "fields", {})
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        told |= {"error": type(error).__name__, "where": list(_frames(error.__traceback__))}
    return told


@contextmanager
def service_logs(settings: Settings, *, requests: bool = False) -> Iterator[None]:
    """Let a service log meanwhile; afterwards all loggers are as they were.

    With ``log_json`` everything is logged, as ``install_logs`` does. Without it a person is at
    the terminal, whom a line for each request would drown in lines: warnings and errors alone
    are told, as notes.

    Args:
        requests: log everything for a person too: the command has nothing else to show.
    """
    before = [(one, _state_of(one)) for one in map(logging.getLogger, ("", OURS, *_LOUD))]
    hook = threading.excepthook
    try:
        handler = install_logs(settings)
        if not (requests or settings.log_json):
            _tell_only_notes(handler)
        yield
    finally:
        logging.captureWarnings(False)  # noqa: FBT003
        threading.excepthook = hook
        for logger, (handlers, level, propagate, disabled) in before:
            logger.handlers[:], logger.propagate, logger.disabled = handlers, propagate, disabled
            logger.setLevel(level)


def install_logs(settings: Settings, *, out: TextIO | None = None) -> logging.Handler:
    """Let everything that is logged in this process go to ``out`` (stderr) as ``log_json`` says.

    A server is to be configured with ``log_config=None``, else it takes its loggers back.
    """
    handler = logging.StreamHandler(out or sys.stderr)
    handler.setFormatter(Formatter(as_json=settings.log_json))
    root = logging.getLogger()
    for one in list(root.handlers):
        root.removeHandler(one)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    ours = logging.getLogger(OURS)
    ours.handlers.clear()  # notes for people, else each warning is told twice
    ours.setLevel(logging.INFO)
    for name in _LOUD:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.INFO)
    # It writes a line for each request with its whole address; ours says what may be said.
    logging.getLogger("uvicorn.access").disabled = True
    logging.captureWarnings(True)  # noqa: FBT003
    # Else an error that ends a thread goes to standard error with all its words.
    threading.excepthook = _tell_of_thread
    return handler


def _tell_of_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None:
        logging.getLogger(OURS).error("a thread ended", exc_info=ended.exc_value)


def _tell_only_notes(handler: logging.Handler) -> None:
    root = logging.getLogger()
    root.removeHandler(handler)
    root.addHandler(Notes())
    for name in (OURS, *_LOUD):
        logging.getLogger(name).setLevel(logging.WARNING)


def _state_of(logger: logging.Logger) -> tuple[list[logging.Handler], int, bool, bool]:
    return logger.handlers[:], logger.level, logger.propagate, logger.disabled


def _said(told: dict[str, Any]) -> str:
    told.pop("where", None)  # as long as a page; whoever needs it logs JSON
    event = told.pop("event")
    return " ".join((event, *(f"{key}={value}" for key, value in told.items())))


def _on_one_line(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text.rstrip())


def _event(record: logging.LogRecord) -> str:
    if _is_ours(record):
        return _NUMBER.sub(lambda found: found["id"] or _MASK, record.getMessage())
    if isinstance(record.msg, str) and record.msg in _HARMLESS:
        return record.getMessage().strip()
    return f"{Path(record.pathname).stem}.{record.funcName}:{record.lineno}"


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name == OURS or record.name.startswith(f"{OURS}.")


def _frames(trace: TracebackType | None) -> Iterator[str]:
    for frame in traceback.extract_tb(trace)[-FRAMES:]:
        yield f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}"

"""Log lines: what they have, and what of libraries and errors they never have."""

import io
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from cardservice.serving.logs import Formatter, install_logs
from cardservice.settings import load_settings

NUMBER = "0054910834000015"
LOGGERS = ("", "cardservice", "uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")


@contextmanager
def logs_kept(*, as_json: bool = True) -> Iterator[io.StringIO]:
    """Install the logs into a text, and put everything back afterwards."""
    before = {
        name: (one.handlers[:], one.level, one.propagate, one.disabled)
        for name, one in ((name, logging.getLogger(name)) for name in LOGGERS)
    }
    out, hook = io.StringIO(), threading.excepthook
    install_logs(load_settings(log_json=as_json), out=out)
    try:
        yield out
    finally:
        logging.captureWarnings(capture=False)
        threading.excepthook = hook
        for name, (handlers, level, propagate, disabled) in before.items():
            logger = logging.getLogger(name)
            logger.handlers[:], logger.propagate, logger.disabled = handlers, propagate, disabled
            logger.setLevel(level)


def said(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def failing(value: str) -> None:
    raise ValueError(f"cannot store {value}")


def test_a_line_is_one_object_with_time_level_logger_and_event() -> None:
    with logs_kept() as out:
        logging.getLogger("cardservice.timers").warning("a timer\ndid not %s", "end")
    (line,) = said(out)
    assert line["event"] == "a timer\ndid not end"
    assert (line["level"], line["logger"]) == ("warning", "cardservice.timers")
    assert line["at"].endswith("Z")
    assert out.getvalue().count("\n") == 1


def test_a_line_for_people_has_the_same_without_braces() -> None:
    with logs_kept(as_json=False) as out:
        logging.getLogger("cardservice.request").info(
            "request", extra={"fields": {"route": "show_one", "status": 200}}
        )
    assert out.getvalue().endswith("cardservice.request: request route=show_one status=200\n")


@pytest.mark.parametrize("as_json", [True, False])
def test_an_error_is_told_by_its_type_and_place_never_by_its_words(as_json: bool) -> None:
    with logs_kept(as_json=as_json) as out:
        try:
            failing(NUMBER)
        except ValueError:
            logging.getLogger("cardservice.web").exception("failed")
    text = out.getvalue()
    assert "ValueError" in text
    assert NUMBER not in text
    assert "cannot store" not in text
    assert ("test_logs.failing" in text) is as_json


@pytest.mark.parametrize(
    ("logger", "message", "arguments"),
    [
        ("uvicorn.error", '%s - "WebSocket %s" [accepted]', ("10.0.0.1", f"/people/{NUMBER}")),
        ("httpx", "HTTP Request: %s %s", ("GET", f"https://host/?enp={NUMBER}")),
        ("asyncio", f"Task exception was never retrieved\nfuture: ValueError('{NUMBER}')", ()),
        ("sqlalchemy.engine", f"INSERT INTO persons {NUMBER}", ()),
        ("cardservices.other", NUMBER, ()),
    ],
)
def test_of_what_a_library_says_only_the_place_is_told(
    logger: str, message: str, arguments: tuple[str, ...]
) -> None:
    with logs_kept() as out:
        logging.getLogger(logger).warning(message, *arguments)
    (line,) = said(out)
    assert NUMBER not in out.getvalue()
    assert line["event"].startswith("test_logs.test_of_what_a_library_says")


def test_a_library_cannot_bring_fields_along() -> None:
    with logs_kept() as out:
        logging.getLogger("uvicorn.error").warning("x", extra={"fields": {"enp": NUMBER}})
    assert NUMBER not in out.getvalue()


def test_the_servers_own_state_is_told_in_words() -> None:
    with logs_kept() as out:
        logging.getLogger("uvicorn.error").info("Started server process [%d]", 123456)
    assert said(out)[0]["event"] == "Started server process [123456]"


def test_the_servers_line_of_each_address_is_not_written() -> None:
    with logs_kept() as out:
        logging.getLogger("uvicorn.access").info('%s - "%s %s"', "10.0.0.1", "GET", NUMBER)
    assert out.getvalue() == ""


@pytest.mark.parametrize(
    "number", [NUMBER, "112-233-445 95", "11223344595", "123456", "+7 900 000-00-00"]
)
def test_a_number_in_our_own_words_is_masked_all_the_same(number: str) -> None:
    with logs_kept() as out:
        logging.getLogger("cardservice.web").info("found %s there", number)
    assert number.lstrip("+7 ") not in out.getvalue()
    assert said(out)[0]["event"].startswith("found ")


@pytest.mark.parametrize("kept", ["01900000-0000-7000-8000-000000000001", "12 of 500", "8 ms"])
def test_ids_and_small_numbers_stay(kept: str) -> None:
    with logs_kept() as out:
        logging.getLogger("cardservice.web").info("found %s there", kept)
    assert said(out)[0]["event"] == f"found {kept} there"


def test_a_line_cannot_be_forged_by_a_line_break() -> None:
    record = logging.LogRecord("cardservice", 20, "x.py", 1, 'a\n{"at": "b"}', None, None)
    assert "\n" not in Formatter(as_json=True).format(record)
    assert "\n" not in Formatter(as_json=False).format(record)

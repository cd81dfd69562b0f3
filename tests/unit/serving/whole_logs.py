"""All that is logged, by everybody and in both forms, and whose names must not be in it."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import cycle
from threading import Thread
from typing import Any
from urllib.parse import quote, unquote

import httpx
import uvicorn
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from cardservice.channel.pace_password import CAN_LEN
from cardservice.serving.logs import Formatter
from cardservice.storage.engine import Database
from cardservice.web.serve import bind
from tests.unit.serving.test_logs import logs_kept

STOP_WITHIN_S = 10.0
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_PERSONS = "SELECT surname, given_name, patronymic, snils, phone, email FROM persons"


@dataclass(frozen=True)
class People:
    """Whom a log must not name: by names, and by numbers of all kinds."""

    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    def __or__(self, others: "People") -> "People":
        return People(self.names | others.names, self.numbers | others.numbers)

    def found_in(self, text: str) -> list[str]:
        """Return those of their names and numbers that stand in a text, also as addresses do."""
        folded = unquote(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)).casefold()
        return [one for one in (*self.names, *self.numbers) if _stands_in(one.casefold(), folded)]


@dataclass(frozen=True)
class Day:
    """What was logged on a day, whom it must not name, and how much was asked."""

    logged: str
    metrics: str
    people: People
    asked: int

    def naming_somebody(self) -> "Day":
        """Return the same day with one name in its log."""
        return replace(self, logged=f"{self.logged}\n{next(iter(self.people.names))}")

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Its lines for programs."""
        return [json.loads(one) for one in self.logged.splitlines() if one.startswith("{")]

    @property
    def answered(self) -> set[tuple[str, int]]:
        """Routes with the status of each of their answers."""
        return {(one["route"], one["status"]) for one in self.lines if "route" in one}


def _stands_in(one: str, text: str) -> bool:
    # Six digits are soon met by chance within a drawn id, or behind the point of a duration.
    if len(one) == CAN_LEN and one.isdigit():
        return re.search(rf"(?<![0-9a-f.]){one}(?![0-9a-f])", text) is not None
    return one in text


def people_in(database: Database) -> People:
    """Return everybody in the tables: names, numbers of people, policies and cards."""
    names: set[str] = set()
    numbers: set[str] = set()
    with database.connected(writing=False) as connection:
        for *named, snils, phone, email in connection.exec_driver_sql(_PERSONS):
            names |= {one for one in named if one}
            numbers |= {one for one in (snils, phone, email) if one}
        for (enp,) in connection.exec_driver_sql("SELECT enp FROM policies"):
            numbers.add(enp)
        for (number,) in connection.exec_driver_sql("SELECT number FROM cards"):
            numbers.add(f"{number:012x}")
    bare = {one.replace("-", "").replace(" ", "") for one in numbers if one[0].isdigit()}
    return People(frozenset(names), frozenset(numbers | bare))


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """Let every logger there is say all it has to say, for programs and for people."""
    with logs_kept() as out:
        root, ours = logging.getLogger(), logging.getLogger("cardservice")
        root.setLevel(logging.DEBUG)
        ours.setLevel(logging.DEBUG)
        readable = logging.StreamHandler(out)
        readable.setFormatter(Formatter(as_json=False))
        root.addHandler(readable)
        yield out


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Serve ``app`` as the service does, its logs ours; the address."""
    config = uvicorn.Config(app, log_config=None, log_level="debug", access_log=True)
    server, listener = uvicorn.Server(config), bind("127.0.0.1", 0)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(STOP_WITHIN_S)
        listener.close()


def failing_too(app: FastAPI) -> FastAPI:
    """Add a route that fails with what it was asked for in its error's words."""

    @app.get("/{whom}/fails")
    def fail(whom: str) -> None:
        raise ValueError(f"nothing under {whom}")

    return app


def raising_about(*whom: str, kind: type[Exception] = ValueError) -> Callable[..., Any]:
    """Return what fails whenever it is called, naming people in its error's words."""

    def fail(*_: Any, **__: Any) -> Any:
        raise kind(f"no room for {' '.join(whom)}")

    return fail


def wrong_bodies(whom: str, number: str) -> list[dict[str, Any]]:
    """Return requests' contents that no route takes, each with a name and a number in it."""
    named = {"surname": whom, "enp": number, whom: number}
    return [
        {"json": named},
        {"json": [whom, number]},
        {"json": dict.fromkeys(("code", "files", "statement", "presentations", "atr"), number)},
        {"content": f'{{"enp": "{number}", "{whom}'.encode()},
        {"content": whom.encode("cp1251"), "headers": {"content-type": "application/json"}},
        {"data": named},
        {"data": {"identifier": number, "client_assertion": whom}},
        {"files": {whom: (f"{number}.csv", whom.encode(), "text/csv")}},
    ]


def asks_wrongly(line: httpx.Client, app: FastAPI, whom: str, number: str) -> int:
    """Send each route that takes a body one it does not take; return how many were asked."""
    contents = cycle(wrong_bodies(whom, number))
    asked = 0
    for route in iter_route_contexts(app.routes):
        path = re.sub(r"{[^}]*}", quote(number), str(route.path))
        for method in sorted({"POST", "PUT", "DELETE"} & (route.methods or set())):
            line.request(method, path, params={"surname": whom}, **next(contents))
            asked += 1
    return asked

"""Dependencies that are called where the request is."""

import threading
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, HTTPException, Request

from cardservice.web.at_once import at_once
from tests.unit.accounts.browser import Browser

_asked: list[str] = []


def _look(request: Request, number: int = 7) -> int:
    _asked.append(threading.current_thread().name)
    if request.headers.get("x-refuse"):
        raise HTTPException(418)
    return number


def _app() -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def tell(
        one: Annotated[int, Depends(at_once(_look))], two: Annotated[int, Depends(at_once(_look))]
    ) -> list[int]:
        return [one, two]

    return app


@pytest.fixture(autouse=True)
def forget() -> None:
    _asked.clear()


def test_it_is_asked_once_for_a_request_and_in_the_request_s_own_thread() -> None:
    assert Browser(_app()).get("/?number=3").json() == [3, 3]
    assert _asked == [threading.current_thread().name]


def test_what_it_is_given_is_checked_as_that_of_any_dependency() -> None:
    assert Browser(_app()).get("/?number=three").status_code == 422
    assert _asked == []


def test_its_refusal_is_the_answer() -> None:
    assert Browser(_app()).get("/", **{"x-refuse": "yes"}).status_code == 418

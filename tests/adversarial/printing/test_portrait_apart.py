"""The process that decodes strangers' pictures: led astray, ended, or taken over."""

import base64
import json
import subprocess
import sys
from typing import Any

import pytest
from pytest_mock import MockerFixture

from cardservice.errors import Refusal
from cardservice.papers.portrait_fitting import PortraitBounds, fit_portrait
from cardservice.printing import portrait_apart
from cardservice.printing.portrait_apart import MOST_OCTETS, fit_portrait_apart
from tests.unit.papers.portraits import portrait_of, written

BOUNDS = PortraitBounds(width=162, height=207, octets=6_000)
SENT = written(portrait_of(600, 800))


def _code(octets: bytes = SENT) -> str:
    with pytest.raises(Refusal) as caught:
        fit_portrait_apart(octets, BOUNDS)
    assert caught.value.field == "photo"
    return caught.value.code


def test_the_photo_is_the_same_as_without_a_process() -> None:
    assert fit_portrait_apart(SENT, BOUNDS) == fit_portrait(SENT, BOUNDS)


def test_a_refusal_comes_through() -> None:
    assert _code(b"GIF89a") == "photo-kind"
    assert _code(SENT[:200]) == "photo-unreadable"


def test_a_file_too_large_starts_no_process(mocker: MockerFixture) -> None:
    started = mocker.patch.object(subprocess, "run")
    assert _code(bytes(MOST_OCTETS + 1)) == "photo-too-large"
    started.assert_not_called()


def test_a_process_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portrait_apart, "WALL_S", 0.001)
    assert _code() == "photo-unreadable"


def test_the_process_gets_no_environment_and_trusts_no_folder(mocker: MockerFixture) -> None:
    started = mocker.spy(subprocess, "run")
    fit_portrait_apart(SENT, BOUNDS)
    (call,) = started.call_args_list
    assert call.kwargs["env"] == {}
    assert call.args[0][:4] == (sys.executable, "-I", "-B", "-m")


def _answer(photo: Any, refused: Any = None) -> bytes:
    return json.dumps({"photo": photo, "refused": refused}).encode()


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"not JSON",
        b"[]",
        b"{}",
        b"null",
        b"[" * 100_000,
        _answer(None),
        _answer([1]),
        _answer([9, _base64(b"\xff\xd8\xff")]),
        _answer([1, "%%%"]),
        _answer([1, 7]),
        _answer([1, _base64(b"GIF89a")]),
        _answer([2, _base64(b"\xff\xd8\xff")]),
        _answer([1, _base64(b"\xff\xd8\xff" + bytes(6_000))]),
        _answer([1, _base64(b"\xff\xd8\xff" + bytes(30_000))]),
        _answer(None, "refused"),
        _answer(None, ["one"]),
    ],
)
def test_what_a_process_that_was_taken_over_says_is_no_photo(
    said: bytes, mocker: MockerFixture
) -> None:
    mocker.patch.object(subprocess, "run").return_value.stdout = said
    assert _code() == "photo-unreadable"

"""Secrets in files: one line, for the service's user alone."""

import os
from pathlib import Path

import pytest

from cardservice.errors import UsageError
from cardservice.home.office_secrets import LONGEST, read_optional, read_secret

SECRET = "correct horse"  # noqa: S105


def written(folder: Path, octets: bytes, mode: int = 0o600) -> Path:
    path = folder / "secret"
    path.write_bytes(octets)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_is_read_without_its_line_end(tmp_path: Path, end: str) -> None:
    assert read_secret(written(tmp_path, (SECRET + end).encode()), named="it") == SECRET


def test_no_file_is_no_secret() -> None:
    assert read_optional(None, named="it") is None


@pytest.mark.parametrize("octets", [b"", b"\n", b"two\nlines", b"\xff\xfe", b"x" * (LONGEST + 1)])
def test_what_is_no_line_of_text_is_refused_by_the_name_of_its_setting(
    tmp_path: Path, octets: bytes
) -> None:
    with pytest.raises(UsageError, match="setting token") as refused:
        read_secret(written(tmp_path, octets), named="setting token")
    assert "two" not in str(refused.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_that_others_may_open_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(UsageError, match="others may read"):
        read_secret(written(tmp_path, SECRET.encode(), mode), named="it")


def test_what_is_not_there_or_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for name in ("missing", "pipe"):
        with pytest.raises(UsageError):
            read_secret(tmp_path / name, named="it")

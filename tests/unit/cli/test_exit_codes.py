"""Every error is one line and one exit status, from one table."""

import errno
from pathlib import Path

import pytest

from cardservice.cli.exit_codes import Exit, exit_for, line_for, reports_errors
from cardservice.errors import (
    AuthenticationError,
    CardRemovedError,
    CardServiceError,
    MalformedDataError,
    ReaderUnavailableError,
    Refusal,
    SourceUnavailableError,
    StatusError,
    TimeBudgetError,
    UsageError,
)
from cardservice.pki.keys import KeyStoreError

ERRORS = [
    (UsageError("wrong"), Exit.USAGE),
    (MalformedDataError("cut short"), Exit.CARD),
    (AuthenticationError("not the card"), Exit.CARD),
    (StatusError(0x6A82, "no such file"), Exit.CARD),
    (CardRemovedError("gone"), Exit.READER),
    (TimeBudgetError("slow"), Exit.READER),
    (ReaderUnavailableError("none", remedy="plug one in"), Exit.READER),
    (SourceUnavailableError("registry-late", "no answer"), Exit.READER),
    (KeyStoreError("no key", remedy="make one"), Exit.HOME),
    (Refusal("no", "No."), Exit.HOME),
    (FileNotFoundError(errno.ENOENT, "No such file", "a/file"), Exit.HOME),
    (CardServiceError("something else"), Exit.NOT_ALL_GOOD),
]


@pytest.mark.parametrize(("error", "status"), ERRORS)
def test_an_error_ends_a_command_with_its_status_and_one_line(
    error: CardServiceError | OSError, status: Exit, capsys: pytest.CaptureFixture[str]
) -> None:
    @reports_errors
    def command() -> None:
        raise error

    with pytest.raises(SystemExit) as ended:
        command()
    printed = capsys.readouterr()
    assert ended.value.code == exit_for(error) == status
    assert printed.err == f"cardservice: {line_for(error)}\n"
    assert printed.out == ""


def test_a_message_of_several_lines_becomes_one() -> None:
    assert line_for(UsageError("one\n  two")) == "one two"


def test_a_file_that_cannot_be_used_is_named() -> None:
    error = PermissionError(errno.EACCES, "Permission denied", "some/file")
    assert line_for(error) == "some/file: Permission denied"


def test_a_reader_of_our_output_that_has_enough_is_left_to_click() -> None:
    @reports_errors
    def command() -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    with pytest.raises(BrokenPipeError):
        command()


def test_a_command_that_succeeds_returns_what_it_returns(tmp_path: Path) -> None:
    assert reports_errors(lambda: tmp_path)() == tmp_path

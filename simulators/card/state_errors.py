"""What is wrong with a state file, in one line that says how to mend it."""

from typing_extensions import override


class StateFileError(Exception):
    """The state file cannot be used. The one-line message says what is wrong and what to do.

    Attributes:
        problem: what is wrong, beginning with the file's name.
        remedy: what to do about it.
    """

    def __init__(self, problem: str, *, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy

    @override
    def __str__(self) -> str:
        return f"{self.problem}: {self.remedy}"


class StateFileNotWrittenError(StateFileError, OSError):
    """The file system refused; what was there stays. It is an OSError as well, with its words."""

    def __init__(self, problem: str, *, remedy: str, error: OSError) -> None:
        super().__init__(problem, remedy=remedy)
        self.errno = error.errno
        self.strerror = error.strerror

"""What goes wrong with a trace; every one is a line for the person who asked."""

from simulators.reader.errors import ReaderSetupError


class TraceError(ReaderSetupError):
    """The trace cannot be written, read or replayed; ``remedy`` says how to mend it."""


class ConversationDiffersError(Exception):
    """The terminal's command is not the one that was recorded; the message names it."""

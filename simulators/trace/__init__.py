"""Traces: conversations with cards written down, with personal data masked, and played again."""

from simulators.trace.errors import ConversationDiffersError, TraceError
from simulators.trace.file import Trace, read_traces, traces_of
from simulators.trace.log import decode_log
from simulators.trace.recording import Recording
from simulators.trace.records import Entry, Header, Kind, Masking, Record
from simulators.trace.replay_card import ReplayCard
from simulators.trace.replaying import Difference, Outcome, replay, replay_on_image
from simulators.trace.sealing import TraceEntropy
from simulators.trace.sink import JsonLinesSink, ListSink, TraceSink
from simulators.trace.traced_card import TracedCard, traced

__all__ = [
    "ConversationDiffersError",
    "Difference",
    "Entry",
    "Header",
    "JsonLinesSink",
    "Kind",
    "ListSink",
    "Masking",
    "Outcome",
    "Record",
    "Recording",
    "ReplayCard",
    "Trace",
    "TraceEntropy",
    "TraceError",
    "TraceSink",
    "TracedCard",
    "decode_log",
    "read_traces",
    "replay",
    "replay_on_image",
    "traced",
    "traces_of",
]

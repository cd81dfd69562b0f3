"""What clinic systems are told: the readers, and the verdict on a card; one shape everywhere."""

import json
from typing import Any, Final

from cardservice.texts.languages import Language
from cardservice.web.desk.state import DeskState, Phase, ReaderState
from cardservice.web.desk.views import key_of
from cardservice.web.local.desk import LocalDesk
from cardservice.web.verdicts import verdict_document

Document = dict[str, Any]
STATE: Final = "state"
VERDICT: Final = "verdict"
HEARTBEAT: Final = "heartbeat"


def reader_document(state: ReaderState) -> Document:
    """Return one reader as it is, without anything of the person."""
    return {
        "key": key_of(state.reader),
        "name": state.reader,
        "phase": state.phase.value,
        "presentation": state.presentation,
        "lifted": state.lifted,
        "interrupted": state.interrupted,
        "asks_for_number": state.asks_for_number,
        "bearer": None if state.clerk.bearer is None else state.clerk.bearer.value,
    }


def state_document(local: LocalDesk, desk: DeskState) -> Document:
    """Return all readers; ``trouble`` says why none can be reached."""
    trouble = desk.trouble
    said = None if trouble is None else {"message": trouble.message, "remedy": trouble.remedy}
    return {
        "instance": local.instance,
        "version": desk.version,
        "readers": [reader_document(one) for one in desk.readers],
        "trouble": said,
    }


def reader_verdict(
    local: LocalDesk, version: int, state: ReaderState, language: Language
) -> Document:
    """Return one reader with the verdict on its card; null until there is one."""
    result = state.examination if state.phase is Phase.JUDGED else None
    verdict = None if result is None else verdict_document(result, language=language, holder=True)
    return {
        "instance": local.instance,
        "version": version,
        "reader": reader_document(state),
        "verdict": verdict,
    }


class LocalMessages:
    """What one stream is told: first everything that is here, then what changed."""

    def __init__(self, local: LocalDesk, language: Language) -> None:
        self._local = local
        self._language = language
        self._told: dict[str, ReaderState] = {}
        self._state: Document | None = None

    def heartbeat(self) -> str:
        """Return the message that says no more than that the desk is there."""
        return _text({"type": HEARTBEAT, "instance": self._local.instance})

    def messages(self, desk: DeskState) -> list[str]:
        """Return what brings the stream to ``desk``: the readers, then the new verdicts."""
        told, self._told = self._told, {one.reader: one for one in desk.readers}
        state = state_document(self._local, desk)
        compared = {**state, "version": 0}
        found = [] if compared == self._state else [{"type": STATE, **state}]
        self._state = compared
        found += [
            {"type": VERDICT, **reader_verdict(self._local, desk.version, one, self._language)}
            for one in desk.readers
            if one.phase is Phase.JUDGED and _is_news(one, told.get(one.reader))
        ]
        return [_text(one) for one in found]


def _is_news(state: ReaderState, told: ReaderState | None) -> bool:
    return (
        told is None
        or told.presentation != state.presentation
        or told.examination is not state.examination
    )


def _text(message: Document) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))

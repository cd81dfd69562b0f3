"""A station whose keys are with a central service: it relays, and has reader, journal and printers.

The central makes the card; what it asks of the card goes through here octet by octet, and what it
asks of the journal is answered for this one making only. This side ends a conversation that is not
in order, and after that does nothing more with the card.
"""

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from time import monotonic
from typing import Final

from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

from cardservice.errors import (
    CardRemovedError,
    CardServiceError,
    LinkError,
    MalformedDataError,
    Refusal,
    TimeBudgetError,
)
from cardservice.home.station_central_terms import CentralTerms, open_socket
from cardservice.personalization.central import (
    LONGEST_MESSAGE,
    MOST_STEPS,
    Answer,
    Answered,
    Ask,
    Begin,
    Exchange,
    Failed,
    Made,
    Message,
    Question,
    Reset,
    Said,
    WasReset,
)
from cardservice.personalization.central_coding import decode, encode, made_in
from cardservice.personalization.central_errors import error_of, failed, late, unreachable, wrong
from cardservice.personalization.central_share import MakingShare
from cardservice.personalization.journal import Intent
from cardservice.personalization.journal_calls import LaneJournal
from cardservice.personalization.order import CardOrder, PreparedOrder
from cardservice.personalization.station import MadeCard
from cardservice.verify.ports import PresentedCard

_UNAUTHORISED: Final = 401
_BUSY: Final = 503
_LAST: Final = (CardRemovedError, TimeBudgetError)
"""After these no command goes to the card: it is not the one that was begun, or is too slow."""

# The library writes whole messages into its log when somebody asks for everything; in them are
# PIN and PUK. So its level is set here, whatever that of all others is.
_SILENT: Final = logging.getLogger("cardservice.central.wire")
_SILENT.setLevel(logging.CRITICAL)


class CentralStation:
    """Makes cards as ``Station`` does, with keys that are elsewhere.

    Args:
        url: of the central, ``https://…``; plain http on this machine alone.
        token: the station's bearer token.
        journal: the station's, or the lane's way to it.
        terms: times and TLS, when they are to be others than usual.

    Raises:
        UsageError: the address or the token cannot be used; neither is repeated.
    """

    def __init__(
        self, url: str, token: str, *, journal: LaneJournal, terms: CentralTerms | None = None
    ) -> None:
        self._terms = terms or CentralTerms(url=url, token=token)
        self._journal = journal

    def make(
        self,
        card: PresentedCard,
        order: CardOrder | PreparedOrder,
        *,
        order_id: str | None = None,
        lane: int = 1,
    ) -> MadeCard:
        """Return the card, made by the central; arguments and errors as ``Station.make``.

        Raises:
            SourceUnavailableError: ``central-unreachable``, ``central-late``, ``central-wrong``:
                put the card back and call again with the same order.
        """
        plain = order.order if isinstance(order, PreparedOrder) else order
        number = plain.card_number
        # As ``Station`` names an order that has none.
        intent = Intent(order=order_id or f"card-{number:012x}", lane=lane, number=number)
        begin = Begin(order=plain, order_id=order_id, lane=lane, atr=card.atr)
        with self._connected() as connection, closing(MakingShare(self._journal, intent)) as share:
            line = _Line(connection, self._terms)
            line.send(begin, 0)
            return _Relay(line, card, share).run(plain)

    @contextmanager
    def _connected(self) -> Iterator[ClientConnection]:
        try:
            connection = _connect(self._terms)
        except InvalidStatus as error:
            raise _refused(error.response.status_code) from None
        except TimeoutError:
            raise late("The central service does not answer.") from None
        except (WebSocketException, ValueError):
            raise wrong("does not speak as one does") from None
        except OSError:
            raise unreachable() from None
        with connection:
            yield connection


def _connect(terms: CentralTerms) -> ClientConnection:
    return connect(
        terms.address,
        sock=open_socket(terms),
        ssl=terms.tls if terms.is_secure else None,
        server_hostname=terms.host if terms.is_secure else None,
        compression=None,  # a length must not tell what is in a message
        additional_headers={"Authorization": f"Bearer {terms.token}"},
        proxy=None,
        open_timeout=terms.connect_s,
        close_timeout=terms.close_s,
        max_size=LONGEST_MESSAGE,
        logger=_SILENT,
    )


class _Line:
    """Messages over a connection, within their bounds."""

    def __init__(self, connection: ClientConnection, terms: CentralTerms) -> None:
        self._connection = connection
        self._late_s = terms.late_s
        self._until = monotonic() + terms.whole_s

    def send(self, message: Message, step: int) -> None:
        """Say something; Raises: SourceUnavailableError."""
        try:
            self._connection.send(encode(message, step))
        except ConnectionClosed as closed:
            raise _lost(closed) from None

    def receive(self, step: int) -> Message:
        """Return the message of that step; Raises: SourceUnavailableError."""
        within_s = min(self._late_s, self._until - monotonic())
        try:
            octets = self._connection.recv(timeout=max(0.0, within_s))
        except TimeoutError:
            raise late("The central service did not answer in time.") from None
        except ConnectionClosed as closed:
            raise _lost(closed) from None
        if isinstance(octets, str):
            raise wrong("does not speak as one does")
        try:
            return decode(octets, step)
        except (MalformedDataError, Refusal):
            raise wrong("says what no central may say") from None


class _Relay:
    """One making: what the central asks is done, in turn, until the end."""

    def __init__(self, line: _Line, card: PresentedCard, share: MakingShare) -> None:
        self._line = line
        self._card = card
        self._share = share
        self._fault: CardServiceError | None = None

    def run(self, order: CardOrder) -> MadeCard:
        """Return the made card; raises as ``CentralStation.make``."""
        try:
            return self._run(order)
        except CardServiceError:
            # What happened here is known here; nobody has to tell us what it was.
            if self._fault is not None:
                raise self._fault from None
            raise

    def _run(self, order: CardOrder) -> MadeCard:
        for step in range(MOST_STEPS):
            message = self._line.receive(step)
            match message:
                case Made():
                    return self._made(message, order)
                case Failed():
                    raise error_of(message)
                case Exchange() | Reset() | Ask():
                    self._line.send(self._answer(message), step)
                case _:
                    raise wrong("says what only a station says")
        raise wrong("asks without end")

    def _made(self, end: Made, order: CardOrder) -> MadeCard:
        if self._fault is not None:
            raise wrong("made a card that was not there any more")
        return self._share.require_made(made_in(end, order))

    def _answer(self, question: Question) -> Answer:
        if isinstance(question, Ask):
            return self._ask(question)
        if self._fault is not None:
            raise wrong("goes on with a card after it may not be gone on with")
        try:
            if isinstance(question, Reset):
                return WasReset(self._card.reset())
            return Answered(self._card.exchange(question.command))
        except LinkError as error:
            self._fault = error if isinstance(error, _LAST) else None
            return failed(error)

    def _ask(self, question: Ask) -> Answer:
        if self._fault is not None and question.name != "let_go":
            raise wrong("goes on with a making after it may not be gone on with")
        try:
            return Said(question.name, self._share.answer(question.name, question.arguments))
        except Refusal as refusal:
            self._fault = refusal
            return failed(refusal)


def _refused(status: int) -> CardServiceError:
    if status == _UNAUTHORISED:
        return wrong("does not know this station's token")
    if status == _BUSY:
        return late("The central service has too much to do.")
    return wrong("has no such way in")


def _lost(closed: ConnectionClosed) -> CardServiceError:
    """Return what a connection's end means: cut, or ended by us because of what came."""
    return wrong("says more than it may") if closed.sent and not closed.rcvd else unreachable()

"""The terminal's side of a case: a link, the session there is, and a record of what was said."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from cardservice.apdu.command import CommandAPDU
from cardservice.apdu.response import ResponseAPDU
from cardservice.apdu.status import more_available, right_ne
from cardservice.channel.chip_authentication import ProvedChip
from cardservice.channel.flow import Flow, Protection
from cardservice.channel.pace import PaceSession
from cardservice.conformance.known import Known
from cardservice.conformance.recording import Exchange, masked_answer, masked_command
from cardservice.conformance.terms import CaseFailedError, Interface, Stage
from cardservice.errors import AuthenticationError, CardServiceError, MalformedDataError, PeerError
from cardservice.transport.link import CardLink

T = TypeVar("T")


@dataclass(slots=True)
class Terminal:
    """One case's conversation with the card.

    Attributes:
        known: secrets and keys of the card.
        interface: how the card is presented.
        stage: how far the card's life has come.
        protection: the session that ``send`` uses; None: plain.
        pace, chip: what ran in this conversation, for what builds on it.
    """

    link: CardLink
    known: Known
    interface: Interface
    stage: Stage
    record: Callable[[Exchange], None] = field(repr=False)
    protection: Protection | None = None
    pace: PaceSession | None = None
    chip: ProvedChip | None = None

    @property
    def is_guarded(self) -> bool:
        """True when this presentation needs a right to be read (card.md 5)."""
        return self.known.is_guarded(self.interface)

    def reset(self) -> None:
        """Reset the card: what a loss of power is to it. Every session is gone."""
        self.forget()
        atr = self.link.reset()
        self.record(Exchange("(reset)", atr.hex().upper()))

    def forget(self) -> None:
        """Go on without a session, whatever the card thinks."""
        self.protection = self.pace = self.chip = None

    def exchange(self, octets: bytes) -> ResponseAPDU:
        """Send ``octets`` as they stand; return what came.

        Raises:
            CaseFailedError: an answer without a status word, or 61XX or 6CXX.
            LinkError: no answer.
        """
        try:
            answer = self.link.exchange(octets)
        except CardServiceError:
            self.record(Exchange(masked_command(octets), "(no answer)"))
            raise
        self.record(Exchange(masked_command(octets), masked_answer(octets, answer)))
        return _checked(answer)

    def send(self, command: CommandAPDU) -> ResponseAPDU:
        """Send ``command`` under the session there is; return the plain response.

        Raises:
            CaseFailedError: the answer is not protected as the session demands.
        """
        protection = self.protection
        if protection is None:
            return self.exchange(command.encode())
        wrapped = protection.wrap(command)
        try:
            response = protection.unwrap(self.exchange(wrapped.encode()))
        except AuthenticationError as error:
            raise CaseFailedError(f"the protected answer is not right: {error}") from error
        self._note_inside(command, response)
        return response

    def run(self, flow: Flow[T]) -> T:
        """Run a flow under the session there is; return its result.

        Raises:
            CaseFailedError: the card refused or broke the protocol; the message says where.
        """
        return self._drive(flow, self.send)

    def run_plain(self, flow: Flow[T]) -> T:
        """Run a flow that protects itself; otherwise as ``run``."""
        return self._drive(flow, lambda command: self.exchange(command.encode()))

    def expect(self, command: CommandAPDU, *words: int) -> bytes:
        """Return the data of the answer to ``command``, whose status word is one of ``words``.

        Raises:
            CaseFailedError: another status word.
        """
        response = self.send(command)
        require_sw(response, *words, doing=f"INS {command.ins:02X}")
        return response.data

    def _drive(self, flow: Flow[T], send: Callable[[CommandAPDU], ResponseAPDU]) -> T:
        # Not flow.drive: it would fetch after 61XX, which this card never answers.
        try:
            command = next(flow)
            while True:
                command = flow.send(send(command))
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]
        except PeerError as error:
            raise CaseFailedError(str(error)) from error
        finally:
            flow.close()

    def _note_inside(self, command: CommandAPDU, response: ResponseAPDU) -> None:
        header, data = command.header.hex().upper(), len(command.data)
        text = f"{header}, {data} octets → {len(response.data)} octets, {response.sw:04X}"
        self.record(Exchange("", "", inside=text))


def require_sw(response: ResponseAPDU, *words: int, doing: str) -> None:
    """Raise CaseFailedError unless the status word is one of ``words``."""
    if response.sw not in words:
        wanted = " or ".join(f"{word:04X}" for word in words)
        raise CaseFailedError(f"{doing}: expected {wanted}, answered {response.sw:04X}")


def require(held: object, otherwise: str) -> None:
    """Raise CaseFailedError with the sentence ``otherwise`` unless ``held``."""
    if not held:
        raise CaseFailedError(otherwise)


def _checked(answer: bytes) -> ResponseAPDU:
    try:
        response = ResponseAPDU.parse(answer)
    except MalformedDataError as error:
        raise CaseFailedError(str(error)) from error
    if more_available(response.sw) is not None or right_ne(response.sw) is not None:
        raise CaseFailedError(f"card.md §7: the card never answers {response.sw:04X}")
    return response

"""Whole frames over a TCP connection, acknowledged at once so that the driver need not wait."""

import socket
import struct
from typing import Final, Protocol

from simulators.reader.frames import FrameBuffer, encode_frame

FRAME_TIMEOUT_S: Final = 5  # the driver writes a frame at once; one that stalls never ends
FRAME_TIMEOUT: Final = struct.pack("ll", FRAME_TIMEOUT_S, 0)  # a C timeval
PIECE_OCTETS: Final = 4096
TCP_QUICKACK: Final = getattr(socket, "TCP_QUICKACK", None)


class Connection(Protocol):
    """The part of a TCP socket that frames need."""

    def settimeout(self, value: float | None, /) -> None:
        """Limit the wait for every call, or with None do not."""
        ...

    def setsockopt(self, level: int, option: int, value: int | bytes, /) -> None:
        """Set an option."""
        ...

    def recv(self, count: int, /) -> bytes:
        """Return what has arrived, 1 to ``count`` octets; none at the end."""
        ...

    def sendall(self, octets: bytes, /) -> None:
        """Send every octet."""
        ...


class Channel:
    """Whole frames over a TCP connection."""

    def __init__(self, connection: Connection, *, low_latency: bool) -> None:
        self._connection = connection
        self._buffer = FrameBuffer()
        self._quickack = TCP_QUICKACK if low_latency else None
        self.has_spoken = False
        # The kernel's own time limit: the one of Python's sockets costs a system call a receipt.
        connection.settimeout(None)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, FRAME_TIMEOUT)
        if low_latency:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def receive(self) -> bytes:
        """Return the next frame's body.

        Raises:
            OSError: the connection ended, or a frame began and did not end in time.
        """
        while (body := self._buffer.take()) is None:
            self._buffer.feed(self._next_piece())
        self.has_spoken = True
        return body

    def send(self, body: bytes) -> None:
        """Send ``body`` in a frame.

        Raises:
            OSError: the connection ended.
            FrameTooLongError: the body is longer than 65,535 octets.
        """
        self._connection.sendall(encode_frame(body))

    def _next_piece(self) -> bytes:
        while True:
            # The driver sends length and body apart and waits for the first to be acknowledged;
            # the kernel forgets the option, so it is set before each receipt.
            if self._quickack is not None:
                self._connection.setsockopt(socket.IPPROTO_TCP, self._quickack, 1)
            try:
                piece = self._connection.recv(PIECE_OCTETS)
            except BlockingIOError:  # the time limit
                if self._buffer.partial:
                    raise
                continue  # silence between frames is no fault
            if not piece:
                raise ConnectionResetError("closed by pcscd")
            return piece

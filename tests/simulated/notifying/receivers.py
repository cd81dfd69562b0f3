"""Receivers of notifications on loopback: a mail server and a web server that do as told.

Each lives in a thread of the test, on a port of its own, and ends with its ``with``.
"""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

LIFE_S = 20.0  # of one conversation, whatever a test does
Talk = Callable[[socket.socket], object]


@contextlib.contextmanager
def listening(talk: Talk) -> Iterator[int]:
    """Yield the port of a server that has ``talk`` with everyone who connects."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        ended = threading.Event()
        thread = threading.Thread(target=_serve, args=(server, talk, ended), daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            thread.join()


def _serve(server: socket.socket, talk: Talk, ended: threading.Event) -> None:
    while not ended.is_set():
        try:
            connection, _ = server.accept()
        except TimeoutError:
            continue
        with connection, contextlib.suppress(OSError):
            connection.settimeout(LIFE_S)
            talk(connection)


def drip(connection: socket.socket, octet: bytes) -> None:
    """Send an octet every tenth of a second until the other side goes away."""
    until = time.monotonic() + LIFE_S
    while time.monotonic() < until:
        connection.sendall(octet)
        time.sleep(0.1)


@dataclass(slots=True)
class MailServer:
    """What a mail server says, and what it was told.

    Attributes:
        answers: command → answer, instead of the usual one; ``.`` is the end of a letter, the
            empty command the greeting. An empty answer ends the connection.
        tls: offers STARTTLS.
    """

    answers: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    heard: list[str] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)
    secure: bool = False

    def __call__(self, connection: socket.socket) -> None:
        self.secure = False
        if self._answer(connection, "", "220 ready") and self._talk(connection):
            assert self.tls is not None
            self.secure = True
            with self.tls.wrap_socket(connection, server_side=True) as tls:
                self._talk(tls)

    def _talk(self, connection: socket.socket) -> bool:
        """Talk to the end; say whether the other side wants to go on under TLS."""
        with connection.makefile("rb") as file:
            while line := file.readline():
                command = line.decode("ascii", "replace").strip()
                self.heard.append(command)
                word = command.split(" ")[0].upper()
                if not self._answer(connection, word, self._usual(word)):
                    return False
                if word == "STARTTLS":
                    return True
                if word == "DATA" and "DATA" not in self.answers:
                    self.letters.append(_letter(file))
                    if not self._answer(connection, ".", "250 taken"):
                        return False
        return False

    def _usual(self, word: str) -> str:
        if word == "EHLO" and self.tls is not None and not self.secure:
            return "250-here\r\n250-STARTTLS\r\n250 OK"
        return {"DATA": "354 go on", "STARTTLS": "220 go on"}.get(word, "250 OK")

    def _answer(self, connection: socket.socket, word: str, usual: str) -> bool:
        text = self.answers.get(word, usual)
        if text == "drip":
            drip(connection, b"2")
        if text:
            connection.sendall(text.encode() + b"\r\n")
        return bool(text)


def _letter(file: BinaryIO) -> bytes:
    lines = []
    while (line := file.readline()) not in (b".\r\n", b""):
        lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
    return b"".join(lines)


@dataclass(slots=True)
class WebServer:
    """What a web server answers, and what it was asked."""

    answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    then: Talk | None = None
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    tls: ssl.SSLContext | None = None

    def __call__(self, connection: socket.socket) -> None:
        if self.tls is None:
            self._serve(connection)
            return
        with self.tls.wrap_socket(connection, server_side=True) as tls:
            self._serve(tls)

    def _serve(self, connection: socket.socket) -> None:
        file = connection.makefile("rb")
        first = file.readline().decode().strip()
        headers: dict[str, str] = {}
        while line := file.readline().decode().strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = file.read(int(headers.get("content-length", "0")))
        self.requests.append((first, headers, body))
        connection.sendall(self.answer)
        if self.then is not None:
            self.then(connection)


@dataclass(frozen=True, slots=True)
class Tls:
    """Both ends of a connection to ``localhost``: what the server shows, what the client trusts."""

    server: ssl.SSLContext
    client: ssl.SSLContext


def new_tls(folder: Path, name: str = "localhost") -> Tls:
    """Return contexts around a new key and a certificate for ``name`` that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, SHA256())
    ).public_bytes(Encoding.PEM)
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(plain + certificate)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return Tls(server, ssl.create_default_context(cadata=certificate.decode()))

"""A service that is told to stop while a client is still asking."""

import json
import signal
import socket
from urllib.parse import urlsplit

from tests.cli.processes import STOP_WITHIN_S, Shell
from tests.simulated.clinic_service.test_processes import PATIENCE_S, SERVE, address_of, get

HEAD = (
    b"POST /api/v1/time HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: 100\r\n\r\n"
)


def test_a_request_that_is_still_coming_is_refused_with_a_code(home: Shell) -> None:
    with home.started(*SERVE) as process:
        address = urlsplit(address_of(process))
        assert get(address.geturl(), "/health")[0] == 200
        with socket.create_connection((address.hostname, address.port), PATIENCE_S) as line:
            line.sendall(HEAD + b'{"nonce"')
            process.send_signal(signal.SIGTERM)
            heard = b"".join(iter(lambda: line.recv(4096), b""))
        assert process.wait(STOP_WITHIN_S) == 0
        assert process.stderr is not None
        log = process.stderr.read()
    head, _, body = heard.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"application/problem+json" in head
    assert b"x-request-id:" in head.lower()
    assert json.loads(body)["code"] == "answer-late"
    assert "Traceback" not in log
    assert "Exception in ASGI" not in log

"""Heads of the audit log as lines of text, to be kept where the log's keeper cannot reach."""

import json
from datetime import UTC, datetime
from typing import Final

from cardservice.errors import MalformedDataError
from cardservice.registry.audit_coding import time_text
from cardservice.registry.audit_values import AuditHead

LINE_LENGTH: Final = 1_024  # characters; ours have about 300
_MEMBERS: Final = ("at", "hash", "key", "number", "region", "signature")


def head_to_line(head: AuditHead) -> str:
    """Return the head as one line of JSON."""
    members = {
        "region": head.region,
        "number": head.number,
        "hash": head.hash.hex(),
        "at": time_text(head.at),
        "key": head.key,
        "signature": head.signature.hex(),
    }
    return json.dumps(members, sort_keys=True)


def head_from_line(line: str) -> AuditHead:
    """Return the head in a line; its signature is not checked here.

    Raises:
        MalformedDataError: it is none.
    """
    try:
        members = json.loads(line if len(line) <= LINE_LENGTH else "")
        if sorted(members) != list(_MEMBERS) or type(members["number"]) is not int:
            raise MalformedDataError("a line holds no head of an audit log")
        return AuditHead(
            region=str(members["region"]),
            number=members["number"],
            hash=bytes.fromhex(members["hash"]),
            at=datetime.strptime(members["at"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC),
            key=str(members["key"]),
            signature=bytes.fromhex(members["signature"]),
        )
    except (ValueError, TypeError, RecursionError):
        raise MalformedDataError("a line holds no head of an audit log") from None

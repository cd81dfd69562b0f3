"""Versions of resources and their ETags.

Source: HL7 FHIR R4, 3.1.0.5 (Support for Versions), 3.1.0.2 (conditional read); RFC 9110, 8.8.3.
"""

import hmac
import json
import re
from hashlib import sha256
from typing import Final

from cardservice.errors import UsageError
from cardservice.fhir.elements import Element

VERSION_DIGITS: Final = 32  # hexadecimal; 128 bits, so no two contents are taken for one
ETAG_KEY_LENGTH: Final = 16  # octets, at least
TAGS_LENGTH: Final = 500  # characters of an If-None-Match
_TAG: Final = re.compile(r'(?:W/)?("[!#-~\x80-\xff]*")')


def versioned(resource: Element, *, etag_key: bytes) -> Element:
    """Return ``resource`` with ``meta.versionId``, 32 hexadecimal digits that follow its content.

    The digest is keyed: an ETag stands in the logs of servers on the way, and a bare one would let
    a reader of those find out by trying whether a guessed person is the one.

    Args:
        resource: without ``meta``; what is volatile in it makes every version a new one.
        etag_key: the service's own, 16 octets or more, the same in all its processes.

    Raises:
        UsageError: the key is too short, or there is a ``meta`` already.
    """
    if len(etag_key) < ETAG_KEY_LENGTH or "meta" in resource:
        raise UsageError("a version is made once, under a key of 16 octets or more")
    text = json.dumps(resource, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hmac.new(etag_key, text.encode(), sha256).hexdigest()
    return {**resource, "meta": {"versionId": digest[:VERSION_DIGITS]}}


def etag(resource: Element) -> str:
    """Return the ETag of a versioned resource, weak as FHIR wants it: ``W/"VERSION"``.

    Raises:
        UsageError: it has no version.
    """
    version = resource.get("meta", {}).get("versionId")
    if version is None:
        raise UsageError("only a versioned resource has an ETag")
    return f'W/"{version}"'


def is_known(if_none_match: str | None, tag: str) -> bool:
    """Return whether If-None-Match names ``tag``, compared weakly: then 304 is the answer.

    What cannot be read names nothing, so the resource is sent again.
    """
    if if_none_match is None or len(if_none_match) > TAGS_LENGTH:
        return False
    sent = [one.strip() for one in if_none_match.split(",")]
    if sent == ["*"]:
        return True
    found = [_TAG.fullmatch(one) for one in sent]
    return any(one is not None and one[1] == tag.removeprefix("W/") for one in found)

"""Whether a log is the one that was written: every entry, every link, every signed head."""

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cardservice.errors import PeerError, Refusal
from cardservice.pki.suite import ECDSA_P256_SHA256, SignatureSuite
from cardservice.registry.audit_coding import hash_of, head_octets
from cardservice.registry.audit_values import FIRST_PREVIOUS, AuditEntry, AuditHead


class AuditFault(Refusal):
    """The log is not the one that was written; ``number`` says at which entry it shows."""

    def __init__(self, code: str, number: int, sentence: str) -> None:
        super().__init__(code, sentence)
        self.number = number


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedLog:
    """What a log proved.

    Attributes:
        entries: how many there are; the last one's number.
        last_hash: its hash.
        signed: number up to which signed heads vouch; entries after it are linked, but whoever
            can write the database could have rewritten them.
    """

    entries: int
    last_hash: bytes
    signed: int


def verify_chain(  # noqa: PLR0913 - the log, and what its heads are verified with
    entries: Iterable[AuditEntry],
    heads: Sequence[AuditHead],
    keys: Mapping[str, bytes],
    *,
    region: str,
    suite: SignatureSuite = ECDSA_P256_SHA256,
    since: AuditHead | None = None,
) -> VerifiedLog:
    """Return what the log of a region proved, if it is whole.

    A log cut off together with its last heads is whole: keep a head elsewhere (``cardservice
    audit head``), and give it here among the others.

    Args:
        entries: all of them, in the order in which they are kept; walked once.
        heads: in any order, the same one perhaps twice.
        keys: name → SubjectPublicKeyInfo, DER, of every key that ever signed a head.
        region: whose log it is.
        suite: of the keys.
        since: a head, verified as the others, after whose entry ``entries`` begin; what it
            vouches for is not looked at again. None: they begin with the first.

    Raises:
        AuditFault: ``audit-head-forged``, ``audit-edited``, ``audit-gap``, ``audit-order``,
            ``audit-forked``, ``audit-truncated``; the first that is found.
    """
    known = heads if since is None else (*heads, since)
    signed = _verified_heads(known, keys, region, suite)
    count, last_hash = (0, FIRST_PREVIOUS) if since is None else (since.number, since.hash)
    for entry in _linked(entries, region, count + 1, last_hash):
        _require_signed_hash(entry, signed)
        count, last_hash = entry.number, entry.hash
    newest = max(signed, default=0)
    if newest > count:
        sentence = f"A signed head vouches for entry {newest}; the log ends with {count}."
        raise AuditFault("audit-truncated", count + 1, sentence)
    return VerifiedLog(entries=count, last_hash=last_hash, signed=newest)


def _verified_heads(
    heads: Sequence[AuditHead], keys: Mapping[str, bytes], region: str, suite: SignatureSuite
) -> dict[int, bytes]:
    signed: dict[int, bytes] = {}
    for head in heads:
        _verify_head(head, keys, region, suite)
        if not hmac.compare_digest(signed.setdefault(head.number, head.hash), head.hash):
            sentence = f"Two signed heads vouch for different entries {head.number}."
            raise AuditFault("audit-forked", head.number, sentence)
    return signed


def _verify_head(
    head: AuditHead, keys: Mapping[str, bytes], region: str, suite: SignatureSuite
) -> None:
    try:
        if head.region != region or head.number < 1:
            raise _forged(head)
        suite.verifier(keys[head.key])(head.signature, head_octets(head))
    # A hostile head may hold anything: times and lengths that cannot be encoded among it.
    except (PeerError, KeyError, ValueError, TypeError, AttributeError, OverflowError):
        raise _forged(head) from None


def _linked(
    entries: Iterable[AuditEntry], region: str, expected: int, previous: bytes
) -> Iterator[AuditEntry]:
    for entry in entries:
        _require_number(entry, expected)
        if not _is_own_hash(entry) or entry.fact.region != region:
            sentence = f"Entry {expected} is not as it was written."
            raise AuditFault("audit-edited", expected, sentence)
        if not hmac.compare_digest(entry.previous_hash, previous):
            sentence = f"Entry {expected} does not follow the entry before it."
            raise AuditFault("audit-forked", expected, sentence)
        yield entry
        expected, previous = expected + 1, entry.hash


def _require_number(entry: AuditEntry, expected: int) -> None:
    number = entry.number
    if type(number) is not int:
        raise AuditFault("audit-edited", expected, f"Entry {expected} has no number.")
    if number > expected:
        sentence = f"Entry {expected} is missing, or stands after entry {number}."
        raise AuditFault("audit-gap", expected, sentence)
    if number < expected:
        sentence = f"Entry {number} stands where entry {expected} should."
        raise AuditFault("audit-order", expected, sentence)


def _is_own_hash(entry: AuditEntry) -> bool:
    try:
        return hmac.compare_digest(hash_of(entry), entry.hash)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return False


def _require_signed_hash(entry: AuditEntry, signed: Mapping[int, bytes]) -> None:
    vouched = signed.get(entry.number)
    if vouched is not None and not hmac.compare_digest(vouched, entry.hash):
        sentence = f"Entry {entry.number} is another than the one a signed head vouches for."
        raise AuditFault("audit-forked", entry.number, sentence)


def _forged(head: AuditHead) -> AuditFault:
    sentence = f"The head of entry {head.number} is not signed by a known key for this log."
    return AuditFault("audit-head-forged", head.number, sentence)

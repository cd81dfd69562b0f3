"""The clocks of a desk, and how it comes by a proof of the time."""

import time
from datetime import UTC, datetime

from cardservice.desk.proven_time import ProvenTime
from cardservice.desk.signed_time import verify_time
from cardservice.desklink.open_calls import SignedTime
from cardservice.pki.status_list_trust import ListSigners


def monotonic() -> float:
    """Return seconds that never go back and, where the system can, run while it sleeps."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)


def wall() -> datetime:
    """Return the PC's clock, aware."""
    return datetime.now(UTC)


def prove_time(clock: ProvenTime, signed: SignedTime, signers: ListSigners) -> None:
    """Let the clock have a signed time.

    Raises:
        TimeProofError: it is not believed.
    """
    at = verify_time(signed.token, nonce=signed.nonce, signers=signers)
    clock.proved(at, sent_at_monotonic=signed.sent_at, received_at_monotonic=signed.received_at)

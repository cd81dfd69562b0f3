"""``/health``, ``/ready`` and ``/metrics``: for what runs the service, not for clinics.

``/health`` says that the process lives: who asks it restarts what does not. ``/ready`` says
whether to send anybody here, and why not. ``/metrics`` is told to this machine alone.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, Response

from cardservice.web.clinics.parts import ClinicParts, clinic_parts
from cardservice.web.clinics.probes import CODES, DatabaseUp, ListAge, Probe, SignerLeft
from cardservice.web.metrics import CONTENT_TYPE, Metrics

NAME: Final = "ops"
"""Under which ``ClinicParts.more`` has its parts."""
PATIENCE_S: Final = 3.0  # for all probes; who asks waits five seconds as a rule
KEPT_S: Final = 2.0  # an answer serves who asks again at once: the question is open to anybody
_FORWARDED: Final = ("x-forwarded-for", "forwarded", "x-real-ip")
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})

router = APIRouter(tags=["operations"], include_in_schema=False)


@dataclass(slots=True, kw_only=True)
class OpsParts:
    """What the three routes tell of.

    Attributes:
        database, published, signer: the probes of these; None: it is not asked here.
        others: further probes, as of the disk.
        told_here: whether this machine may read ``/metrics``; the service listens on loopback.
    """

    metrics: Metrics
    database: DatabaseUp | None = None
    published: ListAge | None = None
    signer: SignerLeft | None = None
    others: tuple[Probe, ...] = ()
    told_here: bool = True
    clock: Callable[[], float] = time.monotonic
    _known: tuple[float, tuple[str, ...]] | None = field(default=None, repr=False)
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def faults(self) -> tuple[str, ...]:
        """Return the codes of what is wrong, none if all is well; at most 2 s old."""
        async with self._asking:  # one asks, the others take the answer
            if self._known is None or self.clock() - self._known[0] > KEPT_S:
                self._known = self.clock(), await self._ask()
            return self._known[1]

    async def _ask(self) -> tuple[str, ...]:
        probes = [self.database, self.published, self.signer, *self.others]
        asked = [asyncio.to_thread(one) for one in probes if one is not None]
        try:
            found = await asyncio.wait_for(asyncio.gather(*asked), PATIENCE_S)
        except TimeoutError:
            return ("probe-late",)
        return tuple(dict.fromkeys(code for code in found if code is not None))


@router.head("/health")
@router.get("/health")
async def clinic_tell_health() -> JSONResponse:
    """Answer whenever the process can; nothing else is asked."""
    return JSONResponse({"status": "alive"})


@router.head("/ready")
@router.get("/ready")
async def clinic_tell_ready(request: Request) -> JSONResponse:
    """Answer 200, or 503 with a code and a sentence for each thing that is wrong."""
    faults = await _parts(request).faults()
    told: dict[str, Any] = {"status": "not-ready" if faults else "ready"}
    if faults:
        told["faults"] = [{"code": one, "sentence": CODES.get(one, one)} for one in faults]
    return JSONResponse(
        told, status_code=HTTPStatus.SERVICE_UNAVAILABLE if faults else HTTPStatus.OK
    )


@router.get("/metrics")
async def clinic_tell_metrics(request: Request) -> Response:
    """Return the figures; 404 to whoever is not on this machine, or came through a proxy."""
    parts = _parts(request)
    if not (parts.told_here and _is_here(request)):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    faults = await parts.faults()
    age = None if parts.published is None else parts.published.read()
    left = None if parts.signer is None else parts.signer.read()
    parts.metrics.state(
        database=not {"database-unreachable", "probe-late"} & set(faults),
        list_age_s=None if age is None else age.total_seconds(),
        signer_left_s=None if left is None else left.total_seconds(),
    )
    return Response(parts.metrics.text(), media_type=CONTENT_TYPE)


def metrics_of(request: Request) -> Metrics | None:
    """Return where a route counts what it did; None: nowhere."""
    return metrics_in(clinic_parts(request))


def metrics_in(parts: ClinicParts) -> Metrics | None:
    """Return where a service counts what it did; None: nowhere."""
    found = parts.more.get(NAME)
    return found.metrics if isinstance(found, OpsParts) else None


def _parts(request: Request) -> OpsParts:
    found = clinic_parts(request).more.get(NAME)
    if not isinstance(found, OpsParts):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


def _is_here(request: Request) -> bool:
    # A proxy on this machine comes from here as well, and says for whom it asks.
    passed_on = any(name in request.headers for name in _FORWARDED)
    return not passed_on and request.client is not None and request.client.host in _LOOPBACK

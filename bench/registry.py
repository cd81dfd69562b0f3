"""The figures by name; what one needs is imported only when it is measured."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Final, cast

from bench.figures import FULL, Figure, Pace

Measurement = Callable[[Pace], Figure]


def _late(place: str) -> Callable[..., Figure]:
    """Return the measurement at ``place``, ``module:function`` of this package."""
    module, function = place.split(":")

    def measure(pace: Pace = FULL) -> Figure:
        found = cast("Measurement", getattr(import_module(f"bench.{module}"), function))
        return found(pace)

    return measure


MEASUREMENTS: Final[Mapping[str, Callable[..., Figure]]] = {
    "sim.read_inprocess": _late("reading:in_process"),
    "sim.read_pcsc": _late("reading_pcsc:over_pcsc"),
    "sim.read_pcsc.p99": _late("reading_pcsc:slowest_over_pcsc"),
    "verify.offline": _late("verifying:offline"),
    "verify.verdict": _late("verifying:verdict"),
    "issue.sign": _late("issuing:sign"),
    "tap.enrolled.median": _late("tap:enrolled_median"),
    "tap.enrolled.fastest": _late("tap:enrolled_fastest"),
    "tap.can.median": _late("tap:can_median"),
    "contact.250k.median": _late("tap:contact_250k"),
    "contact.129k.median": _late("tap:contact_129k"),
    "contact.field.median": _late("tap:contact_field"),
    "tour.sim": _late("touring:in_process"),
    "tour.pcsc": _late("touring:over_pcsc"),
    "registry.enp.p99": _late("registry_lookups:by_enp"),
    "registry.name_birth.p99": _late("registry_lookups:by_name"),
    "registry.queue.p99": _late("registry_lookups:queue_page"),
    "registry.applications": _late("registry_rate:applications"),
    "registry.applications.filed": _late("registry_rate:filed"),
    "registry.applications.tables": _late("registry_rate:tables"),
    "registry.sqlite.enp.p99": _late("registry_lookups:sqlite_by_enp"),
    "registry.sqlite.name_birth.p99": _late("registry_lookups:sqlite_by_name"),
    "registry.sqlite.queue.p99": _late("registry_lookups:sqlite_queue_page"),
    "station.preflight": _late("station_preflight:preflight"),
    "station.prepare": _late("station_preflight:prepare"),
    "station.sod": _late("station_signing:sod"),
    "station.sod_added": _late("station_signing:sod_added"),
    "station.overhead": _late("station_overhead:overhead"),
    "station.overhead.wall": _late("station_overhead:on_the_wall"),
    "station.cards_per_hour.fastest": _late("station_overhead:rate_fastest"),
    "station.cards_per_hour.median": _late("station_overhead:rate_median"),
    "station.cards_per_hour.slowest": _late("station_overhead:rate_slowest"),
    "station.lanes16": _late("station_lanes:over_pcsc"),
    "station.lanes16.simfeed": _late("station_lanes:in_process"),
    "station.central": _late("station_central:central"),
    "station.flat": _late("station_flat:flat"),
    "desk.page": _late("desk_page:page"),
    "desk.plug": _late("desk_plug:plug"),
    "status_list.build": _late("status_list:build"),
    "status_list.size": _late("status_list:size"),
    "status_list.lookup": _late("status_list:lookup"),
    "status_list.load": _late("status_list:load"),
    "api.files": _late("api_files:files"),
    "api.relay": _late("api_relay:relay"),
    "api.sessions": _late("api_relay:sessions"),
}

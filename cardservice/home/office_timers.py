"""The timers of an opened office."""

from cardservice.home.office import OfficeHome
from cardservice.registry.scans import sweep_scans
from cardservice.registry.timers import TimerParts
from cardservice.storage.stores.tries import DatabaseAttempts, DatabaseChallenges


def timer_parts(office: OfficeHome) -> TimerParts:
    """Return what the jobs of ``registry.timers_jobs`` work on."""
    return TimerParts(
        office=office.office,
        regions=office.regions,
        outbox=office.outbox,
        head_key=lambda: (office.keys.head_name, office.keys.head),
        attempts=DatabaseAttempts(office.database),
        challenges=DatabaseChallenges(office.database),
        sessions=office.sign_in.stores.sessions,
        sweep=lambda: sweep_scans(office.vault, office.database, now=office.office.clock()),
    )

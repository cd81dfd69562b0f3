"""What holds for the whole run."""

import gc
import signal

# A shell starts what it sends to the background deaf to interrupts, and every program of a test
# would inherit that; tests end some of them so.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Keep the collected tests, some millions of objects, out of every later collection."""
    gc.collect()
    gc.freeze()

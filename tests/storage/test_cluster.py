"""The test run's PostgreSQL goes with the process that started it, however that went."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from bench.registry_cluster import Cluster
from tests.shared import ROOT

PATIENCE_S = 20.0
KILLED = """
import os, signal
from bench.registry_cluster import running_cluster

with running_cluster("fsync=off") as cluster:
    print(cluster.process_id, cluster.folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def is_running(process_id: int) -> bool:
    try:
        status = Path(f"/proc/{process_id}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_a_cluster_whose_process_was_killed_ends_by_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    process_id, folder = done.stdout.split()
    try:
        end = time.monotonic() + PATIENCE_S
        while is_running(int(process_id)) and time.monotonic() < end:
            time.sleep(0.05)
        assert not is_running(int(process_id))
    finally:
        shutil.rmtree(folder)


def test_nobody_else_can_reach_the_cluster(cluster: Cluster) -> None:
    assert cluster.folder.stat().st_mode & 0o077 == 0
    assert is_running(cluster.process_id)
    assert os.geteuid() != 0 or cluster.folder.stat().st_uid != 0

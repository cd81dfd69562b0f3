"""The service as it is started: a process with a home, and a lane's bench over it."""

import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cardservice.home.central import opened_book, tokens_of
from cardservice.home.folder import Folder, NewHome, establish
from cardservice.home.issuer import utc_now
from cardservice.home.station_keys import KeySecrets
from cardservice.home.station_lane_bench import open_bench
from cardservice.keystores.passphrase import VARIABLE
from cardservice.keystores.sealing import KdfCost
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.settings import Settings, load_settings
from simulators.card import blank_card
from tests.chain import FUND, an_order, link_to
from tests.simulated.station_central.centrals import memory_journal

PASSPHRASE = "one of a test"  # noqa: S105 - it opens nothing else
STOP_S = 15


def a_home(path: Path) -> Settings:
    folder = Folder(path)
    keys = SoftwareKeyStore(folder.keys, lambda: PASSPHRASE, cost=KdfCost(n=2, r=1, p=1))
    wish = NewHome(fund=FUND, demonstration=True)
    establish(folder, keys, wish, entropy=secrets.token_bytes, at=utc_now())
    return load_settings(home=path)


@contextmanager
def service(settings: Settings, log: Path) -> Iterator[str]:
    """Run the command; yield its address; stop it as a service manager does."""
    command = [sys.executable, "-m", "cardservice.main", "station", "central", "--port", "0"]
    environment = {**os.environ, "CARDSERVICE_HOME": str(settings.home), VARIABLE: PASSPHRASE}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stderr is not None
        said = ""
        while (port := re.search(r"port (\d+)", said)) is None:
            line = process.stderr.readline()
            assert line, said
            said += line
        try:
            yield f"http://127.0.0.1:{port[1]}"
        finally:
            process.send_signal(signal.SIGTERM)
            rest = process.communicate(timeout=STOP_S)[1]
            log.write_text(said + rest, encoding="utf-8")
    assert process.returncode == 0


def test_a_lane_makes_cards_with_the_keys_of_a_service(tmp_path: Path) -> None:
    settings, log = a_home(tmp_path / "home"), tmp_path / "log"
    token = tmp_path / "token"
    token.write_text(tokens_of(settings).draw("station-1", os.urandom) + "\n")
    journal, card = memory_journal(), blank_card()
    with service(settings, log) as url, ExitStack() as stack:
        station = load_settings(
            home=tmp_path / "elsewhere", station_central=url, station_central_token_file=token
        )
        bench = open_bench(station, KeySecrets(), journal, stack)
        made = bench.maker.make(link_to(card), an_order(), order_id="order-1", lane=2)
    assert bench.service is None
    assert [life.chip for life in journal.unreported()] == [made.chip_serial]
    with opened_book(settings) as book:
        holder = book.holder_of("order-1")
    assert holder is not None
    assert holder.chip == made.chip_serial
    written = log.read_text(encoding="utf-8")
    assert "station-1 lane 2 order order-1: made" in written
    assert made.secrets.pin not in re.findall(r"\w+", written)
    assert made.order.holder.surname not in written

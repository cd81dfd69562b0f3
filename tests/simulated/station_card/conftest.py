"""A home, a real office on the loopback interface, and a card that its holder has."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cardservice.accounts.roles import Role
from cardservice.home.folder import Folder
from cardservice.home.issuer import open_home, utc_now
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.policycard.profile import Profile
from cardservice.settings import load_settings
from cardservice.transport.registry import open_link
from simulators.reader.cards import new_state_file
from tests.chain import an_order
from tests.office_world import World, served
from tests.simulated.station_card.counter import OfficeCounter
from tests.unit.cli.conftest import PASSPHRASE, bare_environment, home, pristine_home
from tests.unit.web_api.cards.stage import program_of
from tests.unit.web_office.conftest import ready_file, world

__all__ = ["bare_environment", "counter", "home", "pristine_home", "ready_file", "world"]


@pytest.fixture
def profile() -> Profile:
    """The profile of the holder's card."""
    return Profile.FIELD


@pytest.fixture
def counter(
    home: Folder,
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    profile: Profile,
) -> Iterator[OfficeCounter]:
    """A counter of the office's station; in the end nothing typed or drawn was printed."""
    file = tmp_path / "anna.card"
    new_state_file(file)
    link = open_link(f"sim:{file}")
    keys = SoftwareKeyStore(home.keys, lambda: PASSPHRASE)
    made = open_home(load_settings()).station(keys).make(link, replace(an_order(), profile=profile))
    link.close()
    program, actor = program_of(world, Role.STATION)
    token = tmp_path / "token"
    token.write_text(program.bearer)
    token.chmod(0o600)
    letters = tmp_path / "letters"
    world.desk.clock.now = utc_now()
    with served(world) as address:
        monkeypatch.setenv("CARDSERVICE_STATION_OFFICE", address)
        monkeypatch.setenv("CARDSERVICE_STATION_TOKEN_FILE", str(token))
        monkeypatch.setenv("CARDSERVICE_LETTER_PRINTER", f"insecure-folder:{letters}")
        at_counter = OfficeCounter(world, actor, file, made, letters)
        yield at_counter
    said = "".join(result.output for result in at_counter.results)
    known = {made.secrets.pin, made.secrets.puk, made.secrets.can, made.order.holder.enp}
    assert set(re.findall(r"\d+", said)).isdisjoint({*known, *at_counter.codes()})
    assert made.order.holder.surname not in said

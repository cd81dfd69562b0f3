"""Followers of the desk."""

import asyncio
from contextlib import ExitStack
from threading import Thread

import pytest

from cardservice.web.desk.hub import DeskBusyError, DeskHub
from cardservice.web.desk.state import DeskState, ReaderState


def _add(hub: DeskHub, reader: str) -> DeskState:
    return hub.update(lambda desk: desk.with_reader(ReaderState(reader=reader)))


def test_each_change_has_a_number_of_its_own() -> None:
    hub = DeskHub()
    assert [_add(hub, "A").version, _add(hub, "B").version] == [1, 2]


def test_a_change_that_changes_nothing_has_none() -> None:
    hub = DeskHub()
    assert [_add(hub, "A").version, _add(hub, "A").version] == [1, 1]


def test_a_follower_gets_the_present_state_first() -> None:
    async def follow() -> DeskState | None:
        with hub.subscribe() as following:
            return await following.next()

    hub = DeskHub()
    _add(hub, "A")
    assert asyncio.run(follow()) == hub.state


def test_a_slow_follower_gets_the_latest_state_and_no_queue() -> None:
    async def follow() -> tuple[DeskState | None, bool]:
        with hub.subscribe() as following:
            for reader in "ABCDEFGH":
                _add(hub, reader)
            await asyncio.sleep(0)
            latest = await following.next()
            more = asyncio.ensure_future(following.next())
            await asyncio.sleep(0)
            silent = not more.done()
            more.cancel()
            return latest, silent

    hub = DeskHub()
    latest, silent = asyncio.run(follow())
    assert latest == hub.state
    assert silent


def test_a_change_from_another_thread_wakes_a_follower() -> None:
    async def follow() -> DeskState | None:
        with hub.subscribe() as following:
            await following.next()
            other = Thread(target=_add, args=(hub, "A"))
            other.start()
            state = await asyncio.wait_for(following.next(), 5)
            other.join()
            return state

    hub = DeskHub()
    state = asyncio.run(follow())
    assert state is not None
    assert state.reader("A") is not None


def test_closing_ends_every_follower() -> None:
    async def follow() -> list[DeskState | None]:
        with hub.subscribe() as first, hub.subscribe() as second:
            await first.next()
            hub.close()
            return [await first.next(), await second.next()]

    hub = DeskHub()
    assert asyncio.run(follow()) == [None, None]


def test_more_followers_than_allowed_are_refused_until_one_leaves() -> None:
    async def follow() -> DeskState | None:
        with hub.subscribe(), pytest.raises(DeskBusyError), hub.subscribe():
            pass
        with hub.subscribe() as following:
            return await following.next()

    hub = DeskHub(max_subscribers=1)
    assert asyncio.run(follow()) == hub.state


def test_a_follower_whose_loop_is_gone_harms_nobody() -> None:
    hub = DeskHub()
    with ExitStack() as never_left:

        async def follow() -> None:
            never_left.enter_context(hub.subscribe())

        asyncio.run(follow())
        assert _add(hub, "A").version == 1

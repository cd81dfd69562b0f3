"""LC-9xx: the steps that bring a card from one state of its life to the next (card.md 6)."""

from typing import Final

from cardservice.apdu.response import SW
from cardservice.channel.card_management import LifeCycle, generate_chip_key, set_life_cycle
from cardservice.channel.scp03 import put_key
from cardservice.channel.store_data import store_data
from cardservice.conformance.case import Chapter, Terms
from cardservice.conformance.cases.told import life_cycle, scratch_of
from cardservice.conformance.preparing import open_scp03
from cardservice.conformance.terminal import Terminal, require, require_sw
from cardservice.conformance.terms import Effect, Need, Stage
from cardservice.personalization.making import ISSUER_KEY_VERSION, TRANSPORT_KEY_VERSION

chapter: Final = Chapter()


def _step(here: Stage, there: Stage, effect: Effect = Effect.WRITES) -> Terms:
    return Terms(stages=(here,), needs=(Need.KEYS,), effect=effect, leads_to=there)


@chapter.case(
    "LC-901",
    "PUT KEY replaces the transport set by the issuer's, and confirms it",
    "6 Keys",
    _step(Stage.BLANK, Stage.KEYED),
)
def _put_keys(terminal: Terminal) -> None:
    session = open_scp03(terminal)
    issuer = terminal.known.issuer
    if issuer is None:
        raise ValueError("no keys to write")
    terminal.run(
        put_key(
            issuer(session.card.diversification_data),
            new_version=ISSUER_KEY_VERSION,
            present_version=TRANSPORT_KEY_VERSION,
            session=session,
        )
    )


@chapter.case(
    "LC-902",
    "The chip makes a key pair and tells its public point",
    "6 chip key",
    _step(Stage.KEYED, Stage.CHIP_KEY),
)
def _make_chip_key(terminal: Terminal) -> None:
    open_scp03(terminal)
    scratch_of(terminal).chip_point = terminal.run(generate_chip_key())


@chapter.case(
    "LC-903",
    "STORE DATA takes a whole card in one transaction",
    "6 data",
    _step(Stage.CHIP_KEY, Stage.FILLED),
)
def _fill(terminal: Terminal) -> None:
    session = open_scp03(terminal)
    terminal.run(store_data(scratch_of(terminal).groupings(session)))


@chapter.case(
    "LC-904",
    "SET STATUS makes a complete card personalized",
    "6 finish",
    _step(Stage.FILLED, Stage.PERSONALIZED),
)
def _finish(terminal: Terminal) -> None:
    open_scp03(terminal)
    terminal.run(set_life_cycle(LifeCycle.PERSONALIZED))
    require(life_cycle(terminal) == LifeCycle.PERSONALIZED, "the card does not say 0F")


@chapter.case(
    "LC-905",
    "SET STATUS blocks a personalized card",
    "6 SET STATUS",
    _step(Stage.PERSONALIZED, Stage.BLOCKED),
)
def _block(terminal: Terminal) -> None:
    open_scp03(terminal)
    terminal.run(set_life_cycle(LifeCycle.BLOCKED))
    require(life_cycle(terminal) == LifeCycle.BLOCKED, "the card does not say 83")


@chapter.case(
    "LC-906",
    "SET STATUS unblocks a blocked card",
    "6 SET STATUS",
    _step(Stage.BLOCKED, Stage.UNBLOCKED),
)
def _unblock(terminal: Terminal) -> None:
    open_scp03(terminal)
    terminal.run(set_life_cycle(LifeCycle.PERSONALIZED))
    require(life_cycle(terminal) == LifeCycle.PERSONALIZED, "the card does not say 0F")


@chapter.case(
    "LC-907",
    "Termination is confirmed with the R-MAC of the session, which then ends",
    "6 SET STATUS",
    _step(Stage.UNBLOCKED, Stage.TERMINATED, Effect.DESTROYS),
)
def _terminate(terminal: Terminal) -> None:
    open_scp03(terminal)
    # The session checks the R-MAC of this 9000.
    terminal.run(set_life_cycle(LifeCycle.TERMINATED))
    terminal.forget()
    require(life_cycle(terminal) == LifeCycle.TERMINATED, "the card does not say FF")
    require_sw(terminal.exchange(_SET_STATUS), SW.CONDITIONS_NOT_SATISFIED, doing="SET STATUS")


_SET_STATUS: Final = bytes.fromhex("84F0400F")

"""``cardservice station check``: whether all is ready before the first card."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

import click

from cardservice.cli.exit_codes import Exit, reports_errors
from cardservice.cli.options import as_json_option
from cardservice.cli.passphrase import ask_passphrase
from cardservice.home.station_checks import StationChecks, all_readers, new_clock_guard
from cardservice.home.station_keys import StationSecrets, ask_secrets
from cardservice.personalization.self_check import CheckResult, Health, can_begin, self_check
from cardservice.settings import Settings, load_settings

_MARKS: Final = {Health.OK: "✔", Health.WARN: "!", Health.FAIL: "✘"}


@click.command(
    epilog="""\b
Examples:
  cardservice station check
  cardservice station check --reader "pcsc:ACR39U" --reader sim: --json"""
)
@click.option(
    "--reader",
    "readers",
    multiple=True,
    metavar="URL",
    help="Reader of a lane; repeat it for more.  [default: all PC/SC readers]",
)
@click.option(
    "--clock-is-right", is_flag=True, help="You compared the clock; the journal's was wrong."
)
@as_json_option
@reports_errors
def check(readers: tuple[str, ...], *, clock_is_right: bool, as_json: bool) -> None:
    """Look at clock, readers, keys, stock, disk, journal, printers and office; make no card.

    One software card is made and verified with keys of its own. The passphrase, or the PIN of
    the security module, comes from where the station takes it, or is asked for.

    Exit status 5 means that the station cannot begin.
    """
    settings = load_settings()
    checks = StationChecks(
        settings=settings,
        readers=readers or all_readers(),
        key_secrets=lambda: _secrets(settings),
        guard=new_clock_guard(),
        clock_is_right=clock_is_right,
    )
    results = self_check(checks.parts())
    if as_json:
        answer = {"ready": can_begin(results), "checks": [asdict(one) for one in results]}
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        _print(results)
    if not can_begin(results):
        raise SystemExit(Exit.HOME)


def _secrets(settings: Settings) -> StationSecrets:
    # Where nobody sits, an empty answer would be tried as a PIN.
    return ask_secrets(settings, prompt=ask_passphrase if sys.stdin.isatty() else None)


def _print(results: Sequence[CheckResult]) -> None:
    width = max(len(one.name) for one in results)
    for one in results:
        code = f" [{one.code}]" if one.code else ""
        click.echo(f"{_MARKS[one.health]} {one.name:{width}}  {one.sentence}{code}")
        if one.remedy:
            click.echo(f"  → {one.remedy}")

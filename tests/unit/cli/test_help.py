"""Help: every command says what it does, on lines that are not cut off, with an example."""

import click
import pytest

from cardservice.cli.exit_codes import Exit
from cardservice.cli.main import COMMANDS, cardservice
from tests.unit.cli.conftest import Type

LEAVES = (
    ("tour",),
    ("init",),
    ("personalize",),
    ("station", "run"),
    ("station", "check"),
    ("station", "preflight"),
    ("station", "stock", "show"),
    ("station", "stock", "receive"),
    ("station", "stock", "return"),
    ("station", "stock", "spoil"),
    ("station", "stock", "count"),
    ("station", "journal", "show"),
    ("station", "journal", "check"),
    ("station", "journal", "compact"),
    ("station", "journal", "give-up"),
    ("station", "journal", "settle"),
    ("station", "card", "change-insurer"),
    ("station", "card", "new-pin"),
    ("station", "card", "new-can"),
    ("station", "card", "unblock-pin"),
    ("station", "card", "terminate"),
    ("station", "card", "do"),
    ("station", "keys", "show"),
    ("station", "keys", "rollover"),
    ("station", "keys", "retire"),
    ("station", "keys", "restore"),
    ("station", "report"),
    ("station", "central"),
    ("station", "central", "token"),
    ("station", "central", "release"),
    ("verify",),
    ("card", "show"),
    ("reader", "list"),
    ("reader", "doctor"),
    ("pki", "status"),
    ("pki", "renew"),
    ("pki", "cvca", "create"),
    ("pki", "cvca", "rollover"),
    ("pki", "root", "rollover"),
    ("pki", "dv", "renew"),
    ("pki", "desk", "request"),
    ("pki", "desk", "renew"),
    ("pki", "desk", "enrol"),
    ("pki", "desk", "install"),
    ("pki", "desk", "end"),
    ("pki", "desk", "list"),
    ("pki", "ceremony", "home"),
    ("pki", "ceremony", "cvca"),
    ("pki", "ceremony", "rollover"),
    ("pki", "ceremony", "root"),
    ("pki", "ceremony", "sign"),
    ("pki", "ceremony", "check"),
    ("pki", "status-list", "build"),
    ("pki", "status-list", "publish"),
    ("pki", "status-list", "show"),
    ("database", "migrate"),
    ("database", "status"),
    ("database", "backup"),
    ("database", "restore"),
    ("database", "check"),
    ("office", "init"),
    ("office", "account", "add"),
    ("office", "account", "list"),
    ("office", "account", "reset-password"),
    ("office", "account", "close"),
    ("office", "token", "add"),
    ("office", "token", "list"),
    ("office", "token", "revoke"),
    ("office", "serve"),
    ("office", "deliver"),
    ("office", "daily"),
    ("audit", "verify"),
    ("audit", "head"),
    ("audit", "show"),
    ("serve",),
    ("clinics", "code", "add"),
    ("clinics", "desk", "list"),
    ("clinics", "desk", "end"),
    ("clinics", "sign", "list"),
    ("clinics", "sign", "settle"),
    ("clinics", "serve"),
    ("desk", "enrol"),
    ("desk", "run"),
    ("desk", "status"),
    ("desk", "refresh"),
    ("desk", "leave"),
    ("desk", "pairing", "list"),
    ("desk", "pairing", "end"),
)
GROUPS = (
    (),
    ("card",),
    ("reader",),
    ("station",),
    ("station", "stock"),
    ("station", "journal"),
    ("station", "card"),
    ("station", "keys"),
    ("station", "central"),
    ("pki",),
    ("pki", "cvca"),
    ("pki", "dv"),
    ("pki", "desk"),
    ("pki", "ceremony"),
    ("pki", "status-list"),
    ("database",),
    ("office",),
    ("office", "account"),
    ("office", "token"),
    ("audit",),
    ("clinics",),
    ("clinics", "code"),
    ("clinics", "desk"),
    ("clinics", "sign"),
    ("desk",),
    ("desk", "pairing"),
)


@pytest.mark.parametrize("command", LEAVES)
def test_every_command_has_an_example_of_itself(
    command: tuple[str, ...], cardservice_typed: Type
) -> None:
    result = cardservice_typed(*command, "--help")
    assert result.exit_code == Exit.OK
    assert f"cardservice {' '.join(command)}" in result.stdout.partition("Example")[2]


@pytest.mark.parametrize("group", GROUPS)
def test_no_line_in_a_list_of_commands_is_cut_off(
    group: tuple[str, ...], cardservice_typed: Type
) -> None:
    result = cardservice_typed(*group, "--help")
    assert "..." not in result.stdout.partition("Commands:")[2]


def test_no_other_command_is_without_a_test_here() -> None:
    assert {leaf[0] for leaf in LEAVES} == set(COMMANDS)
    context = click.Context(cardservice)
    for name in COMMANDS:
        command = cardservice.get_command(context, name)
        below = set(command.list_commands(context)) if isinstance(command, click.Group) else set()
        assert {leaf[1] for leaf in LEAVES if leaf[0] == name and len(leaf) > 1} == below


def test_the_exit_statuses_are_in_the_help(cardservice_typed: Type) -> None:
    said = cardservice_typed("--help").stdout.partition("Exit status:")[2]
    assert all(f"{status.value} " in said for status in Exit)


def test_an_unknown_command_is_wrong_usage(cardservice_typed: Type) -> None:
    result = cardservice_typed("dance")
    assert result.exit_code == Exit.USAGE
    assert "dance" in result.stderr

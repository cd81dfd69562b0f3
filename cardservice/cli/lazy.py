"""Groups that know their commands by name and import one when it is called."""

import gc
import importlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, cast

import click
from typing_extensions import override


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """Where a command lives, and the line it has in the list."""

    module: str
    name: str
    line: str


class LazyGroup(click.Group):
    """A group whose commands stand in ``table``."""

    def __init__(self, *args: Any, table: Mapping[str, LazyCommand], **options: Any) -> None:
        super().__init__(*args, **options)
        self.table = table

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = self.table.get(cmd_name)
        if found is None:
            return None
        return cast("click.Command", getattr(_imported(found.module), found.name))

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.line) for name, one in self.table.items()])


def _imported(module: str) -> ModuleType:
    """Import without looking for garbage: a program is made of what stays for as long as it runs.

    Each look at all of it would cost a fifth of the start, and later pauses of a service.
    """
    if module in sys.modules:
        return sys.modules[module]
    gc.disable()
    try:
        found = importlib.import_module(module)
    finally:
        gc.freeze()
        gc.enable()
    return found

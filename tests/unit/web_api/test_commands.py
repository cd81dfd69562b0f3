"""Whatever the office can do, a program can ask for."""

import ast
from collections.abc import Iterator
from importlib import import_module
from inspect import getsource
from pkgutil import walk_packages
from types import ModuleType

from cardservice import registry
from cardservice.registry.commands import OfficeCommand
from cardservice.web import api

# What no program asks for, and why.
NOT_FOR_PROGRAMS = {
    "_OpenUpload": "the first step of ReceiveTable, which programs ask for",
}


def modules_of(package: ModuleType) -> Iterator[ModuleType]:
    for found in walk_packages(package.__path__, f"{package.__name__}."):
        yield import_module(found.name)


def commands() -> frozenset[str]:
    """Return the names of all commands of the office."""
    return frozenset(
        name
        for module in modules_of(registry)
        for name, one in vars(module).items()
        if isinstance(one, type) and issubclass(one, OfficeCommand) and one is not OfficeCommand
    )


def called(module: ModuleType) -> Iterator[str]:
    """Yield the names of what the code of a module calls."""
    for node in ast.walk(ast.parse(getsource(module))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def test_every_command_of_the_office_is_made_by_a_route_of_the_api() -> None:
    made = {name for module in modules_of(api) for name in called(module)}
    missing = sorted(commands() - made - set(NOT_FOR_PROGRAMS))
    assert missing == []


def test_what_is_said_to_be_for_no_program_is_a_command() -> None:
    assert set(NOT_FOR_PROGRAMS) <= commands()

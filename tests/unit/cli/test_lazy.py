"""Commands that are imported when they are called."""

import gc
import sys
from pathlib import Path

import click
import pytest

from cardservice.cli.lazy import LazyCommand, LazyGroup

_MODULE = "cardservice_lazy_example"


def _group(folder: Path, text: str, patch: pytest.MonkeyPatch) -> LazyGroup:
    (folder / f"{_MODULE}.py").write_text(text, encoding="utf-8")
    patch.syspath_prepend(folder)
    patch.delitem(sys.modules, _MODULE, raising=False)
    return LazyGroup("group", table={"one": LazyCommand(_MODULE, "one", "The one.")})


def _get(group: LazyGroup) -> click.Command | None:
    return group.get_command(click.Context(group), "one")


def test_a_command_is_imported_without_looks_for_garbage_and_they_go_on_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "import gc, click\nLOOKED = gc.isenabled()\none = click.Command('one')\n"
    group = _group(tmp_path, text, monkeypatch)
    found = _get(group)
    assert found is not None
    assert found.name == "one"
    assert sys.modules[_MODULE].LOOKED is False
    assert gc.isenabled()


def test_looks_for_garbage_go_on_after_a_module_that_cannot_be_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = _group(tmp_path, "raise RuntimeError('no')\n", monkeypatch)
    with pytest.raises(RuntimeError, match="no"):
        _get(group)
    assert gc.isenabled()


def test_a_command_that_was_imported_keeps_no_more_from_being_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = _group(tmp_path, "import click\none = click.Command('one')\n", monkeypatch)
    _get(group)
    kept = gc.get_freeze_count()
    _get(group)
    assert gc.get_freeze_count() <= kept  # What was kept may have died since.


def test_a_name_that_is_not_in_the_table_is_no_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = _group(tmp_path, "raise RuntimeError('not to be imported')\n", monkeypatch)
    assert group.get_command(click.Context(group), "two") is None

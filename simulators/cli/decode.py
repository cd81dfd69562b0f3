"""``cardsim decode``: what an APDU log says."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import click

from simulators.card import StateFileError
from simulators.card.state_file import load_cells
from simulators.cli.problem import reports_problems
from simulators.reader.errors import ReaderSetupError
from simulators.trace import Masking, decode_log

STANDARD_INPUT: Final = Path("-")


@click.command("decode")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--unmasked", is_flag=True, help="Show personal data, PINs and keys of the log too.")
@click.option(
    "--state",
    type=click.Path(path_type=Path),
    help="Image of the recorded card: with --unmasked, opens what a trace masks.",
)
def command(file: Path, state: Path | None, *, unmasked: bool) -> None:
    """Explain the APDU log FILE, or standard input for -.

    Takes traces of this program, and logs of pcscd, opensc-tool, pyscard, GlobalPlatformPro, with
    arrows, or bare hexadecimal lines in turn. Lines that are none of these are named and skipped.

    Example: cardsim decode desk.log
    """
    with reports_problems(), _opened(file) as stream:
        cells = None if state is None else load_image(state)
        masking = Masking.NONE if unmasked else Masking.PERSONAL
        for line in decode_log(stream, masking=masking, cells=cells):
            click.echo(line)


def load_image(path: Path) -> Mapping[str, bytes]:
    """Return the cells of a state file, which stays as it is.

    Raises:
        ReaderSetupError: it is missing or holds no card.
    """
    try:
        return load_cells(path)
    except StateFileError as error:
        raise ReaderSetupError(str(error), remedy="give the image of the recorded card") from error


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    if file == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        stream = file.open("rb")
    except OSError as error:
        raise ReaderSetupError(
            f"{file} cannot be read ({error.strerror})", remedy="name the file of a log, or -"
        ) from error
    with stream:
        yield stream

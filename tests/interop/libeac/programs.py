"""The programs ``cvc-create`` and ``cvc-print`` of OpenPACE, each run in a folder of its own."""

import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.interop.libeac.objects import get

SECONDS: Final = 20
REMEDY: Final = "install the package openpace (Debian, Ubuntu)"


def run(folder: Path, program: str, *arguments: str) -> str:
    """Return what the program wrote; any other exit code than 0 fails the test."""
    try:
        done = subprocess.run(
            [program, *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="latin-1",
            timeout=SECONDS,
            check=False,
        )
    except FileNotFoundError:
        pytest.fail(f"{program} is missing: {REMEDY}", pytrace=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def create(folder: Path, name: str, **options: str) -> bytes:
    """Return the certificate, DO 7F21, that ``cvc-create`` makes under that reference.

    Args:
        folder: where keys and certificates of earlier runs are.
        name: the holder's reference; file names are made of it.
        options: of the program, with ``_`` for ``-``.
    """
    chosen = [f"--{option.replace('_', '-')}={value}" for option, value in options.items()]
    run(folder, "cvc-create", f"--out-cert={name}.cvcert", *chosen)
    return (folder / f"{name}.cvcert").read_bytes()


def describe(folder: Path, certificate: bytes, *trusted: bytes) -> str:
    """Return what ``cvc-print`` says of a certificate.

    Args:
        folder: where files may be made.
        certificate: DO 7F21.
        trusted: certificates that it may be signed under.
    """
    store = folder / "trusted"
    store.mkdir()
    for octets in trusted:
        name = get(octets, 0x7F21, 0x7F4E, 0x5F20).decode("latin-1")
        (store / name).write_bytes(octets)
    (folder / "shown").write_bytes(certificate)
    return run(folder, "cvc-print", "--cvc=shown", "--cvc-dir=trusted/")


def describe_request(folder: Path, request: bytes) -> str:
    """Return what ``cvc-print`` says of a request for a certificate."""
    (folder / "shown").write_bytes(request)
    return run(folder, "cvc-print", "--csr=shown")

"""The ``openssl`` program, run in a folder of its own."""

import subprocess
from pathlib import Path

SECONDS = 20


def openssl(folder: Path, *arguments: str, succeeds: bool = True) -> str:
    """Return what the program wrote on both channels.

    Args:
        succeeds: whether exit code 0 is expected; the other outcome fails the test.
    """
    run = subprocess.run(
        ["openssl", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    written = run.stdout + run.stderr
    assert (run.returncode == 0) == succeeds, written
    return written


def pem(folder: Path, name: str, octets: bytes, kind: str = "x509") -> str:
    """Return the name of a PEM file with these DER octets, made by the program."""
    (folder / f"{name}.der").write_bytes(octets)
    openssl(folder, kind, "-inform", "DER", "-in", f"{name}.der", "-out", f"{name}.pem")
    return f"{name}.pem"

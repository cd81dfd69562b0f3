#!/usr/bin/env python3
"""Find what is wrong in ``deploy/``: units, Containerfile, compose file, proxy and alerts.

``python scripts/deploy_check.py`` prints each fault and ends with 1 if there is one. It knows the
few things that these files use; whatever else is written there is a fault until it is known here.
"""

import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click

from cardservice.cli.main import cardservice

DEPLOY: Final = Path(__file__).parent.parent / "deploy"
PROGRAM: Final = "/opt/cardservice/bin/cardservice"
_UNIT: Final = frozenset(
    {
        *("Description", "Documentation", "Wants", "After"),
        *("StartLimitIntervalSec", "StartLimitBurst"),
    }
)
HARDENING: Final = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "ProtectClock": "yes",
    "ProtectHostname": "yes",
    "ProtectKernelLogs": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectControlGroups": "yes",
    "ProtectProc": "invisible",
    "ProcSubset": "pid",
    "RestrictNamespaces": "yes",
    "RestrictRealtime": "yes",
    "RestrictSUIDSGID": "yes",
    "LockPersonality": "yes",
    "MemoryDenyWriteExecute": "yes",
    "RemoveIPC": "yes",
    "KeyringMode": "private",
    "CapabilityBoundingSet": "",
    "AmbientCapabilities": "",
    "SystemCallArchitectures": "native",
    "UMask": "0077",
    "LimitCORE": "0",
    "StateDirectoryMode": "0700",
}
_SERVICE: Final = frozenset(HARDENING) | {
    *("Type", "User", "Group", "Environment", "EnvironmentFile", "ExecStart", "Restart"),
    *("RestartSec", "TimeoutStopSec", "TimeoutStartSec", "StateDirectory", "RuntimeDirectory"),
    *("RuntimeDirectoryMode", "RestrictAddressFamilies", "PrivateDevices", "DevicePolicy"),
    *("DeviceAllow", "SystemCallFilter", "SystemCallErrorNumber", "ReadWritePaths"),
    *("LimitNOFILE", "KillSignal"),
}
_SECTIONS: Final = {
    "Unit": _UNIT,
    "Service": _SERVICE,
    "Install": frozenset({"WantedBy"}),
    "Timer": frozenset({"OnCalendar", "RandomizedDelaySec", "Persistent"}),
}
_SECRET: Final = re.compile(r"PASSWORD|PASSPHRASE|SECRET|TOKEN|PRIVATE KEY|\bPIN\b", re.IGNORECASE)
_HOST: Final = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:io|com|net|dev|cloud)\b")
_TAG: Final = re.compile(r"(?i)^FROM\s+\$\{BASE\}(?:\s+AS\s+[a-z]+)?$")
Line = tuple[str, str]


def unit_faults(name: str, text: str) -> Iterator[str]:
    """Yield what is wrong with a unit; ``name`` is its file's."""
    found: list[tuple[str, str, str]] = []
    section = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[]")
            if section not in _SECTIONS:
                yield f"{number}: there is no section {section}"
            continue
        key, equals, value = line.partition("=")
        if not equals or key not in _SECTIONS.get(section, ()):
            yield f"{number}: {key} is not known in {section}"
        found.append((section, key, value))
    if name.endswith(".service"):
        yield from _service_faults(
            [(key, value) for part, key, value in found if part == "Service"]
        )


def _service_faults(lines: Sequence[Line]) -> Iterator[str]:
    given = dict(lines)
    for key, value in HARDENING.items():
        if given.get(key) != value:
            yield f"{key} is not {value or 'empty'}"
    if given.get("User", "root") == "root":
        yield "it runs as root"
    for path in given.get("ReadWritePaths", "").split():
        if not path.startswith("-"):
            yield f"{path} has to be made by hand before it can start; StateDirectory makes its own"
    for key, value in lines:
        if key == "Environment" and _SECRET.search(value):
            yield "a secret stands in the unit"
        if key == "ExecStart":
            yield from command_faults(value)


def command_faults(line: str) -> Iterator[str]:
    """Yield what is wrong with a command: unknown, or with an option that it has not."""
    program, *words = shlex.split(line.replace("%i", "1"))
    if program != PROGRAM:
        if program != "/usr/bin/mv":
            yield f"{program} is not a program of ours"
        return
    command: click.Command = cardservice
    context = click.Context(command, info_name="cardservice")
    while words and isinstance(command, click.Group):
        named = command.get_command(context, words[0])
        if named is None:
            break
        command, words = named, words[1:]
        context = click.Context(command, info_name=command.name, parent=context)
    if isinstance(command, click.Group) and not command.invoke_without_command:
        yield f"{line}: there is no such command"
        return
    try:
        command.make_parser(context).parse_args(words)
    except click.UsageError as error:
        yield f"{line}: {error.message}"


def container_faults(text: str) -> Iterator[str]:
    """Yield what is wrong with a Containerfile."""
    lines = [one for one in text.splitlines() if one.strip() and not one.startswith("#")]
    words = [one.split(maxsplit=1) for one in lines]
    if lines[0] != "ARG BASE":
        yield "the base is an argument without a default"
    for keyword, rest in words:
        line = f"{keyword} {rest}"
        if keyword == "FROM" and not _TAG.fullmatch(line):
            yield f"{line}: the base is named by its digest, in BASE"
        if keyword == "ADD":
            yield "ADD fetches and unpacks: use COPY"
        if keyword in {"RUN", "CMD", "ENTRYPOINT"} and not rest.startswith("["):
            yield f"{keyword} goes through a shell"
        if keyword in {"ENV", "ARG"} and _SECRET.search(rest):
            yield f"{keyword} has a secret, and every layer keeps it"
        if "pip" in rest and "-r" in rest and "--require-hashes" not in rest:
            yield "packages are installed without their hashes"
    yield from _stage_faults(words)


def _stage_faults(words: Sequence[Sequence[str]]) -> Iterator[str]:
    last = max(index for index, (keyword, _) in enumerate(words) if keyword == "FROM")
    stage = words[last:]
    users = [rest for keyword, rest in stage if keyword == "USER"]
    if not users or users[-1].split(":")[0] in {"0", "root"}:
        yield "it runs as root"
    for wanted in ("HEALTHCHECK", "ENTRYPOINT", "STOPSIGNAL"):
        if all(keyword != wanted for keyword, _ in stage):
            yield f"there is no {wanted}"


def text_faults(text: str) -> Iterator[str]:
    """Yield what no file here may have: the names of others' hosts, and secrets."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            continue
        if host := _HOST.search(line):
            yield f"{number}: {host[0]} is somebody's host"
        if "BEGIN " in line and "KEY" in line:
            yield f"{number}: a key stands here"


def proxy_faults(text: str) -> Iterator[str]:
    """Yield what is wrong with the proxy's configuration."""
    bare = "\n".join(line.partition("#")[0] for line in text.splitlines())
    if bare.count("{") != bare.count("}"):
        yield "the braces do not match"
    for logged in ("$request_uri", "$request ", "$uri", "$args", "$remote_user", "$http_referer"):
        if logged in bare:
            yield f"{logged.strip()} would bring addresses into the logs"
    if re.search(r"ssl_protocols[^;]*(?:TLSv1\.1|TLSv1[ ;]|SSL)", bare):
        yield "an old TLS is allowed"
    for path in ("/metrics", "/ready"):
        if not re.search(rf"location = {path} \{{ return 404; \}}", bare):
            yield f"{path} is told to others"
    for part in re.findall(r"server \{(.*?)\n    \}", bare, re.DOTALL):
        if "listen 443 ssl" not in part:
            yield "a server speaks plain http"
        yield from (
            f"{wanted} is missing" for wanted in ("client_max_body_size",) if wanted not in part
        )


def faults(folder: Path = DEPLOY) -> Iterator[str]:
    """Yield everything that is wrong in a folder like ``deploy``."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        found = [*text_faults(text)]
        if path.suffix in {".service", ".timer"}:
            found += unit_faults(path.name, text)
        if path.name == "Containerfile":
            found += container_faults(text)
        if path.name == "nginx.conf":
            found += proxy_faults(text)
        yield from (f"{path.relative_to(folder)}: {one}" for one in found)


def main() -> int:
    """Print the faults; 1 if there is one."""
    found = list(faults())
    for one in found:
        print(one)  # noqa: T201 - it is what the script is for
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

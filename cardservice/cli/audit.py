"""``cardservice audit``: prove that nobody changed the audit log, sign its head, look at it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from cardservice.cli.exit_codes import Exit, reports_errors
from cardservice.cli.passphrase import ask_passphrase
from cardservice.errors import UsageError
from cardservice.home.folder import Folder
from cardservice.home.issuer import utc_now
from cardservice.home.office_audit import DatabaseAuditLog
from cardservice.home.office_database import office_database
from cardservice.home.office_keys import HEAD_KEY, head_keys, require_office_keys
from cardservice.keystores.passphrase import passphrase_from
from cardservice.keystores.software import SoftwareKeyStore
from cardservice.pki.keys import SigningKey
from cardservice.registry.audit import AuditLog
from cardservice.registry.audit_coding import time_text
from cardservice.registry.audit_lines import LINE_LENGTH, head_from_line, head_to_line
from cardservice.registry.audit_values import AuditEntry, AuditHead
from cardservice.registry.audit_verifying import AuditFault, verify_chain
from cardservice.settings import load_settings

MOST_HEADS: Final = 100_000  # lines of a file of heads
_REGION = click.option("--region", required=True, metavar="DIGITS", help="Whose log, five digits.")


@dataclass(frozen=True, slots=True)
class AuditAccess:
    """What the commands work on.

    Attributes:
        log: with its store.
        keys: name → SubjectPublicKeyInfo, DER, of every key that ever signed a head.
        signing: name and key that signs now; asks for the passphrase when it is called.
    """

    log: AuditLog
    keys: Mapping[str, bytes]
    signing: Callable[[], tuple[str, SigningKey]]


OpenAudit = Callable[[], AbstractContextManager[AuditAccess]]


def audit_group(open_audit: OpenAudit) -> click.Group:
    """Return the command ``audit`` over the log that ``open_audit`` opens."""
    group = click.Group("audit", help="Prove that nobody changed the audit log; look at it.")
    for command in (_verify(open_audit), _head(open_audit), _show(open_audit)):
        group.add_command(command)
    return group


def _verify(open_audit: OpenAudit) -> click.Command:
    @click.command(
        "verify",
        short_help="Check every entry, every link and every signed head.",
        epilog="""\b
Example:
  cardservice audit verify --region 45000 --heads heads.txt""",
    )
    @_REGION
    @click.option(
        "--heads",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="File of heads kept elsewhere, one a line as `audit head` prints them.",
    )
    @reports_errors
    def verify(region: str, heads: Path | None) -> None:
        """Check every entry, every link and every signed head; exit status 1 at a fault.

        Without a head kept elsewhere, a log cut off together with its last heads looks whole.
        """
        kept = () if heads is None else _heads_of(heads, region)
        with open_audit() as access:
            store = access.log.store
            known = (*store.heads(region), *kept)
            try:
                found = verify_chain(store.entries(region), known, access.keys, region=region)
            except AuditFault as fault:
                click.echo(f"entry {fault.number}: {fault.code}: {fault.sentence}")
                raise SystemExit(Exit.NOT_ALL_GOOD) from None
        click.echo(f"{found.entries} entries, whole; signed up to entry {found.signed}")

    return verify


def _head(open_audit: OpenAudit) -> click.Command:
    @click.command(
        "head",
        short_help="Sign the last entry and print the newest head.",
        epilog="""\b
Example (keep the file where the office cannot write):
  cardservice audit head --region 45000 >> heads.txt""",
    )
    @_REGION
    @reports_errors
    def head(region: str) -> None:
        """Sign the last entry if it has no head; print the newest head, to be kept elsewhere."""
        with open_audit() as access:
            last = access.log.store.last(region)
            if last is None:
                raise UsageError("the audit log of that region is empty")
            heads = access.log.store.heads(region)
            if not heads or heads[-1].number < last.number:
                key_name, key = access.signing()
                access.log.sign_head(region, key_name=key_name, key=key)
            click.echo(head_to_line(access.log.store.heads(region)[-1]))

    return head


def _show(open_audit: OpenAudit) -> click.Command:
    @click.command(
        "show",
        short_help="Print entries, one a line.",
        epilog="""\b
Example:
  cardservice audit show --region 45000 --from 100""",
    )
    @_REGION
    @click.option("--from", "first", type=click.IntRange(min=1), default=1, metavar="N")
    @click.option("--subject", metavar="ID", help="Only entries about this one.")
    @reports_errors
    def show(region: str, first: int, subject: str | None) -> None:
        """Print entries, one a line: number, time, who, role, what, on what ground."""
        with open_audit() as access:
            for entry in access.log.store.entries(region):
                if entry.number >= first and subject in (None, entry.fact.subject_id):
                    click.echo(line_of(entry))

    return show


def line_of(entry: AuditEntry) -> str:
    """Return an entry as one line of text."""
    fact = entry.fact
    details = " ".join(f"{name}={value}" for name, value in sorted(fact.details.items()))
    subject = f"{fact.subject_kind} {fact.subject_id}".strip()
    who = f"{fact.actor} ({fact.role})"
    parts = (entry.number, time_text(entry.at), who, fact.action, subject, fact.ground, details)
    return "  ".join(str(one) for one in parts if one)


@contextmanager
def _configured() -> Iterator[AuditAccess]:
    """Lend the log of the database in the settings; its keys are those of the home folder."""
    settings = load_settings()
    folder = Folder(settings.home)

    def signing() -> tuple[str, SigningKey]:
        keys = SoftwareKeyStore(folder.keys, passphrase_from(prompt=ask_passphrase))
        require_office_keys(keys)
        return HEAD_KEY, keys.signing_key(HEAD_KEY)

    with office_database(settings) as database:
        log = AuditLog(DatabaseAuditLog(database), utc_now)
        yield AuditAccess(log, head_keys(folder), signing)


def _heads_of(path: Path, region: str) -> tuple[AuditHead, ...]:
    found = []
    with path.open(encoding="utf-8", errors="replace") as file:
        for _ in range(MOST_HEADS):
            line = file.readline(LINE_LENGTH + 1)
            if not line:
                break
            if line.strip():
                found.append(head_from_line(line))
    return tuple(one for one in found if one.region == region)


audit: Final = audit_group(_configured)
"""``cardservice audit`` over the office's database."""

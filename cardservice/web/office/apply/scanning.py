"""From an uploaded file to a scan in the vault."""

from typing import Annotated, Final

from fastapi import Depends, File, Request
from fastapi import UploadFile as FormFile
from starlette.datastructures import UploadFile

from cardservice.errors import Refusal
from cardservice.registry.applications_documents import Scan
from cardservice.uploads.receiving import SCAN_OCTETS
from cardservice.uploads.scans import ScanKind, examine_scan
from cardservice.uploads.vault import ScanVault
from cardservice.web.office.forms import MAX_FIELDS, MAX_TEXT

MAX_UPLOAD: Final = 2 * SCAN_OCTETS + MAX_TEXT  # beyond the bound there is room for a reason
PICTURES: Final = frozenset({ScanKind.JPEG, ScanKind.PNG})


async def sent_files(request: Request) -> tuple[UploadFile, ...]:
    """Return the files of the form that was sent; a field left empty comes without a name."""
    form = await request.form(max_fields=MAX_FIELDS)
    found = (one for _, one in form.multi_items() if isinstance(one, UploadFile))
    return tuple(one for one in found if one.filename)


OneFile = Annotated[FormFile | None, File()]
Files = Annotated[tuple[UploadFile, ...], Depends(sent_files)]


def keep_scan(
    file: UploadFile | None,
    vault: ScanVault,
    *,
    kinds: frozenset[ScanKind] = frozenset(ScanKind),
) -> Scan:
    """Return where the scan that ``file`` is lies from now on.

    Args:
        file: as it was sent; what its name and its sender say of it is not looked at.
        vault: where it is to lie, encrypted.
        kinds: those that will do.

    Raises:
        Refusal: ``file-missing``; as ``kept_scan``.
    """
    octets = file.file.read(SCAN_OCTETS + 1) if file is not None else b""
    if not octets:
        raise Refusal("file-missing", "Choose a file.", field="file")
    return kept_scan(octets, vault, kinds=kinds)


def kept_scan(
    octets: bytes, vault: ScanVault, *, kinds: frozenset[ScanKind] = frozenset(ScanKind)
) -> Scan:
    """Return where the scan that ``octets`` are lies from now on.

    Raises:
        Refusal: ``photo-kind``: it is none of ``kinds``; as ``examine_scan``; field ``file``.
    """
    found = examine_scan(octets)
    if found.kind not in kinds:
        raise Refusal("photo-kind", "A photo is a JPEG or PNG picture.", field="file")
    return Scan(
        content_hash=bytes.fromhex(vault.keep(found.octets)),
        # The vault keeps the key of a scan beside it, wrapped; rows know its name alone.
        wrapped_key=b"",
        media_type=found.kind.value,
        size=len(found.octets),
    )

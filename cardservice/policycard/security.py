"""What EF.SOD's hashes cover, and whether a card's files are what it lists.

Source: card.md, section 3; ICAO Doc 9303-10 (8th edition), 4.6.2 for the security object.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, unique
from hashlib import sha256
from typing import Final

from cardservice.apdu.tlv import Entry, header_at
from cardservice.domain.verdict import Reason
from cardservice.errors import MalformedDataError, UsageError
from cardservice.policycard.insurer import walk_insurer
from cardservice.policycard.objects import FileObjects
from cardservice.policycard.owner import walk_owner
from cardservice.policycard.tags import FieldTag

_PHOTO_TAG: Final = int(FieldTag.PHOTO)


@unique
class Group(IntEnum):
    """The data-group numbers under which EF.SOD lists our objects."""

    OWNER_TEXTS = 1  # the octets of the 62 value that precede 7F40
    CARD_ID = 2
    INSURER = 3  # the EF that the pointer names
    ICCID = 4
    PHOTO = 5  # the 7F40 object as it stands
    CHIP_SECURITY = 14


# As plain numbers, which are quicker to look up than members.
_OWNER_TEXTS, _CARD_ID, _INSURER, _ICCID, _PHOTO, _CHIP_SECURITY = map(int, Group)
_JUDGED_ELSEWHERE: Final = (_PHOTO, _CHIP_SECURITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedFiles:
    """The files an EF.SOD speaks of, as received; None: not on the card.

    Attributes:
        owner: the owner EF, or its first part, enough for ``walk_owner``.
        insurer: the current one.
        photo: the ``7F40`` object if it was read apart from ``owner``.
        unread: numbers of groups that were left on the card: not read is not missing.
    """

    owner: bytes | None = field(repr=False)
    insurer: bytes | None = field(repr=False)
    card_id: bytes | None = field(repr=False)
    iccid: bytes | None = field(repr=False)
    chip_security: bytes | None = field(repr=False)
    photo: bytes | None = field(default=None, repr=False)
    unread: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which the files are not what EF.SOD lists, and of which group."""

    group: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class GroupCheck:
    """What came of comparing a card's files with the hashes listed.

    Attributes:
        findings: all that is wrong; empty: *data signed* holds, as far as hashes go.
        covered: numbers of the groups whose hashes are listed and right.
        unread: groups that are listed and on the card but were not read: the photo, or nothing.
            That is no failure.
        owner, insurer: the walked files, for ``read_owner`` and ``read_insurer``; None when
            they are not there or malformed.
    """

    findings: tuple[Finding, ...]
    covered: frozenset[int]
    unread: tuple[int, ...] = ()
    owner: FileObjects | None = field(default=None, repr=False)
    insurer: FileObjects | None = field(default=None, repr=False)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The findings' reasons, each once, in the order of the findings."""
        return tuple(dict.fromkeys(finding.reason for finding in self.findings))


def digest_groups(files: SignedFiles) -> dict[int, bytes]:
    """Return the SHA-256 that EF.SOD lists for each object there is, by group number.

    Raises:
        MalformedDataError: the owner EF cannot be walked.
    """
    return _digests(files, None if files.owner is None else walk_owner(files.owner))


def digest_written(*, owner: bytes, insurer: bytes, photo: bytes = b"") -> dict[int, bytes]:
    """Return hashes 1, 3 and 5 of files just written, as ``digest_groups`` would.

    They need not be walked, because whoever wrote them knows where the photo begins.

    Args:
        owner: from ``encode_owner``.
        insurer: from ``encode_insurer``.
        photo: the ``7F40`` object that ``owner`` ends with, empty if there is none.

    Raises:
        UsageError: ``owner`` does not end with ``photo``.
    """
    root = header_at(owner)
    if root is None or not owner.endswith(photo):
        raise UsageError("the owner EF does not end with this photo")
    texts = owner[root[2] : len(owner) - len(photo)]
    digests = {_OWNER_TEXTS: sha256(texts).digest(), _INSURER: sha256(insurer).digest()}
    if photo:
        digests[_PHOTO] = sha256(photo).digest()
    return digests


def check_groups(listed: Mapping[int, bytes], files: SignedFiles) -> GroupCheck:
    """Return how a card's files compare with the hashes that its EF.SOD lists.

    Never raises for anything a card did. Not looked at: who signed the list, and what the
    fields say. The reasons:

    * ``CONTENT_MALFORMED``: the owner or insurer EF cannot be walked, or is cut short;
    * ``OBJECT_MISSING``: a listed object is not on the card, or is none of ours;
    * ``DATA_ALTERED``: a hash is another one;
    * ``DATA_NOT_COVERED``: an object other than EF.ChipSecurity is not listed, or octets lie
      behind the photo or behind the owner record. Whether EF.ChipSecurity is vouched for is a
      question of its own: ``Group.CHIP_SECURITY in covered``;
    * ``DATA_REPEATED``: a tag occurs twice in the owner or insurer EF.

    Args:
        listed: group number → hash, from a security object whose signature was verified.
        files: as read.

    Source: card.md, section 3.
    """
    findings: list[Finding] = []
    owner = _walked(walk_owner, files.owner, Group.OWNER_TEXTS, findings)
    insurer = _walked(walk_insurer, files.insurer, Group.INSURER, findings)
    digests = _digests(files, owner)
    unread = _unread_groups(listed, files, owner)
    covered = _compare(listed, digests, unjudged=_unjudged(files, owner, unread), findings=findings)
    if owner is not None and _has_octets_outside(listed, files, owner):
        findings.append(Finding(Group.OWNER_TEXTS, Reason.DATA_NOT_COVERED))
    for group, file in ((Group.OWNER_TEXTS, owner), (Group.INSURER, insurer)):
        if file is not None and file.repeated:
            findings.append(Finding(group, Reason.DATA_REPEATED))
    return GroupCheck(tuple(findings), covered, unread, owner, insurer)


def _walked(
    walk: Callable[[bytes], FileObjects],
    octets: bytes | None,
    group: Group,
    findings: list[Finding],
) -> FileObjects | None:
    if octets is None:
        return None
    try:
        return walk(octets)
    except MalformedDataError:
        findings.append(Finding(group, Reason.CONTENT_MALFORMED))
        return None


def _digests(files: SignedFiles, owner: FileObjects | None) -> dict[int, bytes]:
    digests: dict[int, bytes] = {}
    if files.card_id:
        digests[_CARD_ID] = sha256(files.card_id).digest()
    if files.insurer:
        digests[_INSURER] = sha256(files.insurer).digest()
    if files.iccid:
        digests[_ICCID] = sha256(files.iccid).digest()
    if files.chip_security:
        digests[_CHIP_SECURITY] = sha256(files.chip_security).digest()
    if owner is not None:
        photo = owner.found.get(_PHOTO_TAG)
        texts = owner.octets[owner.start : owner.end if photo is None else photo[1]]
        digests[_OWNER_TEXTS] = sha256(texts).digest()
        if photo is not None and (octets := _photo_octets(files, owner.octets, photo)):
            digests[_PHOTO] = sha256(octets).digest()
    return digests


def _photo_octets(files: SignedFiles, octets: bytes, photo: Entry) -> bytes | None:
    _, header, _, end = photo
    return octets[header:end] if end <= len(octets) else files.photo


def _unread_groups(
    listed: Mapping[int, bytes], files: SignedFiles, owner: FileObjects | None
) -> tuple[int, ...]:
    unread = tuple(sorted(files.unread)) if files.unread else ()
    if owner is None or files.photo is not None or _PHOTO not in listed:
        return unread
    photo = owner.found.get(_PHOTO_TAG)
    return (_PHOTO, *unread) if photo is not None and photo[3] > len(owner.octets) else unread


def _unjudged(
    files: SignedFiles, owner: FileObjects | None, unread: tuple[int, ...]
) -> tuple[int, ...]:
    # A malformed owner EF is found already; where its parts lie, nobody can say.
    malformed = owner is None and files.owner is not None
    return (_OWNER_TEXTS, _PHOTO, *unread) if malformed else unread


def _compare(
    listed: Mapping[int, bytes],
    digests: Mapping[int, bytes],
    *,
    unjudged: tuple[int, ...],
    findings: list[Finding],
) -> frozenset[int]:
    if listed == digests:
        return frozenset(listed)
    covered = []
    for group, digest in listed.items():
        if group not in digests:
            if group not in unjudged:
                findings.append(Finding(group, Reason.OBJECT_MISSING))
        elif digests[group] == digest:
            covered.append(group)
        else:
            findings.append(Finding(group, Reason.DATA_ALTERED))
    findings.extend(
        Finding(group, Reason.DATA_NOT_COVERED)
        for group in digests
        if group not in listed and group not in _JUDGED_ELSEWHERE
    )
    return frozenset(covered)


def _has_octets_outside(
    listed: Mapping[int, bytes], files: SignedFiles, owner: FileObjects
) -> bool:
    photo = owner.found.get(_PHOTO_TAG)
    if photo is None or len(owner.octets) > owner.end:
        return len(owner.octets) > owner.end
    _, header, _, end = photo
    apart = files.photo is not None and len(files.photo) != end - header
    return end != owner.end or _PHOTO not in listed or apart

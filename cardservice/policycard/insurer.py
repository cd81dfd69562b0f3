"""An insurer EF, ``64{…}``: who insures the holder, from when.

Source: card.md, section 2; golden files ``insurer-*``.
"""

from dataclasses import dataclass, field
from typing import Final

from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.numbers import OGRN_DIGITS, OKATO_DIGITS, Ogrn, Okato
from cardservice.errors import UsageError
from cardservice.policycard.fields import (
    DateField,
    DigitsField,
    Field,
    FileField,
    OctetsField,
)
from cardservice.policycard.layout import INSURER_LIMIT
from cardservice.policycard.objects import FileObjects, Grammar, walk
from cardservice.policycard.reading import Found, note_repeated, note_unknown
from cardservice.policycard.tags import FieldTag

_OGRN: Final = DigitsField(FieldTag.OGRN, OGRN_DIGITS)
_OKATO: Final = DigitsField(FieldTag.OKATO, OKATO_DIGITS)
_START: Final = DateField(FieldTag.START_DATE)
_END: Final = DateField(FieldTag.END_DATE)
_SIGNATURE: Final = OctetsField(FieldTag.SIGNATURE)
_CERTIFICATE: Final = OctetsField(FieldTag.CERTIFICATE)
_SIGNED: Final = Field(FieldTag.INSURER_SIGNATURE)
_TEMPLATE: Final = _SIGNED.key
_FILE: Final = FileField(FieldTag.INSURER, INSURER_LIMIT)

_SIGNATURE_TAGS: Final = frozenset({_SIGNATURE.key, _CERTIFICATE.key})
_TAGS: Final = frozenset({_OGRN.key, _OKATO.key, _START.key, _END.key, _TEMPLATE})
GRAMMAR: Final = Grammar(
    words="insurer EF", root=_FILE.key, limit=_FILE.limit, templates=(_TEMPLATE,)
)


@dataclass(frozen=True, slots=True)
class InsurerSignature:
    """The insurer's signature over ``octets_without_signature``, not verified here.

    It names neither person nor card, so it never makes a card valid.

    Attributes:
        signature: ours is ECDSA P-256/SHA-256, r‖s, 64 octets; in the field GOST.
        certificate: the insurer's, X.509, DER.
    """

    signature: bytes = field(repr=False)
    certificate: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class InsurerRecord:
    """What an insurer EF says; ``signature`` is None if there is none."""

    insurance: InsurancePeriod
    signature: InsurerSignature | None = None


@dataclass(frozen=True, slots=True)
class ReadInsurer:
    """What was read from an insurer EF; the attributes mean what ``ReadOwner``'s do."""

    record: InsurerRecord
    skipped: tuple[str, ...] = ()
    repeated: tuple[int, ...] = ()


def encode_insurer(record: InsurerRecord) -> bytes:
    """Return the insurer EF, at most 2,048 octets.

    Raises:
        UsageError: too large, a number of another form, or an end before the start.
    """
    insurance, signature = record.insurance, record.signature
    if insurance.end_date is not None and insurance.end_date < insurance.start_date:
        raise UsageError("the insurance ends before it starts")
    parts = [
        _OGRN.encode(insurance.ogrn),
        _OKATO.encode(insurance.okato),
        _START.encode(insurance.start_date),
    ]
    if insurance.end_date is not None:
        parts.append(_END.encode(insurance.end_date))
    if signature is not None:
        value = _SIGNATURE.encode(signature.signature) + _CERTIFICATE.encode(signature.certificate)
        parts.append(_SIGNED.wrap(value))
    return _FILE.encode(parts)


def octets_without_signature(octets: bytes) -> bytes:
    """Return what the insurer signs: the file as if ``7F60`` were not there.

    The objects stay as received; only the length around them is written anew, minimal.

    Raises:
        MalformedDataError: as ``walk_insurer``.
    """
    file = walk_insurer(octets)
    signature = file.found.get(_TEMPLATE)
    if signature is None:
        value = octets[file.start : file.end]
    else:
        value = octets[file.start : signature[1]] + octets[signature[3] : file.end]
    return _FILE.wrap(value)


def walk_insurer(octets: bytes) -> FileObjects:
    """Return where the objects of an insurer EF lie.

    Raises:
        MalformedDataError: as ``objects.walk``.
    """
    return walk(octets, GRAMMAR)


def decode_insurer(octets: bytes) -> ReadInsurer:
    """Return what an insurer EF says; Raises: MalformedDataError, see ``read_insurer``."""
    return read_insurer(walk_insurer(octets))


def read_insurer(file: FileObjects) -> ReadInsurer:
    """Return what a walked insurer EF says, as liberally as ``read_owner``.

    Raises:
        MalformedDataError: OGRN, OKATO or start date missing; a field is not digits or no date
            of the calendar. The message names the field, never its content.
    """
    octets, found, notes = file.octets, file.found, list[str]()
    insurance = InsurancePeriod(
        ogrn=Ogrn(_OGRN.require(octets, found)),
        okato=Okato(_OKATO.require(octets, found)),
        start_date=_START.require(octets, found),
        end_date=_END.read(octets, found, notes),
    )
    signed = file.inner.get(_TEMPLATE)
    signature = None if signed is None else _read_signature(octets, signed, notes)
    note_unknown(found, _TAGS, notes)
    note_repeated(file, notes)
    return ReadInsurer(InsurerRecord(insurance, signature), tuple(notes), file.repeated)


def _read_signature(octets: bytes, found: Found, notes: list[str]) -> InsurerSignature | None:
    note_unknown(found, _SIGNATURE_TAGS, notes)
    signature, certificate = _SIGNATURE.read(octets, found), _CERTIFICATE.read(octets, found)
    if not signature or not certificate:
        notes.append("insurer's signature is incomplete")
        return None
    return InsurerSignature(signature, certificate)

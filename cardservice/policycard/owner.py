"""The owner EF, ``62{…}``: who the holder is.

Source: card.md, section 2; golden files ``owner-*``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from cardservice.domain import texts
from cardservice.domain.holder import Citizenship, Holder, Sex
from cardservice.domain.numbers import ENP_DIGITS, Enp, Snils, format_snils, has_good_check_digit
from cardservice.errors import UsageError
from cardservice.policycard.bcd import DATE_LEN, UNLIMITED
from cardservice.policycard.fields import (
    DateField,
    DigitsField,
    Field,
    FileField,
    OctetsField,
    TextField,
)
from cardservice.policycard.layout import CardFile
from cardservice.policycard.objects import CutShortError, FileObjects, Grammar, walk
from cardservice.policycard.photo import Photo, encode_photo, read_photo
from cardservice.policycard.reading import Found, note_repeated, note_unknown
from cardservice.policycard.tags import FieldTag

_ENP: Final = DigitsField(FieldTag.ENP, ENP_DIGITS)
_SURNAME: Final = TextField(FieldTag.SURNAME, texts.NAME_LENGTH)
_GIVEN_NAME: Final = TextField(FieldTag.GIVEN_NAME, texts.NAME_LENGTH)
_PATRONYMIC: Final = TextField(FieldTag.PATRONYMIC, texts.NAME_LENGTH)
_SEX: Final = OctetsField(FieldTag.SEX, 1)
_BIRTH_DATE: Final = DateField(FieldTag.BIRTH_DATE)
_COUNTRY_CODE: Final = TextField(FieldTag.COUNTRY_CODE, texts.COUNTRY_CODE_LENGTH)
_COUNTRY_NAME: Final = TextField(FieldTag.COUNTRY_NAME, texts.COUNTRY_NAME_LENGTH)
_SNILS: Final = TextField(FieldTag.SNILS, len("NNN-NNN-NNN CC"))
_EXPIRY: Final = DateField(FieldTag.EXPIRY)
_BIRTH_PLACE: Final = TextField(FieldTag.BIRTH_PLACE, texts.BIRTH_PLACE_LENGTH)
_ISSUE_DATE: Final = DateField(FieldTag.ISSUE_DATE)
_COUNTRY: Final = Field(FieldTag.CITIZENSHIP)
_CITIZENSHIP: Final = _COUNTRY.key
_PHOTO: Final = int(FieldTag.PHOTO)

_SEX_OCTETS: Final = {Sex.MALE: b"\x01", Sex.FEMALE: b"\x02"}
_SEXES: Final = {octet: sex for sex, octet in _SEX_OCTETS.items()}

_COUNTRY_TAGS: Final = frozenset({_COUNTRY_CODE.key, _COUNTRY_NAME.key})
_TEXTS: Final = (_ENP, _SURNAME, _GIVEN_NAME, _PATRONYMIC, _SEX, _BIRTH_DATE, _SNILS, _EXPIRY)
_TAGS: Final = frozenset({one.key for one in (*_TEXTS, _BIRTH_PLACE, _ISSUE_DATE)}) | {
    _CITIZENSHIP,
    _PHOTO,
}
_FILE: Final = FileField(FieldTag.OWNER, CardFile.OWNER.spec.limit)
GRAMMAR: Final = Grammar(
    words="owner EF",
    root=_FILE.key,
    limit=_FILE.limit,
    templates=(_CITIZENSHIP, _PHOTO),
    deferred=_PHOTO,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerRecord:
    """What the owner EF says.

    Attributes:
        holder: the person.
        expiry: last day of the policy; None: unlimited, as every citizen's is.
        issue_date: of the policy, None if not on the card.
        photo: None if not on the card, not read or not to be shown.
    """

    holder: Holder
    expiry: date | None = None
    issue_date: date | None = None
    photo: Photo | None = None


@dataclass(frozen=True, slots=True)
class ReadOwner:
    """What was read from an owner EF.

    Attributes:
        record: the content; unproved until its hashes were checked.
        skipped: what was passed over or taken in an uncommon form, in plain words.
        repeated: tags that occur more than once, of which the first was taken. Under an EF.SOD
            they fail *data signed*: ``check_groups`` says so.
        photo_unread: there is a photo, and the octets end before its own do.
    """

    record: OwnerRecord = field(repr=False)
    skipped: tuple[str, ...] = ()
    repeated: tuple[int, ...] = ()
    photo_unread: bool = False


def encode_owner(record: OwnerRecord) -> bytes:
    """Return the owner EF, at most 24,576 octets.

    Raises:
        UsageError: a field that cannot be written as it is: empty or too long, hidden
            characters, not NFC, a number of another form, an expiry that reads as none.
    """
    return _FILE.encode(_parts(record))


def _parts(record: OwnerRecord) -> Iterator[bytes]:
    holder = record.holder
    yield _ENP.encode(holder.enp)
    yield _SURNAME.encode(holder.surname)
    yield _GIVEN_NAME.encode(holder.given_name)
    if holder.patronymic is not None:
        yield _PATRONYMIC.encode(holder.patronymic)
    yield _SEX.encode(_SEX_OCTETS[holder.sex])
    yield _BIRTH_DATE.encode(holder.birth_date)
    if holder.citizenship is not None:
        yield _encode_citizenship(holder.citizenship)
    if holder.snils is not None:
        yield _encode_snils(holder.snils)
    if record.expiry is not None:
        yield _encode_expiry(record.expiry)
    if holder.birth_place is not None:
        yield _BIRTH_PLACE.encode(holder.birth_place)
    if record.issue_date is not None:
        yield _ISSUE_DATE.encode(record.issue_date)
    if record.photo is not None:
        yield encode_photo(record.photo)


def _encode_citizenship(country: Citizenship) -> bytes:
    return _COUNTRY.wrap(_COUNTRY_CODE.encode(country.code) + _COUNTRY_NAME.encode(country.name))


def _encode_snils(snils: str) -> bytes:
    if format_snils(snils) != snils:
        raise UsageError("SNILS is not in the form NNN-NNN-NNN CC")
    return _SNILS.encode(snils)


def _encode_expiry(day: date) -> bytes:
    encoded = _EXPIRY.encode(day)
    if encoded[-DATE_LEN:] in UNLIMITED:
        raise UsageError("this expiry would be read as unlimited")
    return encoded


def walk_owner(octets: bytes) -> FileObjects:
    """Return where the objects of an owner EF lie.

    Args:
        octets: the EF, or its first part: enough is what reaches the photo's length, when this
            length alone ends the file.

    Raises:
        CutShortError: too few octets; ``wanted`` says how many to read before trying again.
        MalformedDataError: as ``objects.walk``.
    """
    return walk(octets, GRAMMAR)


def decode_owner(octets: bytes) -> ReadOwner:
    """Return what a whole owner EF says; see ``read_owner``.

    Raises:
        MalformedDataError: also when the photo is cut short.
    """
    file = walk_owner(octets)
    if file.end > len(octets):
        raise CutShortError(GRAMMAR.words, wanted=file.end)
    return read_owner(file)


def read_owner(file: FileObjects) -> ReadOwner:
    """Return what a walked owner EF says, without the photo if that is not among the octets.

    Order, unknown tags, non-minimal lengths, longer texts than ours and absent optional fields
    are accepted. Check digits are noted, not refused.

    Raises:
        MalformedDataError: a required field is missing, or a field is not UTF-8, not digits, no
            date of the calendar, no sex. The message names the field, never its content.
    """
    octets, found, notes = file.octets, file.found, list[str]()
    photo = file.inner.get(_PHOTO)
    record = OwnerRecord(
        holder=_read_holder(file, notes),
        expiry=_read_expiry(octets, found, notes),
        issue_date=_ISSUE_DATE.read(octets, found, notes),
        photo=None if photo is None else read_photo(octets, photo, notes),
    )
    note_unknown(found, _TAGS, notes)
    note_repeated(file, notes)
    unread = photo is None and _PHOTO in found
    return ReadOwner(record, tuple(notes), file.repeated, unread)


def _read_holder(file: FileObjects, notes: list[str]) -> Holder:
    octets, found = file.octets, file.found
    country = file.inner.get(_CITIZENSHIP)
    return Holder(
        enp=_read_enp(octets, found, notes),
        surname=_SURNAME.require(octets, found, notes),
        given_name=_GIVEN_NAME.require(octets, found, notes),
        patronymic=_PATRONYMIC.read(octets, found, notes),
        sex=_read_sex(octets, found),
        birth_date=_BIRTH_DATE.require(octets, found),
        birth_place=_BIRTH_PLACE.read(octets, found, notes),
        citizenship=None if country is None else _read_citizenship(octets, country, notes),
        snils=_read_snils(octets, found, notes),
    )


def _read_enp(octets: bytes, found: Found, notes: list[str]) -> Enp:
    digits = _ENP.require(octets, found)
    if not has_good_check_digit(digits.encode()):
        notes.append(f"{_ENP.words}'s check digit is wrong")
    return Enp(digits)


def _read_sex(octets: bytes, found: Found) -> Sex:
    sex = _SEXES.get(_SEX.require(octets, found))
    if sex is None:
        raise _SEX.malformed("is neither 01 nor 02")
    return sex


def _read_citizenship(octets: bytes, found: Found, notes: list[str]) -> Citizenship | None:
    note_unknown(found, _COUNTRY_TAGS, notes)
    code = _COUNTRY_CODE.read(octets, found, notes)
    name = _COUNTRY_NAME.read(octets, found, notes)
    return Citizenship(code or "", name or "") if code or name else None


def _read_snils(octets: bytes, found: Found, notes: list[str]) -> Snils | None:
    text = _SNILS.read(octets, found, notes)
    if text is None:
        return None
    snils = format_snils(text)
    if snils is None:
        raise _SNILS.malformed("is not in the form NNN-NNN-NNN CC")
    if snils != text:
        notes.append("SNILS is written without its usual hyphens")
    return snils


def _read_expiry(octets: bytes, found: Found, notes: list[str]) -> date | None:
    entry = found.get(_EXPIRY.key)
    # Zeros and 01.01.1900 are how cards of the field say that a policy does not expire.
    if entry is None or octets[entry[2] : entry[3]] in UNLIMITED:
        return None
    return _EXPIRY.read(octets, found, notes)

"""What fields of forms and columns of tables are called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cardservice.texts.languages import Language
from cardservice.texts.office.catalogs import OFFICE, merged

FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "channel": "How the application came in",
        "reason": "Reason",
        "applicant": "Who applies",
        "person": "Person",
        "representative": "Representative",
        "full_capacity": "Full legal capacity before being of age",
        "disability": "Disability, asks for a visit at home",
        "ground": "Ground",
        "work": "What is to be done",
        "first_chip": "First and last chip",
        "insurer_ogrn": "OGRN of the insurer",
        "okato": "Region (OKATO)",
        "documents": "Documents",
        "photo": "Photo",
        "pin": "PIN",
        "puk": "PUK",
        "photo_taken_on": "Day of the photo",
        "consent": "Consent to the processing of personal data",
        "application": "Application",
        "surname": "Surname",
        "given_name": "Given name",
        "patronymic": "Patronymic",
        "sex": "Sex",
        "birth_date": "Birth date",
        "birth_place": "Birth place",
        "citizenship_code": "Country of citizenship (code)",
        "citizenship_name": "Country of citizenship",
        "category": "Category",
        "snils": "SNILS",
        "enp": "Policy number",
        "address": "Address",
        "phone": "Telephone",
        "email": "E-mail",
        "attorney": "Power of attorney",
        "attorney.number": "Number of the power of attorney",
        "attorney.issued_on": "Date of the power of attorney",
        "attorney.until": "Last day of the power of attorney",
        "change_ground": "Why the insurer is changed",
        "moved_on": "Day of the move",
        "insurer_left_on": "Day when the insurer leaves the region",
        "subjects": "What changed or was wrong",
        "ground.kind": "Changed or wrong",
        "changed_on": "Day of the change",
        "cause": "What became of the card",
        "kind": "Kind",
        "documents.kind": "Type of the document",
        "whose": "Whose document",
        "number": "Number",
        "documents.number": "Series and number",
        "issued_on": "Date of issue",
        "issuer": "Issued by",
        "expires_on": "Good until",
        "scan": "Scan",
        "until": "Last day",
        "stay_until": "End of the stay",
        "document_type": "Type of the document",
        "document_number": "Number of the document",
        "insurance_start": "First day of the insurance",
        "name": "Name",
        "hours": "Opening hours",
        "services": "Services",
        "collectables": "What can be collected",
        "visit_minutes": "Minutes a visit",
        "desks": "Desks",
        "place": "Town",
        "place_id": "Place of issue",
        "slot_id": "Time of the visit",
        "day": "Day",
        "ogrn": "OGRN",
        "joined_on": "First day in the programme",
        "left_on": "Last day in the programme",
        "desk": "Desk",
        "note": "Note",
        "presentations": "Presentations",
        "rights": "Rights",
        "last_day": "Last day",
        "text": "Text",
        "contact": "Where to send the answer",
        "attachments": "Attachments",
        "answer": "Answer",
        "order_ids": "Orders",
        "dispatch": "Number of the list",
        "shown": "Document shown",
        "matched": "Person and card were checked",
        "came": "Who came",
        "old_card": "The earlier card",
        "chip_serial": "Serial number of the chip",
        "minutes": "Minutes",
        "series": "Series",
        "first": "First number",
        "last": "Last number",
        "quantity": "Quantity",
        "movement": "Movement",
        "station": "Station",
        "happened_on": "Day when it happened",
        "filed_on": "Day of filing",
        "person_id": "Person",
        "other_id": "The other record",
        "keep_id": "The record to keep",
        "new_person": "This is another person",
        "certificate_number": "Number of the temporary certificate",
        "account.name": "Sign-in name",
        "roles": "Roles",
        "role": "Role",
        "region": "Region",
        "password": "Password",
        "new_password": "New password",
        "code": "Code",
        "label": "Name",
        "scopes": "Rights",
        "recipient": "Recipient",
        "parameters": "Texts of the notification",
        "file": "File",
        "key": "Key of the request",
        "query": "What to look for",
        "application_id": "Application",
        "version": "Version",
        "card_number": "Number of the card",
        "insurer": "Insurer",
        "signed_at": "Time of signing",
        "can": "Number printed on the card",
        "advice": "Advice",
        "closed_on": "First day it is closed",
        "first_day": "First day",
        "days": "Days it is good for",
        "on": "Day",
        "actor": "Id of who did it",
        "subject": "Id of what it was done to",
    }
)
"""Path of a field, or the end of one → English name; numbers of items are left out."""

_CONTEXT: Final = "field"


def field_label(path: str, language: Language) -> str:
    """Return what the field of a form is called, e.g. ``Birth date`` for ``person.birth_date``.

    Args:
        path: as a finding has it: names with points between, numbers for the items of a list.
            The longest end of it that has a name counts. One that is not known gives its last
            part with blanks for underscores.
        language: the reader's.
    """
    parts = [one for one in path.split(".") if not one.isdecimal()]
    for start in range(len(parts)):
        name = FIELDS.get(".".join(parts[start:]))
        if name is not None:
            return merged(language, OFFICE).pgettext(_CONTEXT, name)
    return parts[-1].replace("_", " ") if parts else path

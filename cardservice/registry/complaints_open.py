"""A complaint by somebody who names no application: taken with a contact, without files."""

from dataclasses import dataclass, field

from cardservice.domain.roles import Role
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.complaints import keep_received, received_complaint
from cardservice.registry.frame import Act, Office


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOpenComplaint(OfficeCommand):
    """Somebody complains whom the office does not know.

    There is no room for attachments: they hang on an application or a person, and of nobody could
    nobody ever ask to have them erased.

    Attributes:
        contact: where the answer goes, there being no application to find it by; kept sealed.
    """

    text: str = field(repr=False)
    contact: str = field(repr=False)


def file_open_complaint(office: Office, actor: Actor, command: FileOpenComplaint) -> Answer:
    """Return the complaint with its number, by which its state is told.

    Args:
        office: whose rule says by when it is answered.
        actor: a visitor, as an applicant whose id names no application.
        command: what is said.

    Raises:
        Refusal: ``complaint-contact-missing``; ``text-missing``, ``…-too-long``,
            ``control-character``; ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _file)


def _file(act: Act, command: FileOpenComplaint) -> Answer:
    if act.actor.role is not Role.APPLICANT:
        raise Refusal("role-not-allowed", "This role may not do that.")
    complaint = received_complaint(act, text=command.text, contact=command.contact)
    if complaint.contact is None:
        sentence = "Without the number of an application, say where the answer is to go."
        raise Refusal("complaint-contact-missing", sentence, field="contact")
    return keep_received(act, complaint)

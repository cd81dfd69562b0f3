"""Certificate holder authorization templates: role and rights (TR-03110-3, C.1.5 and C.4)."""

from dataclasses import dataclass
from typing import Final

from cardservice.apdu.tlv import encode_object
from cardservice.errors import MalformedDataError, UsageError
from cardservice.pki.cv.objects import in_order, value
from cardservice.pki.cv.terms import ALL_RIGHTS, CvTag, Role, TerminalRights, TerminalType

_ROLE_SHIFT: Final = 6  # the two top bits of the first octet
_TEMPLATE_LENS: Final[dict[bytes, int]] = {
    TerminalType.INSPECTION_SYSTEM: 1,
    TerminalType.AUTHENTICATION_TERMINAL: 5,
    TerminalType.SIGNATURE_TERMINAL: 1,
}
_MOST_TEMPLATE_OCTETS: Final = 16  # of types we do not know; those we know have 5 at most


@dataclass(frozen=True, slots=True)
class Chat:
    """What kind of terminal, which role, which rights.

    Attributes:
        terminal_type: object identifier, contents octets; unknown ones are kept.
        template: discretionary data: role in the two top bits, rights in the others.
    """

    terminal_type: bytes
    template: bytes

    @classmethod
    def inspection_system(cls, role: Role, rights: TerminalRights) -> "Chat":
        """Return the CHAT of the policy card's terminals: type IS, 1 octet.

        Raises:
            UsageError: a right that has no name.
        """
        # Not ``rights & ~ALL_RIGHTS``: the complement of a flag has named bits only.
        if rights | ALL_RIGHTS != ALL_RIGHTS:
            raise UsageError("there are three rights, bits 0 to 2")
        return cls(TerminalType.INSPECTION_SYSTEM, bytes((role << _ROLE_SHIFT | rights,)))

    @property
    def role(self) -> Role:
        """The role of the holder."""
        return Role(self.template[0] >> _ROLE_SHIFT)

    @property
    def rights(self) -> TerminalRights:
        """The rights of an inspection system; bits without a name are no rights.

        Raises:
            MalformedDataError: another type of terminal, whose bits mean something else.
        """
        if self.terminal_type != TerminalType.INSPECTION_SYSTEM:
            raise MalformedDataError("the certificate is not an inspection system's")
        return TerminalRights(self.template[0]) & ALL_RIGHTS

    def encode(self) -> bytes:
        """Return DO 7F4C, 16 octets for an inspection system."""
        return encode_object(
            CvTag.CHAT,
            encode_object(CvTag.OBJECT_IDENTIFIER, self.terminal_type)
            + encode_object(CvTag.DISCRETIONARY_DATA, self.template),
        )

    @classmethod
    def parse(cls, content: bytes) -> "Chat":
        """Return the CHAT with the value ``content`` of DO 7F4C.

        Raises:
            MalformedDataError: another structure, or a template of another length than its
                type has.
        """
        members = in_order(content, (CvTag.OBJECT_IDENTIFIER, CvTag.DISCRETIONARY_DATA))
        terminal_type = value(content, members[CvTag.OBJECT_IDENTIFIER])
        template = value(content, members[CvTag.DISCRETIONARY_DATA])
        expected = _TEMPLATE_LENS.get(terminal_type, len(template))
        if not 0 < len(template) <= _MOST_TEMPLATE_OCTETS or len(template) != expected:
            raise MalformedDataError("the template of a CHAT has another length than its type")
        return cls(terminal_type, template)

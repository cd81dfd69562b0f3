"""Access rights: which right a read needs, by profile, interface and object. Source: card.md §5."""

from collections.abc import Mapping

from simulators.card.files import EF_ATR_INFO, ElementaryFile, ObjectClass
from simulators.card.image import Image, LifeCycle, Profile
from simulators.card.ports import Interface

NOTHING = 0
READ = 1 << 0
READ_HISTORY = 1 << 1
WRITE_INSURER = 1 << 2
CHAT_RIGHTS = READ | READ_HISTORY | WRITE_INSURER
PACE = 1 << 8
"""Not a CHAT bit: the session came from PACE, whoever the terminal is."""

RIGHTS_OF_PACE = PACE | READ

Row = Mapping[ObjectClass, int]

_OPEN: Row = {
    ObjectClass.PUBLIC: NOTHING,
    ObjectClass.CHIP_SECURITY: NOTHING,
    ObjectClass.PERSONAL: NOTHING,
    ObjectClass.HISTORY: READ_HISTORY,
}
_PROTECTED: Row = {**_OPEN, ObjectClass.PERSONAL: READ}
_PRIVATE: Row = {**_PROTECTED, ObjectClass.CHIP_SECURITY: PACE}

READ_RIGHTS: Mapping[tuple[Profile, Interface], Row] = {
    (Profile.FIELD, Interface.CONTACT): _OPEN,
    (Profile.FIELD, Interface.CONTACTLESS): _PROTECTED,
    (Profile.PROTECTED, Interface.CONTACT): _PROTECTED,
    (Profile.PROTECTED, Interface.CONTACTLESS): _PROTECTED,
    (Profile.PRIVATE, Interface.CONTACT): _PRIVATE,
    (Profile.PRIVATE, Interface.CONTACTLESS): _PRIVATE,
}


def right_to_read(image: Image, interface: Interface, file: ElementaryFile) -> int:
    """Return the right that reading this EF needs now, ``NOTHING`` when it is open to all."""
    object_class = file.object_class
    if object_class is ObjectClass.HISTORY and file.fid == image.pointer:
        object_class = ObjectClass.PERSONAL
    return READ_RIGHTS[image.profile, interface][object_class]


def right_for(image: Image, interface: Interface, object_class: ObjectClass) -> int:
    """Return the right that an object of this class needs, EF or not."""
    return READ_RIGHTS[image.profile, interface][object_class]


def life_cycle_allows_reading(image: Image, file: ElementaryFile | None) -> bool:
    """Return whether the life cycle lets this EF be read: blank cards show public data only."""
    life_cycle = image.life_cycle
    if life_cycle is LifeCycle.PERSONALIZED:
        return True
    return life_cycle is LifeCycle.BLANK and file is EF_ATR_INFO

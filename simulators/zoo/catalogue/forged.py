"""Cards that somebody meddled with."""

from typing import Final

from simulators.card import image
from simulators.card.files import (
    EF_CARD_ID,
    EF_CHIP_SECURITY,
    EF_ICCID,
    EF_INSURERS,
    EF_OWNER,
    EF_SOD,
    ElementaryFile,
)
from simulators.card.key_agreement import generate_private_key
from simulators.card.ports import SystemEntropy
from simulators.zoo.entries import VALID, Way, ZooEntry, everywhere, invalid
from simulators.zoo.photo import made_up_photo
from simulators.zoo.recipes import Cells, Changes, Edited, Forged, Recipe, Swapped
from simulators.zoo.wishes import Wish

_EF_INSURER: Final = EF_INSURERS[0]
_IDENTITY: Final = (EF_CARD_ID, EF_ICCID)
_TEXTS: Final = (EF_OWNER, _EF_INSURER)


def _another_chip_key(_: Cells) -> Changes:
    return {image.CHIP_KEY: generate_private_key(SystemEntropy())}


def _another_last_octet(cells: Cells) -> Changes:
    owner = cells[EF_OWNER.cell]
    return {EF_OWNER.cell: owner[:-1] + bytes((owner[-1] ^ 1,))}


def _without_security_object(_: Cells) -> Changes:
    return {EF_SOD.cell: None}


def _is_invalid(name: str, about: str, reason: str, recipe: Recipe) -> ZooEntry:
    return ZooEntry(name=name, about=about, judged=everywhere(invalid(reason)), recipe=recipe)


def _swapped(name: str, about: str, reason: str, *files: ElementaryFile) -> ZooEntry:
    return _is_invalid(f"swapped-{name}", about, reason, Swapped(files))


FORGED: Final = (
    _is_invalid(
        "altered-owner",
        "Another surname was written into the owner file.",
        "data-altered",
        Forged(EF_OWNER, "owner", {"surname": "Подменов"}),
    ),
    _is_invalid(
        "altered-insurer",
        "Another insurer was written into the insurer file.",
        "data-altered",
        Forged(_EF_INSURER, "insurer", {"ogrn": "1009900000120", "okato": "00002"}),
    ),
    ZooEntry(
        name="altered-photo",
        about="One octet of the photo is another: seen only by a desk that reads the photo.",
        judged={**everywhere(VALID), Way.CONTACT_PHOTO: invalid("data-altered")},
        recipe=Edited(_another_last_octet, Wish(photo=made_up_photo())),
    ),
    ZooEntry(
        name="trust-layer-removed",
        about="EF.SOD was taken away; the register knows that there was one.",
        judged=everywhere(invalid("trust-layer-removed")),
        recipe=Edited(_without_security_object),
    ),
    ZooEntry(
        name="cloned",
        about="A copy of every file and secret of a good card but the chip's private key.",
        judged={
            **everywhere(invalid("chip-copied")),
            Way.TAP_UNKNOWN: invalid("chip-copied"),
        },
        recipe=Edited(_another_chip_key),
    ),
)

SWAPPED: Final = (
    _swapped("owner", "The owner file of another card.", "data-altered", EF_OWNER),
    _swapped("insurer", "The insurer file of another card.", "data-altered", _EF_INSURER),
    _swapped("texts", "Owner and insurer file of another card.", "data-altered", *_TEXTS),
    _swapped("identity", "EF.CardID and EF.ICCID of another card.", "data-altered", *_IDENTITY),
    _swapped("sod", "EF.SOD of another card.", "chip-key-not-vouched", EF_SOD),
    _swapped(
        "owner-and-sod",
        "Owner file and EF.SOD of another card.",
        "chip-key-not-vouched",
        EF_OWNER,
        EF_SOD,
    ),
    _swapped(
        "texts-and-sod",
        "Owner and insurer file and EF.SOD of another card.",
        "chip-key-not-vouched",
        *_TEXTS,
        EF_SOD,
    ),
    _swapped(
        "all-but-chip-security",
        "Every signed file of another card, and this chip's own EF.ChipSecurity.",
        "chip-key-not-vouched",
        *_TEXTS,
        *_IDENTITY,
        EF_SOD,
    ),
    ZooEntry(
        name="swapped-chip-security",
        about="EF.ChipSecurity of another card: this chip has not its key.",
        judged={**everywhere(invalid("chip-copied")), Way.TAP_UNKNOWN: invalid("chip-copied")},
        recipe=Swapped((EF_CHIP_SECURITY,)),
    ),
    ZooEntry(
        name="swapped-all",
        about="Every signed file of another card, EF.ChipSecurity too; the PIN and CAN its own.",
        judged={**everywhere(invalid("chip-copied")), Way.TAP_UNKNOWN: invalid("chip-copied")},
        recipe=Swapped((*_TEXTS, *_IDENTITY, EF_SOD, EF_CHIP_SECURITY)),
    ),
)

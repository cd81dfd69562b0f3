"""What an attacker with a laboratory does to a card: copies, and edited memory. For tests."""

from collections.abc import Mapping

from simulators.card import image
from simulators.card.card import SoftwareCard
from simulators.card.files import BY_ID, Directory
from simulators.card.key_agreement import generate_private_key
from simulators.card.memory import NonVolatileMemory
from simulators.card.ports import Entropy, Interface, SystemEntropy


def copy_of(
    card: SoftwareCard,
    *,
    interface: Interface = Interface.CONTACT,
    entropy: Entropy | None = None,
    changes: Mapping[str, bytes] | None = None,
) -> SoftwareCard:
    """Return another card whose memory is this one's, with some cells replaced."""
    memory = NonVolatileMemory({**card.memory.cells(), **(changes or {})})
    return SoftwareCard(memory, interface=interface, entropy=entropy)


def clone_without_chip_key(
    card: SoftwareCard,
    *,
    interface: Interface = Interface.CONTACT,
    entropy: Entropy | None = None,
) -> SoftwareCard:
    """Return what copying a card can make at best: the same files, another chip key."""
    another = generate_private_key(entropy or SystemEntropy())
    changes = {image.CHIP_KEY: another}
    return copy_of(card, interface=interface, entropy=entropy, changes=changes)


def replace_file(card: SoftwareCard, directory: Directory, fid: int, content: bytes | None) -> None:
    """Replace an EF's octets behind the card's back; None removes it."""
    card.memory.transaction({BY_ID[directory, fid].cell: content})

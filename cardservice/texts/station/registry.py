"""Words of a station: where jobs come from, and the central service."""

from collections.abc import Mapping
from typing import Final

from cardservice.texts.phrases import Phrase

REGISTRY: Final[Mapping[str, Phrase]] = {
    "registry-unreachable": Phrase(
        "The registry cannot be reached; the station works on with the orders it has.",
        "Check the network; outcomes are told later, in their order.",
    ),
    "registry-late": Phrase(
        "The registry answers too late; the station works on with the orders it has.",
        "Wait; if it stays, call whoever runs the registry.",
    ),
    "status-list-unknown": Phrase(
        "The office gave this order no place in the status list.",
        "Bring the office up to date; a station without a home draws none itself.",
    ),
    "registry-busy": Phrase(
        "The registry asks to wait.",
        "Wait: the station asks again by itself.",
    ),
    "registry-wrong": Phrase(
        "The registry's answer is none that it may give.",
        "Compare the setting station_office with the office's address, then call whoever runs the "
        "registry.",
    ),
    "registry-token": Phrase(
        "The registry does not know this station's token.",
        "Ask the office for a new one and name its file in the setting station_token_file.",
    ),
    "lease-book-damaged": Phrase(
        "The book of leased orders is damaged.",
        "Move the file away and start again: the orders are asked for by their names.",
    ),
    "lease-book-not-written": Phrase(
        "The book of leased orders cannot be written.",
        "Make room on the station's disk; the station asks again by itself.",
    ),
    "ledger-not-written": Phrase(
        "The ledger cannot be written.",
        "Make room on its disk; outcomes are told again by themselves.",
    ),
    "table-salt-damaged": Phrase(
        "The file that names the rows of tables is damaged.",
        "Put it back from a copy, or rows made before are not known again.",
    ),
    "row-unknown": Phrase(
        "No row of this table is that order's.",
        "Run the station with the table that the order came from.",
    ),
    "outcome-incomplete": Phrase(
        "What became of an order is not told whole.",
        "Write down the order and ask the station's keeper.",
    ),
    "not-refused": Phrase(
        "The registry did not refuse to hear of this outcome.",
        "Nothing: it is told by itself.",
    ),
    "orders-from-office": Phrase(
        "This station's orders come from the office.",
        "Have the work ordered there.",
    ),
    "keys-elsewhere": Phrase(
        "The keys are with the central service.",
        "Have it done there.",
    ),
    "central-unreachable": Phrase(
        "The central service cannot be reached.",
        "Check the network, then put the same card in once more.",
    ),
    "central-late": Phrase(
        "The central service answers too late.",
        "Put the same card in once more; if it stays, call whoever runs the central service.",
    ),
    "central-wrong": Phrase(
        "The central service's answer is none that it may give.",
        "Compare the setting station_central with its address, then call whoever runs it.",
    ),
}

"""``python -m clinic_app READER TRUST-FOLDER RECORDS.json``: one card, one line."""

import json
from argparse import ArgumentParser
from functools import partial
from pathlib import Path

from clinic_app.desk import open_desk
from clinic_app.pcsc import PcscCard
from clinic_app.reception import Reception


def main() -> None:
    """Print the line for the card in a reader."""
    parser = ArgumentParser("clinic_app", description="Find the patient of a policy card.")
    parser.add_argument("reader", help="name of the PC/SC reader")
    parser.add_argument("trust", type=Path, help="folder with root, revocations and register")
    parser.add_argument("records", type=Path, help="JSON: policy number to record")
    parser.add_argument("--test-cards", action="store_true", help="take cards of a zoo")
    given = parser.parse_args()
    desk = open_desk(given.trust, test_cards=given.test_cards)
    reception = Reception(desk, json.loads(given.records.read_bytes()))
    visit = reception.receive(partial(PcscCard, given.reader))
    print(f"{visit.record or 'no record'} ({visit.reason})")


if __name__ == "__main__":
    main()

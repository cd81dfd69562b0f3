"""The reception under test: it believes the zoo's issuer, and knows one patient."""

import pytest
from simulators.testing import CardReader
from simulators.zoo import Zoo

from clinic_app.desk import open_desk
from clinic_app.reception import Reception

RECORDS = {"0057000821828151": "record 17"}  # the policy number of the zoo's card "valid"


@pytest.fixture
def reception(card_zoo: Zoo, card_reader: CardReader) -> Reception:
    """Return a reception that takes test cards, on whose clock no slow card makes anybody wait."""
    desk = open_desk(card_zoo.trust_folder, test_cards=True)
    return Reception(desk, RECORDS, clock=card_reader.clock)

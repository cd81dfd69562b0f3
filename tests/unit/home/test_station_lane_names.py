"""What a lane's reader is called where people see it."""

import pytest

from cardservice.home.station_lane import reader_name


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("pcsc:ACS ACR39U 00 00", "ACS ACR39U 00 00"),
        ("pcsc:Odd/Reader 01", "Odd/Reader 01"),
        ("pcsc:", "pcsc:"),
        ("sim:", "sim:"),
        ("sim:cards/anna.card", "anna.card"),
        ("simfeed:/tmp/station-x/feeder-1?cards=250&time=real:fastest", "feeder-1"),
    ],
)
def test_a_reader_is_called_by_its_name_and_not_by_its_address(url: str, name: str) -> None:
    assert reader_name(url) == name

"""A card that a list has blocked, and a line that says otherwise, at a desk as it really is."""

import json
from dataclasses import replace

from cardservice.domain.verdict import Outcome
from tests.simulated.clinic.town import API
from tests.simulated.clinic_faults.line import Line, Said
from tests.simulated.clinic_faults.stage import Stage

STATUS = f"{API}/status-questions"


def test_a_blocked_card_stays_blocked_whatever_the_line_answers(stage: Stage) -> None:
    heard: list[bytes] = []

    def keep(_: Line, said: Said) -> Said:
        heard.append(said.body)
        return said

    def good_again(_: Line, said: Said) -> Said:
        return replace(said, status=200, body=heard[0])

    def good_in_the_clear(_: Line, said: Said) -> Said:
        told = {**json.loads(said.body), **json.loads(heard[0])}
        del told["signed"]
        return replace(said, status=200, body=json.dumps(told).encode())

    stage.line.lies = {STATUS: keep}
    assert stage.desk.tap(stage.good.software).outcome is Outcome.VALID
    assert json.loads(heard[0])["card"] == "active"
    for lie in (good_again, good_in_the_clear):
        stage.line.lies = {STATUS: lie}
        assert stage.desk.tap(stage.blocked.software).outcome is Outcome.INVALID
        stage.expect_all_well()

"""The pages about the API say what the API does."""

import re
import subprocess
import sys
from pathlib import Path

from cardservice.web.problems import KINDS

ROOT = Path(__file__).parents[3]
API_PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
ADDRESS = re.compile(r"\$OFFICE/api/v1(/[^\"? ]*)")


def test_the_page_of_problems_is_current() -> None:
    script = ROOT / "scripts" / "problems_page.py"
    done = subprocess.run([sys.executable, script, "--check"], check=False, timeout=60)
    assert done.returncode == 0


def test_the_page_of_the_api_names_every_status_that_a_problem_can_have() -> None:
    elsewhere = {500, 502}  # mistakes of ours, and the desk of a clinic
    for status in {kind.status.value for kind in KINDS} - elsewhere:
        assert re.search(rf"^\| [^|]*\b{status}\b", API_PAGE, re.MULTILINE)


def test_the_walk_goes_over_addresses_that_there_are() -> None:
    walked = {one.replace("$ID", "{application_id}") for one in ADDRESS.findall(API_PAGE)}
    assert len(walked) == 7
    routes = (ROOT / "cardservice" / "web" / "api" / "applications").glob("*.py")
    code = "".join(one.read_text(encoding="utf-8") for one in routes)
    for path in walked:
        own = path.removeprefix("/applications/{application_id}")
        assert f'"{own}"' in code or f'"{path}"' in code

"""What readers complain of is said in the language of the page."""

import pytest

from cardservice.errors import ReaderUnavailableError
from cardservice.texts.catalog import translations
from cardservice.texts.languages import Language
from cardservice.transport.pcsc.codes import ScardCode, error_for

UNAVAILABLE = [code for code in ScardCode if isinstance(error_for(code), ReaderUnavailableError)]


@pytest.mark.parametrize("code", UNAVAILABLE)
def test_a_message_of_the_reader_service_and_its_remedy_are_translated(code: ScardCode) -> None:
    error = error_for(code)
    assert isinstance(error, ReaderUnavailableError)
    message = str(error).removesuffix(f" ({error.remedy})")
    say = translations(Language.RU).gettext
    assert say(message) != message
    assert say(error.remedy) != error.remedy


def test_there_are_such_messages() -> None:
    assert len(UNAVAILABLE) > 5

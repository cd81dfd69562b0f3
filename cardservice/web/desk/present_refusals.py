"""Why a paper was not taken, in one language."""

from cardservice.texts.catalog import translations
from cardservice.texts.languages import Language
from cardservice.texts.office import sentence
from cardservice.web.desk.scanned import TIME_UNKNOWN


def refused_paper(code: str, english: str, language: Language) -> str:
    """Return the sentence of a refusal with that code and English sentence."""
    if code == TIME_UNKNOWN[0]:
        return translations(language).gettext(english)
    return sentence(code, english, language)

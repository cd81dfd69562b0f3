"""Somebody who fills in the form: browsers, pages, files."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import httpx

from cardservice.accounts.roles import Role
from cardservice.accounts.session import Subject
from cardservice.domain.application import Application as Draft
from cardservice.registry.applications import draft_of
from cardservice.registry.applications_deciding import AskForDocuments, ask_for_documents
from cardservice.registry.ports_applications import Application, Document
from tests.office_world import World
from tests.registry.forms import INSURER, SNILS
from tests.registry.offices import REGION
from tests.unit.accounts.browser import Browser
from tests.unit.accounts.office import ORIGIN
from tests.unit.uploads.samples import jpeg

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]+)".*?</form>', re.DOTALL)
PAGES: Mapping[str, Mapping[str, str]] = {
    "why": {"reason": "first-policy", "channel": "website", "insurer_ogrn": INSURER},
    "person": {
        "surname": "Пробный",
        "given_name": "Семён",
        "patronymic": "Пробович",
        "sex": "male",
        "birth_date": "29.02.1980",
        "birth_place": "Пробноград",
        "category": "citizen",
        "citizenship_name": "Россия",
        "citizenship_code": "RUS",
        "snils": SNILS,
    },
    "applicant": {"applicant": "self"},
    "contact": {"email": "person0@example.org", "address": "Пробноград, ул. Пробная, 1"},
}
PASSPORT = {
    "what": "person/passport_rf",
    "number": "0000 000001",
    "issued_on": "01.03.2010",
    "issuer": "Пробный отдел",
}


@dataclass(slots=True)
class Filler:
    """One person with a browser and a form that was begun."""

    world: World
    browser: Browser
    base: str
    application_id: UUID

    @property
    def row(self) -> Application:
        """The application as it is kept."""
        with self.world.desk.reading() as work:
            found: Application = work.applications.get(REGION, self.application_id)
            return found

    @property
    def draft(self) -> Draft:
        """The form as it is kept."""
        return draft_of(self.row)

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that came with it."""
        with self.world.desk.reading() as work:
            found: tuple[Document, ...] = work.documents.of_application(REGION, self.application_id)
            return found

    def page(self, path: str) -> str:
        """Return the text of a page below the form's address."""
        return self.browser.get(f"{self.base}{path}").text

    def hidden(self, page: str, action: str) -> dict[str, str]:
        """Return the hidden fields of the form that is sent to ``action``."""
        forms = [one for one in _FORM.finditer(page) if one[1] == action]
        assert forms, action
        return {name: html.unescape(value) for name, value in _HIDDEN.findall(forms[0][0])}

    def send(self, path: str, on: str | None = None, **fields: str | list[str]) -> httpx.Response:
        """Send the form of a page, with its hidden fields; ``on``: the page it stands on."""
        action = f"{self.base}{path}"
        hidden = self.hidden(self.page(path if on is None else on), action)
        return self.browser.send(action, {**hidden, **fields})  # type: ignore[dict-item]

    def fill(self, step: str, go: str = "next", **changes: str) -> httpx.Response:
        """Fill a step in as the fictional person would, but for ``changes``."""
        return self.send(f"/{step}", **{**PAGES[step], **changes, "go": go})

    def fill_all(self) -> None:
        """Fill in everything but the last page."""
        for step in PAGES:
            assert self.fill(step).status_code == 303, step
        assert self.upload().status_code == 303
        assert self.upload("/photo/add", {}).status_code == 303

    def submit(self) -> httpx.Response:
        """Agree and send the application."""
        return self.send("/check", consent="yes", go="submit")

    def upload(
        self,
        path: str = "/documents/add",
        fields: Mapping[str, str] | None = None,
        *,
        file: bytes | None = None,
        on: str = "/documents",
    ) -> httpx.Response:
        """Send a file with what is typed beside it."""
        action = f"{self.base}{path}"
        typed = {**self.hidden(self.page(on), action), **(PASSPORT if fields is None else fields)}
        octets = jpeg() if file is None else file
        return self.multipart(action, typed, {"file": ("a scan", octets)})

    def multipart(
        self, action: str, fields: Mapping[str, str], files: Mapping[str, tuple[str, bytes]]
    ) -> httpx.Response:
        """Send a form with files."""
        request = httpx.Request("POST", f"{ORIGIN}{action}", data=fields, files=files)
        headers = {**self.browser.origin, "content-type": request.headers["content-type"]}
        return self.browser.ask("POST", action, headers=headers, content=request.read())


def begun(world: World) -> Filler:
    """Return an applicant who began at home."""
    browser = world.browser()
    page = browser.get("/apply").text
    answer = browser.send("/apply", dict(_HIDDEN.findall(page)))
    assert answer.status_code == 303, answer.text
    with world.desk.reading() as work:
        (newest, *_) = work.applications.queue(REGION, "draft").rows[::-1]
    return Filler(world, browser, "/application", newest.id)


def begun_by_clerk(world: World) -> Filler:
    """Return a clerk who began to enter an application."""
    browser = world.browser(Role.CLERK)
    page = browser.get("/office/enter").text
    form = page[page.index("/office/enter") :]
    answer = browser.send("/office/enter", dict(_HIDDEN.findall(form)))
    assert answer.status_code == 303, answer.text
    base = answer.headers["location"].removesuffix("/why")
    return Filler(world, browser, base, UUID(base.rpartition("/")[2]))


def asked_for_documents(filler: Filler, words: str = "the second page of the passport") -> None:
    """Let the office send the application back."""
    desk = filler.world.desk
    command = AskForDocuments(
        region=REGION,
        key=desk.key(),
        application_id=filler.application_id,
        version=filler.row.version,
        words=words,
    )
    ask_for_documents(desk.office, desk.clerk, command)


def signed_in(world: World, application_id: UUID) -> Filler:
    """Return the applicant of an application that is there already."""
    subject = Subject(
        id=application_id, region=REGION, roles=frozenset({Role.APPLICANT}), label="application"
    )
    browser = world.browser()
    browser.set_cookie(world.accounts.sessions.begin(subject).token)
    return Filler(world, browser, "/application", application_id)

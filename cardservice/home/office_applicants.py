"""What the sign-in of applicants asks of the office: their application, and a code on its way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from cardservice.accounts.applicants import FoundApplication
from cardservice.domain.application import Person
from cardservice.errors import Refusal
from cardservice.registry.applications import draft_of
from cardservice.registry.frame import Office
from cardservice.registry.outbox import Outbox
from cardservice.registry.outbox_values import (
    Notice,
    NoticeChannel,
    NoticeLanguage,
    Template,
)
from cardservice.registry.ports import Work

_MINUTE_S: Final = 60


@dataclass(frozen=True, slots=True)
class OfficeApplicants:
    """The ports ``ApplicationDirectory`` and ``CodeOutbox`` over the office's database."""

    office: Office

    def find(self, number: str, birth_date: date) -> FoundApplication | None:
        """Return the application that number and birth date point to; None: they do not match."""
        with self.office.database.reading() as work:
            found = work.applications.by_number(number.strip().upper(), birth_date)
        if not found:
            return None
        return FoundApplication(id=found[0].id, region=found[0].region, number=found[0].number)

    def send_code(self, application: FoundApplication, code: str, *, until: datetime) -> None:
        """Put the code into the outbox, to the e-mail address or telephone of the application.

        Who gave neither gets none: they ask at the office.
        """
        minutes = round((until - self.office.clock()).total_seconds() / _MINUTE_S)
        said = {"code": code, "minutes": str(max(1, minutes))}

        def put(work: Work) -> None:
            draft = draft_of(work.applications.get(application.region, application.id))
            notices = _notices(draft.person, said, until, language=self.office.settings.language)
            outbox = self._outbox(work)
            any(_is_put(outbox, application.region, one) for one in notices)

        self.office.database.transaction(put, region=application.region, alone=False)

    def _outbox(self, work: Work) -> Outbox:
        return Outbox(
            store=work.notifications,
            sealer=self.office.sealer,
            clock=self.office.clock,
            dice=self.office.draw,
            new_id=self.office.new_id,
            render=self.office.render,
            senders={},
        )


def _is_put(outbox: Outbox, region: str, notice: Notice) -> bool:
    try:
        outbox.put(region, notice)
    except Refusal as refusal:
        if refusal.code != "recipient-wrong":
            raise
        return False
    return True


def _notices(
    person: Person, said: Mapping[str, str], until: datetime, *, language: NoticeLanguage
) -> Iterator[Notice]:
    ways = ((NoticeChannel.EMAIL, person.email), (NoticeChannel.SMS, person.phone))
    for channel, recipient in ways:
        if recipient.strip():
            yield Notice(
                channel=channel,
                template=Template.ONE_TIME_CODE,
                language=language,
                recipient=recipient.strip(),
                parameters=said,
                until=until,
            )

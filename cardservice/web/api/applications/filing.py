"""Applications filed whole: for programs that have all of one at once."""

from typing import Annotated

from fastapi import APIRouter

from cardservice.accounts.rights import Right
from cardservice.registry.applications_filing import FileApplication, file_application
from cardservice.web.api.applications.form import ApplicationForm
from cardservice.web.api.commands import Sent
from cardservice.web.api.common import Done, Model
from cardservice.web.api.typed import Named
from cardservice.web.office.asking import Asking, asking

router = APIRouter()
Entering = Annotated[Asking, asking(Right.APPLICATION_ENTER)]


class WholeApplication(Model):
    """All of an application; the same ``source`` is taken once, however often it is sent."""

    form: ApplicationForm
    source: Named | None = None


@router.post("/filed-applications", status_code=201)
def api_file_application(who: Entering, sent: Sent, whole: WholeApplication) -> Done:
    """Begin and submit an application in one act; with an error (422) nothing of it is kept."""
    command = FileApplication(
        region=who.region, key=sent.key, form=whole.form.plain(), source=whole.source
    )
    filed = file_application(who.office, who.actor, command)
    return sent.created(filed, under="applications")

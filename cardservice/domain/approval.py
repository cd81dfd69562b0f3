"""The second pair of eyes: who entered an application does not approve it.

Source: domain.md, "States": application; the office turns it on.
"""

from cardservice.errors import Refusal


def expect_second_person(entered_by: str, approver: str, *, required: bool) -> None:
    """Do nothing if ``approver`` may approve what ``entered_by`` entered.

    Args:
        entered_by: the account that entered or last changed the application.
        approver: the account that approves it.
        required: whether the office asks for a second person.

    Raises:
        Refusal: ``second-person-needed``.
    """
    if required and entered_by.casefold() == approver.casefold():
        sentence = "Another person than the one who entered the application must approve it."
        raise Refusal("second-person-needed", sentence)

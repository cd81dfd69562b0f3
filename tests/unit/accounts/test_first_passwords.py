"""First passwords: long enough, without lookalikes, never common."""

import secrets
from itertools import chain, repeat

from cardservice.accounts.first_passwords import ALPHABET, draw_password
from cardservice.accounts.password_rules import PasswordRules


def test_a_drawn_password_has_four_groups_that_the_rules_take() -> None:
    drawn = {draw_password(secrets.token_bytes) for _ in range(50)}
    assert len(drawn) == 50
    for one in drawn:
        assert [len(group) for group in one.split("-")] == [4] * 4
        assert set(one) <= {*ALPHABET, "-"}
        assert PasswordRules().accept(one) == one


def test_a_draw_that_is_easily_guessed_is_drawn_anew() -> None:
    draws = chain((bytes(32),), repeat(bytes(range(32))))
    assert set(draw_password(lambda _: next(draws))) - {"-", "a"}


def test_no_letter_looks_like_another() -> None:
    assert not set(ALPHABET) & set("01ilo")
    assert len(ALPHABET) == 31

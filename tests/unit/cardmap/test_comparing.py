"""Two cards field by field."""

from simulators.card import image
from simulators.card.files import EF_SOD
from simulators.cardmap import Comparison, Outcome, compare, map_image
from simulators.cardmap.showing import Showing
from simulators.cardmap.text import comparison_lines
from simulators.cardmap.words import Label
from tests.unit.cardmap.cards import made, with_owner, without

A = bytes.fromhex("620C 5F210141 5F220142 5F250101")


def _compared(one: dict[str, bytes], other: dict[str, bytes]) -> Comparison:
    return compare(map_image(one), map_image(other))


def _lines(comparison: Comparison, *, unmasked: bool = False) -> list[str]:
    showing = Showing(unmasked=unmasked)
    return list(comparison_lines(comparison, showing, titles=("one", "other")))


def test_a_card_is_the_same_as_itself() -> None:
    comparison = _compared(made(photo=True), made(photo=True))
    assert comparison.same
    assert {row.outcome for row in comparison.rows} == {Outcome.SAME}


def test_a_changed_text_is_the_only_difference() -> None:
    changed = A.replace(b"\x5f\x21\x01A", b"\x5f\x21\x01C")
    (row,) = _compared(with_owner(A), with_owner(changed)).differences
    assert row.path == ("FOMS_ID", "0201 owner EF", "62 owner", "5F21 surname")
    assert row.outcome is Outcome.DIFFERS


def test_both_values_are_shown_unmasked_and_none_masked() -> None:
    comparison = _compared(with_owner(A), with_owner(A.replace(b"A", b"C")))
    shown = _lines(comparison, unmasked=True)
    assert "  one: “A”" in shown
    assert "  other: “C”" in shown
    assert not any("“" in line for line in _lines(comparison))


def test_a_field_or_a_file_of_one_card_is_only_there() -> None:
    shorter = bytes.fromhex("6208 5F210141 5F220142")
    (row,) = _compared(with_owner(A), with_owner(shorter)).differences
    assert (row.path[-1], row.outcome) == ("5F25 sex", Outcome.ONLY_ONE)
    (gone,) = _compared(without(EF_SOD.cell), made()).differences
    assert (gone.path[-1], gone.outcome) == ("011D EF.SOD", Outcome.ONLY_OTHER)


def test_another_order_of_the_same_fields_is_a_difference() -> None:
    turned = bytes.fromhex("620C 5F220142 5F210141 5F250101")
    (row,) = _compared(with_owner(A), with_owner(turned)).differences
    assert row.note is Label.ARRANGEMENT


def test_another_coding_of_an_outer_length_is_a_difference() -> None:
    longer = bytes.fromhex("62810C") + A[2:]
    (row,) = _compared(with_owner(A), with_owner(longer)).differences
    assert row.note is Label.ARRANGEMENT


def test_differences_stand_in_the_order_of_the_tree() -> None:
    one = with_owner(bytes.fromhex("6208 5F220142 5F250101"))
    other = with_owner(A.replace(b"B", b"C"))
    names = [row.path[-1] for row in _compared(one, other).differences]
    assert names == ["5F21 surname", "5F22 first name"]


def test_secrets_are_not_compared_but_their_presence_and_versions_are() -> None:
    cells = made()
    others = cells | {image.PIN: b"99999999", image.CHIP_KEY: bytes(32)}
    assert _compared(cells, others).same
    assert [row.path for row in _compared(cells, without(image.PIN)).differences] == [
        ("holder PIN",)
    ]
    newer = cells | {image.KEY_SET: b"\x32" + cells[image.KEY_SET][1:]}
    (row,) = _compared(cells, newer).differences
    assert row.path == ("SCP03 key set",)


def test_the_last_lines_sum_up() -> None:
    lines = _lines(_compared(with_owner(A), with_owner(A.replace(b"A", b"C"))))
    assert ", 1 differ, 0 only in one, 0 only in other." in lines[-2]
    assert lines[-1] == Label.SECRETS_NOTE

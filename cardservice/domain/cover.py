"""Which programme pays here.

Source: domain.md, "Rules with teeth", 8; Federal Law 326-FZ, article 16, part 1, item 1.
"""

from enum import StrEnum, unique

from cardservice.domain.numbers import Okato


@unique
class Programme(StrEnum):
    BASIC = "basic"
    TERRITORIAL = "territorial"


def programmes_here(policy_region: Okato, here: Okato | None) -> frozenset[Programme]:
    """Return the programmes that apply in region ``here`` to a policy of ``policy_region``.

    The basic one everywhere in the country; the territorial one only in the policy's region,
    and not where the region is not known.
    """
    if here is not None and here == policy_region:
        return frozenset(Programme)
    return frozenset({Programme.BASIC})

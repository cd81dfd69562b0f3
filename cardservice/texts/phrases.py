"""The shapes of what is said; every text is an English sentence and the key of its translation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence for one code and, where there is something to do, what the clerk does."""

    sentence: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Headline:
    """What is shown largest: a word or two, one sentence, and what the clerk does."""

    word: str
    sentence: str
    remedy: str | None = None


REFUSE = "Do not accept the card. Ask for a passport and look the policy up in the register."
LOOK_UP = "Look the policy up in the register and compare it with a passport."
EXCHANGE = "Look the policy up in the register and advise the holder to exchange the card."
PRESENT_AGAIN = "Check the connection and present the card again."

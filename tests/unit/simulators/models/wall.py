"""A wall clock that tests move by hand, and sleeps that last as long as they say or longer."""

NS_A_SECOND = 1_000_000_000


class Wall:
    """Time for a ``RealClock``; ``sleep`` moves it on, and by ``oversleep_ns`` too far."""

    def __init__(self) -> None:
        self.now_ns = 5 * NS_A_SECOND
        self.oversleep_ns = 0
        self.sleeps: list[int] = []

    def now(self) -> int:
        return self.now_ns

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(round(seconds * NS_A_SECOND))
        self.now_ns += self.sleeps[-1] + self.oversleep_ns

    def compute(self, nanoseconds: int) -> None:
        """Let the simulator take so long for itself."""
        self.now_ns += nanoseconds

"""The console script ``cardservice``."""

from cardservice.cli.main import cardservice


def main() -> None:
    """Run the command line."""
    cardservice()


if __name__ == "__main__":
    main()

"""A process of its own that makes keys when it is told to, and says which it got."""

import sys

from cardservice.keystores.pkcs11_errors import ModuleError, ModuleFault
from tests.interop.softhsm.tokens import opened


def main() -> None:
    """Make ``key-0`` … as many as the argument says; print the names that became ours."""
    with opened() as store:
        print("ready", flush=True)  # noqa: T201 - how the test meets it
        sys.stdin.readline()
        for number in range(int(sys.argv[1])):
            try:
                store.generate(f"key-{number}")
            except ModuleError as error:
                if error.fault not in (ModuleFault.KEY_TAKEN, ModuleFault.KEY_AMBIGUOUS):
                    raise
            else:
                print(f"key-{number}", flush=True)  # noqa: T201 - how the test meets it


if __name__ == "__main__":
    main()

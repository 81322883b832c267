"""A command run by the supervisor: it ends with it, so that none is left holding the port."""

import ctypes
import signal

_PR_SET_PDEATHSIG = 1


def end_with_parent(by: signal.Signals) -> None:
    """Ask Linux to send this process a signal when its parent has died, however it died."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, by)


if __name__ == "__main__":
    from huiyin.ops.cli import main

    end_with_parent(signal.SIGTERM)
    main()

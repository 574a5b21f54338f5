"""Run a program that ends when whoever started it ends, even by kill -9, where the system can do that.

    python launch.py PARENT SIGNAL UID GID PROGRAM [ARGUMENT…]

A file to run, not to import: between fork and exec only async-signal-safe code may run, so the request to
the kernel is made here, in a process of our own, which then becomes the program.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, signal: int, uid: int, gid: int, command: list[str]) -> None:
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if uid != os.getuid():
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    # After the change of user, which clears it.
    if libc and libc.prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0) != 0:
        sys.exit(f"launch: {os.strerror(ctypes.get_errno())}")
    if os.getppid() != parent:
        sys.exit("launch: the parent is gone already")
    os.execv(command[0], command)  # noqa: S606 - our own command


if __name__ == "__main__":
    parent, signal, uid, gid = map(int, sys.argv[1:5])
    main(parent, signal, uid, gid, sys.argv[5:])

#!/usr/bin/env python3
"""pty_time.py ROUNDS COMMAND... - how long a program for terminals takes

Runs the command ROUNDS times, each in a terminal of its own that nobody looks
at, until it ends by itself.  Prints two medians in milliseconds: the time that
passed, and that of processors in it and what it started."""
import fcntl
import os
import pty
import select
import statistics
import struct
import sys
import termios
import time

LATE = 120.0


def once(command):
    begun = time.monotonic()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 40, 110,
                                                          0, 0))
    while True:
        ready, _, _ = select.select([terminal], [], [], LATE)
        if not ready:
            os.kill(pid, 9)
            sys.exit('pty_time: ' + command[0] + ' does not end')
        try:
            if not os.read(terminal, 65536):
                break
        except OSError:         # the other side is closed
            break
    _, status, used = os.wait4(pid, 0)
    if status != 0:
        sys.exit('pty_time: %s ended with %d' % (command[0], status))
    return ((time.monotonic() - begun) * 1000,
            (used.ru_utime + used.ru_stime) * 1000)


rounds = int(sys.argv[1])
once(sys.argv[2:])              # warms what is read from the disk
taken = [once(sys.argv[2:]) for _ in range(rounds)]
print(*('%.1f' % statistics.median(one) for one in zip(*taken)))

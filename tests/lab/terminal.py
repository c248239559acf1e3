#!/usr/bin/env python3
# terminal.py - runs a command on a terminal of its own, and presses Ctrl-C
#
#   terminal.py [--columns N] [--interrupt TEXT] COMMAND...
#
# Prints what stands on the terminal. With --interrupt, Ctrl-C is pressed once
# TEXT was seen. The status is the command's, 128 and more for a signal.
import fcntl
import os
import pty
import struct
import sys
import termios

words = sys.argv[1:]
columns, wait_for = 80, None
while words and words[0].startswith("--"):
    if words[0] == "--columns":
        columns = int(words[1])
    elif words[0] == "--interrupt":
        wait_for = words[1].encode()
    words = words[2:]

pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ,
                struct.pack("HHHH", 24, columns, 0, 0))
    os.execvp(words[0], words)
seen = b""
while True:
    try:
        part = os.read(terminal, 65536)
    except OSError:
        break
    if not part:
        break
    seen += part
    if wait_for and wait_for in seen:
        os.write(terminal, b"\x03")
        wait_for = None
sys.stdout.buffer.write(seen)
_, status = os.waitpid(pid, 0)
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status)
         else 128 + os.WTERMSIG(status))

#!/usr/bin/env python3
"""measure.py - how long a command takes, and the most memory anybody held

    measure.py FILE [--memory] [--watch NAME=PID]... COMMAND [ARGUMENT...]

Writes one line to FILE: seconds of wall-clock time, and of the processors, of
the command, what it started and all that is watched.  With --memory, which
takes time itself, also NAME=KB for each process: the most it held meanwhile,
counted as proportional set size where this user may look, else the most of its
life as resident set (NAME~KB).  The command itself and what it started is
"command", as resident set of the largest process; 0: it was over too soon to
be seen.  Exit status: the command's."""
import os
import subprocess
import sys
import threading
import time

PAUSE = 0.02


def proportional(pid):
    try:
        with open(f"/proc/{pid}/smaps_rollup") as text:
            for line in text:
                if line.startswith("Pss:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return None


def resident_most(pid):
    with open(f"/proc/{pid}/status") as text:
        for line in text:
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0


def worked(pids):
    """seconds of the processors so far: of these, and of ended children"""
    ours = os.times()
    ticks = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat") as text:
                fields = text.read().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        except OSError:
            pass
    return (ours.children_user + ours.children_system +
            ticks / os.sysconf("SC_CLK_TCK"))


def family(pid):
    """pid and what it started"""
    yield pid
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children") as text:
                for child in text.read().split():
                    yield from family(int(child))
    except OSError:
        pass


def watch(command, pids, most, over):
    while not over.wait(PAUSE):
        for pid in family(command):
            try:
                most["command"] = max(most.get("command", 0),
                                      resident_most(pid))
            except OSError:
                pass
        for name, pid in pids.items():
            now = proportional(pid)
            if now is not None:
                most[name] = max(most.get(name, 0), now)


def main():
    words, pids, most = sys.argv[2:], {}, {}
    memory = words and words[0] == "--memory"
    if memory:
        words = words[1:]
    while words and words[0] == "--watch":
        name, pid = words[1].split("=")
        pids[name] = int(pid)
        words = words[2:]
    over = threading.Event()
    before = worked(pids.values())
    began = time.monotonic()
    command = subprocess.Popen(words, close_fds=False)
    watcher = threading.Thread(target=watch,
                               args=(command.pid, pids, most, over))
    if memory:
        watcher.start()
    status = command.wait()
    took = time.monotonic() - began
    line = [f"{took:.3f}", f"{worked(pids.values()) - before:.2f}"]
    if memory:
        over.set()
        watcher.join()
        line.append(f"command~{most.get('command', 0)}")
    for name, pid in pids.items() if memory else ():
        line.append(f"{name}={most[name]}" if name in most else
                    f"{name}~{resident_most(pid)}")
    with open(sys.argv[1], "w") as to:
        print(" ".join(line), file=to)
    sys.exit(status if 0 <= status < 256 else 1)


main()

#!/usr/bin/env python3
"""memory_search.py - which secrets are in a process' memory

    memory_search.py PID NAME=HEX...

Prints the names of what was found, one a line.  Reads every mapping that can
be written and was, but the sanitizers' own that are larger than any heap of
ours.
Exit status 3: the process' memory cannot be read."""
import sys

LARGEST = 1 << 30
CHUNK = 1 << 20


def regions(pid):
    with open(f"/proc/{pid}/smaps") as maps:
        for line in maps:
            name, *words = line.split()
            if "-" in name:
                start, end = (int(x, 16) for x in name.split("-"))
                rights = words[0]
            elif name == "Rss:":
                held = int(words[0])
            elif name == "Swap:" and held + int(words[0]) > 0 and \
                    rights.startswith("rw") and end - start <= LARGEST:
                yield start, end


def search(pid, needles):
    longest = max(len(n) for n in needles.values())
    found = set()
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for start, end in regions(pid):
            tail = b""
            at = start
            while at < end:
                try:
                    memory.seek(at)
                    piece = memory.read(min(CHUNK, end - at))
                except (OSError, ValueError, OverflowError):
                    break
                if not piece:
                    break
                text = tail + piece
                for name, needle in needles.items():
                    if needle in text:
                        found.add(name)
                tail = text[-(longest - 1):]
                at += len(piece)
    return found


def main():
    needles = {}
    for word in sys.argv[2:]:
        name, value = word.split("=", 1)
        needles[name] = bytes.fromhex(value)
    try:
        found = search(int(sys.argv[1]), needles)
    except PermissionError:
        sys.exit(3)
    for name in sorted(found):
        print(name)


main()

#!/usr/bin/env python3
# peer_dkimpy.py KEYS MESSAGES - what dkimpy says of each message
#
# KEYS: lines "name text". MESSAGES: each with its length in front (32 bits,
# big-endian). Prints a line each, 1: it passes, 0: it does not.
import struct
import sys

import dkim


def main():
    keys = {}
    with open(sys.argv[1], "rb") as lines:
        for line in lines:
            name, text = line.rstrip(b"\n").split(b" ", 1)
            keys[name.lower()] = text

    def ask(name, timeout=5):
        del timeout
        if isinstance(name, str):
            name = name.encode()
        return keys.get(name.rstrip(b".").lower())

    with open(sys.argv[2], "rb") as messages:
        while True:
            head = messages.read(4)
            if not head:
                break
            message = messages.read(struct.unpack(">I", head)[0])
            try:
                passes = dkim.verify(message, dnsfunc=ask)
            except Exception:  # whatever it is: no pass
                passes = False
            print(int(bool(passes)))


main()

#!/usr/bin/env python3
# peer_pyspf.py WORLDS - what pyspf says of each world
#
# WORLDS: lines of fields with tabs between them: "record NAME TYPE TEXT", then
# "ask IP HELO MAILFROM", which ends a world. Prints a line each: the
# result and what it says about it.
import sys

import spf

world = {}


def lookup(name, qtype, strict=True, timeout=None, tcpfallback=True):
    del timeout, tcpfallback
    labels = name.rstrip(".").split(".")
    if any(len(label) > 63 for label in labels):
        raise spf.TempError("a label is too long")
    for kind, text in world.get(".".join(labels).lower(), []):
        if kind == "TIMEOUT":
            raise spf.TempError("DNS timeout")
        if kind != qtype:
            continue
        if kind == "TXT":
            yield (name, kind), (text,)
        elif kind == "MX":
            weight, host = text.decode().split(" ")
            yield (name, kind), (int(weight), host)
        else:
            yield (name, kind), text.decode()


def main():
    spf.DNSLookup = lookup
    with open(sys.argv[1], "rb") as lines:
        for line in lines:
            field = line.rstrip(b"\n").split(b"\t", 3)
            if field[0] == b"record":
                kind, text = field[2].decode(), field[3]
                world.setdefault(field[1].decode(), []).append((kind, text))
                continue
            ip, helo, sender = (part.decode() for part in field[1:])
            try:
                result = " ".join(spf.check2(i=ip, s=sender, h=helo)[:2])
            except Exception as why:  # whatever it is, told as what it is
                result = "died:" + type(why).__name__
            print(result)
            world.clear()


main()

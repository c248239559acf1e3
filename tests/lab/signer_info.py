#!/usr/bin/env python3
"""signer_info.py - takes a CMS signature apart

    signer_info.py SIGNATURE.der ATTRIBUTES SIGNATURE

Writes the signed attributes, as they are signed (RFC 5652 section 5.4), and the
octets of the one signature.  Exit status 1: there are no attributes."""
import sys


def item(data, at):
    """tag, where its content begins, where it ends; BER of definite length"""
    tag, first, at = data[at], data[at + 1], at + 2
    if first < 128:
        return tag, at, at + first
    size = int.from_bytes(data[at:at + first - 128], "big")
    at += first - 128
    return tag, at, at + size


def items(data, begin, end):
    while begin < end:
        tag, at, after = item(data, begin)
        yield tag, begin, at, after
        begin = after


def main():
    data = open(sys.argv[1], "rb").read()
    _, at, end = item(data, 0)
    wrapped = list(items(data, at, end))[1]
    _, at, end = item(data, wrapped[2])
    signers = list(items(data, at, end))[-1]
    _, at, end = item(data, signers[2])
    attributes = signature = None
    for tag, begin, at, after in items(data, at, end):
        if tag == 0xa0:
            attributes = b"\x31" + data[begin + 1:after]
        if tag == 0x04:
            signature = data[at:after]
    if attributes is None or signature is None:
        sys.exit(1)
    open(sys.argv[2], "wb").write(attributes)
    open(sys.argv[3], "wb").write(signature)


main()

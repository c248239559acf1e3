#!/usr/bin/env python3
"""cms_forge.py - CMS objects as no program writes them

cms_forge.py WHAT [FILE] <DER >DER, of a SignedData: crl FILE (a revocation
list, DER, put in), tag (the outermost one is another), deep (1000 constructed
strings in its place), cut (the second half is gone), unknown
(the signature's algorithm), flip (a bit of its value)."""
import sys


def length(n):
    if n < 128:
        return bytes([n])
    out = n.to_bytes((n.bit_length() + 7) // 8, 'big')
    return bytes([128 | len(out)]) + out


def split(blob):
    """The first element of a text, and what is behind it."""
    n, at = blob[1], 2
    if n & 128:
        at += n & 127
        n = int.from_bytes(blob[2:at], 'big')
    return blob[0], blob[at:at + n], blob[at + n:]


def put(tag, inside):
    return bytes([tag]) + length(len(inside)) + inside


def with_crl(blob, crl):
    _, info, _ = split(blob)
    _, _, rest = split(info)
    kind = info[:len(info) - len(rest)]
    _, explicit, _ = split(rest)
    _, signed, _ = split(explicit)
    out, rest = b'', signed
    while rest:
        tag, inside, behind = split(rest)
        if not behind:			# the signers stand last
            out += put(0xa1, crl)
        out += put(tag, inside)
        rest = behind
    return put(0x30, kind + put(0xa0, put(0x30, out)))


def main():
    blob, what = sys.stdin.buffer.read(), sys.argv[1]
    if what == 'crl':
        with open(sys.argv[2], 'rb') as crl:
            blob = with_crl(blob, crl.read())
    elif what == 'tag':
        blob = b'\x31' + blob[1:]
    elif what == 'deep':
        blob = b'\x30\x80' + b'\x24\x80' * 1000
    elif what == 'cut':
        blob = blob[:len(blob) // 2]
    elif what == 'unknown':		# ecdsa-with-SHA256, a last time
        name = bytes.fromhex('06082a8648ce3d040302')
        at = blob.rindex(name) + len(name) - 1
        blob = blob[:at] + b'\x7f' + blob[at + 1:]
    elif what == 'flip':
        blob = blob[:-3] + bytes([blob[-3] ^ 1]) + blob[-2:]
    sys.stdout.buffer.write(blob)


if __name__ == '__main__':
    main()

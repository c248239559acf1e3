#!/usr/bin/env python3
"""cms_ed25519.py - a signature as RFC 8419 has it, by openssl's command

cms_ed25519.py CERTIFICATE KEY <TEXT >DER: a detached SignedData with signed
attributes; OpenSSL 3.0's own CMS does not sign with Ed25519."""
import hashlib
import subprocess
import sys
import tempfile


def length(n):
    if n < 128:
        return bytes([n])
    out = n.to_bytes((n.bit_length() + 7) // 8, 'big')
    return bytes([128 | len(out)]) + out


def put(tag, *inside):
    inside = b''.join(inside)
    return bytes([tag]) + length(len(inside)) + inside


def split(blob):
    """The content of the first element, and what is behind it."""
    n, at = blob[1], 2
    if n & 128:
        at += n & 127
        n = int.from_bytes(blob[2:at], 'big')
    return blob[at:at + n], blob[at + n:]


def first(blob):
    return blob[:len(blob) - len(split(blob)[1])]


def openssl(*words):
    return subprocess.run(('openssl',) + words, check=True,
                          stdout=subprocess.PIPE).stdout


DATA = bytes.fromhex('06092a864886f70d010701')
SIGNED = bytes.fromhex('06092a864886f70d010702')
TYPE = bytes.fromhex('06092a864886f70d010903')
DIGEST = bytes.fromhex('06092a864886f70d010904')
SHA512 = bytes.fromhex('300b0609608648016503040203')
ED25519 = bytes.fromhex('300506032b6570')


def main():
    der = openssl('x509', '-in', sys.argv[1], '-outform', 'DER')
    text = sys.stdin.buffer.read()
    tbs = split(split(der)[0])[0]
    rest = split(tbs)[1]                # behind the version
    serial = first(rest)
    issuer = first(split(split(rest)[1])[1])
    attributes = b''.join(sorted((
        put(0x30, TYPE, put(0x31, DATA)),
        put(0x30, DIGEST, put(0x31, put(0x04,
            hashlib.sha512(text).digest()))))))
    with tempfile.NamedTemporaryFile() as to_sign:
        to_sign.write(put(0x31, attributes))
        to_sign.flush()
        value = openssl('pkeyutl', '-sign', '-rawin', '-inkey', sys.argv[2],
                        '-in', to_sign.name)
    signer = put(0x30, b'\2\1\1', put(0x30, issuer, serial), SHA512,
                 put(0xa0, attributes), ED25519, put(0x04, value))
    sys.stdout.buffer.write(put(0x30, SIGNED, put(0xa0, put(
        0x30, b'\2\1\1', put(0x31, SHA512), put(0x30, DATA), put(0xa0, der),
        put(0x31, signer)))))


main()

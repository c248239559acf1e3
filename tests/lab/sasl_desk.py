"""sasl_desk.py - logins that no server at hand offers, for smtp_desk.py

SCRAM-SHA-256 and -PLUS (RFC 5802, 7677, 9266), OAUTHBEARER (RFC 7628), XOAUTH2
and EXTERNAL, from the server's side.  A server of these tests: Dovecot, the
real one, knows no channel binding.

`faults` are lines of DIR/fault:
    scram lie               a wrong signature of the server
    scram skip              "235" without the server's proof
    scram nonce             a nonce that is not the client's
    scram rounds N          so many rounds
    scram foreign           the binding of another channel
    scram stripped          -PLUS is ours, but somebody took it out of EHLO
    oauth TEXT              is the challenge, and the token is refused
"""
import base64
import ctypes
import ctypes.util
import hashlib
import hmac
import os

BINDING_LABEL = b"EXPORTER-Channel-Binding"     # RFC 9266 section 4.2
BINDING_SIZE = 32


def exporter(sock):
    """The channel binding "tls-exporter"; Python's ssl gives none, so OpenSSL
    is asked for the SSL that CPython keeps behind its object's head."""
    crypto = ctypes.CDLL(ctypes.util.find_library("ssl"))
    ssl = ctypes.c_void_p.from_address(id(sock._sslobj) + 24)
    crypto.SSL_get_version.restype = ctypes.c_char_p
    version = crypto.SSL_get_version(ssl).decode()
    if version != sock.version():
        raise ValueError("this Python keeps its SSL elsewhere")
    out = ctypes.create_string_buffer(BINDING_SIZE)
    if crypto.SSL_export_keying_material(
            ssl, out, ctypes.c_size_t(BINDING_SIZE), BINDING_LABEL,
            ctypes.c_size_t(len(BINDING_LABEL)), b"", ctypes.c_size_t(0),
            1) != 1:
        raise ValueError("no keying material")
    return out.raw


def mac(key, text):
    return hmac.new(key, text, hashlib.sha256).digest()


class Login:
    """One exchange; `ask` sends a challenge and gives the answer."""

    def __init__(self, sock, ask, password, faults, keywords):
        self.sock, self.ask, self.password = sock, ask, password
        self.faults = faults
        self.plus = any("SCRAM-SHA-256-PLUS" in k for k in keywords) or \
            "scram stripped" in faults

    def fault(self, name):
        for line in self.faults:
            if line.startswith(name):
                return line[len(name):].strip() or "yes"
        return None

    def binding_is_right(self, header, data, plus):
        flag = header.split(b",")[0]
        if plus:
            wanted = b"\0" if self.fault("scram foreign") else \
                exporter(self.sock)
            return flag == b"p=tls-exporter" and data == wanted
        # "y": the client could bind, and was told that we cannot.
        return data == b"" and (flag == b"n" or
                                flag == b"y" and not self.plus)

    def scram(self, first, plus):
        """The answer; None: as it should be.  "skip" ends without proof."""
        flag, name, bare = first.split(b",", 2)
        header = flag + b"," + name + b","
        nonce = bare.split(b",r=")[1] + base64.b64encode(os.urandom(9))
        if self.fault("scram nonce"):
            nonce = b"another" + nonce
        rounds = int(self.fault("scram rounds") or 4096)
        salt = os.urandom(16)
        challenge = b"r=%s,s=%s,i=%d" % (nonce, base64.b64encode(salt),
                                         rounds)
        final = self.ask(challenge)
        without, proof = final.rsplit(b",p=", 1)
        bound = base64.b64decode(without.split(b",")[0][2:])
        salted = hashlib.pbkdf2_hmac("sha256", self.password, salt, rounds)
        everything = bare + b"," + challenge + b"," + without
        client = mac(salted, b"Client Key")
        signature = mac(hashlib.sha256(client).digest(), everything)
        wanted = bytes(a ^ b for a, b in zip(client, signature))
        if not bound.startswith(header) or not self.binding_is_right(
                header, bound[len(header):], plus):
            return "535 5.7.8 channel bindings do not match"
        if base64.b64decode(proof) != wanted or \
                without.split(b",r=")[1] != nonce:
            return "535 5.7.8 wrong"
        if self.fault("scram skip"):
            return None
        server = mac(mac(salted, b"Server Key"), everything)
        if self.fault("scram lie"):
            server = server[::-1]
        self.ask(b"v=" + base64.b64encode(server))
        return None

    def oauth(self, first, mechanism):
        token = b"auth=Bearer " + self.password + b"\1\1"
        right = first.startswith(b"user=") if mechanism == "XOAUTH2" else \
            first.startswith(b"n,a=") and b"\1host=" in first
        if right and first.endswith(token) and not self.fault("oauth"):
            return None
        said = self.fault("oauth") or '{"status":"invalid_token"}'
        answer = self.ask(said.encode())
        dummy = b"" if mechanism == "XOAUTH2" else b"\1"
        if answer != dummy:
            return "501 5.5.2 not the dummy of RFC 7628"
        return "535 5.7.8 no such token"

    def run(self, mechanism, first):
        """The answer to the end of the login; None: welcome."""
        if mechanism.startswith("SCRAM-SHA-256"):
            return self.scram(first, mechanism.endswith("-PLUS"))
        if mechanism in ("OAUTHBEARER", "XOAUTH2"):
            return self.oauth(first, mechanism)
        if mechanism == "EXTERNAL":
            shown = self.sock.getpeercert()
            if shown and first:
                name = dict(part[0] for part in shown["subject"])
                if name["commonName"] != first.decode():
                    return "535 5.7.8 the certificate is of somebody else"
            return None
        return "504 5.5.4 no such way"

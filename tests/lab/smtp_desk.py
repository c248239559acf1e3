#!/usr/bin/env python3
"""smtp_desk.py - a submission server that fails as it is told

    smtp_desk.py DIR CERT KEY tls|starttls

Listens on a port of 127.0.0.1 that it writes to DIR/port (SMTP_ADDRESS and
SMTP_PORT in the environment: elsewhere). Takes any user with
the password "secret", or what is in DIR/password (AUTH PLAIN, LOGIN; with
"offer AUTH ..." those of sasl_desk.py); asks its clients for certificates of
the authority in DIR/clients.pem, where there is one.  Every mail that it took goes to
DIR/mail/N; every step to DIR/log, a line "CONNECTION STEP [WORD]".

DIR/fault, read anew for every connection, holds lines "STEP WHAT":
    hang                    says nothing any more
    cut                     closes the connection
    pause SECONDS           waits first
    say TEXT                answers so instead of what it would
    raw BYTES               the same, as it is (\\r, \\n, \\0 are understood)
STEP: greeting ehlo starttls auth mail rcpt data body end, or rcpt:ADDRESS.
At "end" the mail is taken before "cut" and "hang" happen, and not with "say"
of a 4 or 5; at "body" half of it has been read.
Lines "offer KEYWORD" and "hide KEYWORD" change the answer to EHLO.
"""
import base64
import os
import socket
import ssl
import sys
import threading
import time

KEYWORDS = ["PIPELINING", "SIZE 10240000", "8BITMIME", "SMTPUTF8", "DSN",
            "AUTH PLAIN LOGIN"]
lock = threading.Lock()
count = 0


class Over(Exception):
    """This connection is done with."""


class Cancelled(Exception):
    """The client does not go on with its login."""


class Connection(threading.Thread):
    def __init__(self, desk, sock, number):
        super().__init__(daemon=True)
        self.desk, self.sock, self.number = desk, sock, number
        self.buffer = b""
        self.faults, self.keywords = desk.faults()

    def log(self, step, word=""):
        with lock, open(self.desk.path("log"), "a") as log:
            log.write(f"{self.number} {step} {word}\n")

    def say(self, text):
        self.sock.sendall(text.encode("latin-1") + b"\r\n")

    def read(self):
        piece = self.sock.recv(65536)
        if not piece:
            raise Over
        self.buffer += piece

    def line(self):
        while b"\r\n" not in self.buffer:
            self.read()
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line.decode("latin-1")

    def step(self, name, answer, word=""):
        """Logs it, fails as told, else answers.  True: as usual."""
        self.log(name, word)
        for fault in self.faults:
            step, _, what = fault.partition(" ")
            if step not in (name, f"{name}:{word}"):
                continue
            what, _, rest = what.partition(" ")
            if what == "pause":
                time.sleep(float(rest))
            elif what == "hang":
                time.sleep(3600)
            elif what == "cut":
                raise Over
            elif what == "say":
                self.say(rest)
                return False
            elif what == "raw":
                self.sock.sendall(rest.encode().decode("unicode_escape")
                                  .encode("latin-1"))
                return False
        if answer is not None:
            self.say(answer)
        return True

    def tls(self):
        self.sock = self.desk.context.wrap_socket(self.sock, server_side=True)

    def greet(self):
        words = [w for w in self.keywords]
        if self.desk.starttls and not isinstance(self.sock, ssl.SSLSocket):
            words = ["STARTTLS"]
        lines = ["desk"] + words
        answer = "\r\n".join("250-" + l for l in lines[:-1])
        answer += ("\r\n" if answer else "") + "250 " + lines[-1]
        self.step("ehlo", answer)

    def login(self, rest):
        mechanism, _, first = rest.partition(" ")
        if mechanism.upper() == "PLAIN":
            if not first:
                self.say("334 ")
                first = self.line()
            word = base64.b64decode(first).split(b"\0")[-1]
        elif mechanism.upper() != "LOGIN":
            self.login_by(mechanism.upper(), first)
            return
        else:
            self.say("334 VXNlcm5hbWU6")
            self.line()
            self.say("334 UGFzc3dvcmQ6")
            word = base64.b64decode(self.line())
        good = word == self.desk.password
        self.step("auth", "235 2.7.0 ok" if good else "535 5.7.8 wrong")

    def ask(self, challenge):
        self.say("334 " + base64.b64encode(challenge).decode())
        line = self.line()
        if line == "*":
            raise Cancelled
        return base64.b64decode(line)

    def login_by(self, mechanism, first):
        sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
        from sasl_desk import Login
        self.log("mechanism", mechanism)
        try:
            first = b"" if first == "=" else \
                base64.b64decode(first) if first else self.ask(b"")
            answer = Login(self.sock, self.ask, self.desk.password,
                           self.faults, self.keywords).run(mechanism, first)
        except Cancelled:
            self.log("cancelled", mechanism)
            answer = "501 5.7.0 cancelled"
        self.step("auth", answer or "235 2.7.0 ok")

    def body(self):
        if not self.step("data", "354 go"):
            return None
        text, half = b"", False
        while True:
            if not self.buffer:
                self.read()
            text, self.buffer = text + self.buffer, b""
            if not half:
                half = True
                self.step("body", None)
            if text == b".\r\n":
                return b""
            if text.endswith(b"\r\n.\r\n"):
                return text[:-3].replace(b"\r\n..", b"\r\n.")

    def take(self, text):
        global count
        refused = [f for f in self.faults if f.startswith(("end say 4",
                                                           "end say 5"))]
        if not refused:
            with lock:
                count += 1
                name = self.desk.path("mail", str(count))
                with open(name + ".part", "wb") as mail:
                    mail.write(text)
                os.rename(name + ".part", name)
        self.step("end", f"250 2.0.0 taken as {count}")

    def serve(self):
        if not self.desk.starttls:
            self.tls()
        self.step("greeting", "220 desk ESMTP")
        recipients = 0
        while True:
            line = self.line()
            verb = line.upper()
            if verb.startswith("EHLO"):
                self.greet()
            elif verb == "STARTTLS":
                if self.step("starttls", "220 go"):
                    self.tls()
            elif verb.startswith("AUTH "):
                self.login(line[5:])
            elif verb.startswith("MAIL FROM:"):
                recipients = 0
                self.step("mail", "250 2.1.0 ok", line[10:])
            elif verb.startswith("RCPT TO:"):
                address = line[8:].split(">")[0].strip("<")
                recipients += self.step("rcpt", "250 2.1.5 ok", address)
            elif verb == "DATA" and recipients == 0:
                self.say("503 5.5.1 nobody there")
            elif verb == "DATA":
                text = self.body()
                if text is not None:
                    self.take(text)
            elif verb == "RSET":
                self.step("rset", "250 ok")
            elif verb == "QUIT":
                self.step("quit", "221 bye")
                return
            else:
                self.say("500 5.5.1 what?")

    def run(self):
        try:
            self.serve()
        except (Over, OSError, ValueError):
            pass
        self.log("gone")
        try:
            self.sock.close()
        except OSError:
            pass


class Desk:
    def __init__(self, folder, cert, key, kind):
        self.folder, self.starttls = folder, kind == "starttls"
        os.makedirs(self.path("mail"), exist_ok=True)
        self.password = b"secret"
        if os.path.exists(self.path("password")):
            with open(self.path("password"), "rb") as file:
                self.password = file.read().strip()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(cert, key)
        # Who is asked for a certificate, and by which authority.
        if os.path.exists(self.path("clients.pem")):
            self.context.verify_mode = ssl.CERT_REQUIRED
            self.context.load_verify_locations(self.path("clients.pem"))

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def faults(self):
        try:
            with open(self.path("fault")) as file:
                lines = [line.strip("\n") for line in file if line.strip()]
        except OSError:
            lines = []
        keywords = [w for w in KEYWORDS if not any(
            l.startswith("hide ") and w.startswith(l[5:]) for l in lines)]
        keywords += [l[6:] for l in lines if l.startswith("offer ")]
        return [l for l in lines if not l.startswith(("hide ",
                                                      "offer "))], keywords

    def run(self):
        listener = socket.create_server(
            (os.environ.get("SMTP_ADDRESS", "127.0.0.1"),
             int(os.environ.get("SMTP_PORT", "0"))), backlog=64)
        with open(self.path("port.new"), "w") as file:
            file.write(str(listener.getsockname()[1]))
        os.rename(self.path("port.new"), self.path("port"))
        number = 0
        while True:
            sock, _ = listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            number += 1
            Connection(self, sock, number).start()


if __name__ == "__main__":
    Desk(*sys.argv[1:5]).run()

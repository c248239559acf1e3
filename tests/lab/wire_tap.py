#!/usr/bin/env python3
"""wire_tap.py - what a client sends before it refuses a server

    wire_tap.py listen DIR PORT      forwards a port of 127.0.0.1 that it
                                     writes to DIR/tap to PORT, and records
                                     the client's bytes in DIR/tap.N
    wire_tap.py judge FILE           prints what is in such a file, a line for
                                     a line or TLS record; 1: something that
                                     TLS does not need

A record of application data may be an alert (19 bytes in TLS 1.3) or what
ends the client's handshake (53 or 69 bytes); the shortest command, "EHLO
[127.0.0.1]", has 35.
"""
import os
import socket
import sys
import threading

HANDSHAKE_SIZES = (19, 53, 69)
PLAIN = (b"EHLO ", b"STARTTLS")


def pump(source, sink, record):
    try:
        while True:
            piece = source.recv(65536)
            if not piece:
                break
            if record:
                record.write(piece)
                record.flush()
            sink.sendall(piece)
    except OSError:
        pass
    for sock in (source, sink):
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def listen(folder, port):
    listener = socket.create_server(("127.0.0.1", 0))
    with open(os.path.join(folder, "tap.new"), "w") as file:
        file.write(str(listener.getsockname()[1]))
    os.rename(os.path.join(folder, "tap.new"), os.path.join(folder, "tap"))
    number = 0
    while True:
        client, _ = listener.accept()
        number += 1
        server = socket.create_connection(("127.0.0.1", int(port)))
        record = open(os.path.join(folder, f"tap.{number}"), "wb")
        threading.Thread(target=pump, args=(client, server, record),
                         daemon=True).start()
        threading.Thread(target=pump, args=(server, client, None),
                         daemon=True).start()


def judge(path):
    with open(path, "rb") as file:
        data = file.read()
    fine = True
    while data[:1].isalpha():
        line, _, data = data.partition(b"\r\n")
        print("line:", line.decode("latin-1"))
        fine = fine and line.startswith(PLAIN)
    kinds = {20: "change cipher", 21: "alert", 22: "handshake", 23: "data"}
    left = len(HANDSHAKE_SIZES)
    while data:
        kind, size = data[0], int.from_bytes(data[3:5], "big")
        print("record:", kinds.get(kind, "unknown"), size)
        if kind == 23:
            left -= 1
            fine = fine and size in HANDSHAKE_SIZES and left >= 0
        fine = fine and kind in kinds
        data = data[5 + size:]
    return fine


if __name__ == "__main__":
    if sys.argv[1] == "listen":
        listen(*sys.argv[2:4])
    sys.exit(0 if judge(sys.argv[2]) else 1)

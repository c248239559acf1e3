"""udp_gate.py LISTEN SERVER - a forwarder that is silent about some names

Passes questions on to 127.0.0.1@SERVER and answers back, but lets every
question under silent.example fall on the floor."""
import select
import socket
import sys

listen, server = int(sys.argv[1]), int(sys.argv[2])
front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
front.bind(("127.0.0.1", listen))
back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
back.connect(("127.0.0.1", server))
asked = {}
next_id = 0
while True:
    for ready in select.select([front, back], [], [])[0]:
        if ready is front:
            data, client = front.recvfrom(4096)
            if b"\x06silent\x07example" in data.lower():
                continue
            next_id = (next_id + 1) % 65536
            asked[next_id] = (client, data[:2])
            back.send(next_id.to_bytes(2, "big") + data[2:])
        else:
            data = back.recv(65535)
            client, own = asked.pop(int.from_bytes(data[:2], "big"),
                                    (None, None))
            if client:
                front.sendto(own + data[2:], client)

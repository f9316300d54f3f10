"""Workers of the worker protocol that only wait: one thread holds the connections of all."""

import json
import selectors
import socket
import threading

BODY = json.dumps(
    {
        "protocol": 1,
        "worker": {"labels": [], "slots": 1, "version": "bench", "is_draining": False},
        "claim": {"free_slots": 1, "wait": 25},
        "accepts": [],
        "heartbeats": [],
        "finishes": [],
    }
)


class IdleWorkers:
    """While the block runs, each token's worker has a claim open and opens the next."""

    def __init__(self, address, tokens):
        self.host, _, self.port = address.rpartition(":")
        self.tokens = tokens
        self.waiting = 0
        self.problems = []
        self.is_stopped = False

    def __enter__(self):
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_stopped = True
        self.thread.join()

    def run(self):
        with selectors.DefaultSelector() as selector:
            for token in self.tokens:
                connection = socket.create_connection((self.host, int(self.port)))
                selector.register(connection, selectors.EVENT_READ, token)
                self.claim(connection, token)
                self.waiting += 1
                self.answer(selector, wait=0)
            while not self.is_stopped:
                self.answer(selector, wait=0.5)
            for key in list(selector.get_map().values()):
                key.fileobj.close()

    def answer(self, selector, wait):
        for key, _ in selector.select(wait):
            said = key.fileobj.recv(65536)
            if not said.startswith(b"HTTP/1.1 200"):
                self.problems.append(said[:200].decode(errors="replace") or "it hung up")
                selector.unregister(key.fileobj)
                continue
            self.claim(key.fileobj, key.data)

    def claim(self, connection, token):
        head = (
            f"POST /worker/v1/sync HTTP/1.1\r\nHost: {self.host}\r\n"
            f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(BODY)}\r\n\r\n"
        )
        connection.sendall((head + BODY).encode())

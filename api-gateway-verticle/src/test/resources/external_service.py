"""A service outside of the shop, in another language: what the tests of the gateway lead to.

Usage: external_service.py NAME PORT    (0 for any port; the port is the first line of output)
"""

import hashlib
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

NAME = sys.argv[1]
LOCK = threading.Lock()
SEEN = {}
MODE = {"health": 200, "answer": 200, "delay": 0.0, "go": 0}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def serve(self):
        url = urlsplit(self.path)
        self.query = parse_qs(url.query)
        self.name = url.path.rsplit("/", 1)[-1]
        with LOCK:
            SEEN[self.name] = SEEN.get(self.name, 0) + 1
        action = getattr(self, "on_" + self.name.replace("-", "_"), self.on_echo)
        action()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = serve

    def number(self, name, otherwise):
        return float(self.query.get(name, [otherwise])[0])

    def body(self):
        """Reads all of the body: how long it is, and its digest."""
        digest, length = hashlib.sha256(), 0
        for part in self.parts():
            digest.update(part)
            length += len(part)
        return length, digest.hexdigest()

    def parts(self):
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            while True:
                size = int(self.rfile.readline().split(b";")[0], 16)
                if size:
                    yield self.rfile.read(size)
                self.rfile.readline()
                if not size:
                    return
        left = int(self.headers.get("Content-Length", 0))
        while left:
            part = self.rfile.read(min(left, 65536))
            if not part:
                return
            left -= len(part)
            yield part

    def answer(self, status, document, **headers):
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def on_echo(self):
        """What arrived, with every header as often as it came."""
        length, digest = self.body()
        headers = {}
        for name, value in self.headers.items():
            headers.setdefault(name.lower(), []).append(value)
        self.answer(
            MODE["answer"],
            {
                "service": NAME,
                "method": self.command,
                "path": self.path,
                "headers": headers,
                "length": length,
                "sha256": digest,
            },
            X_From=NAME,
        )

    def on_work(self):
        """Does as it was told to."""
        self.body()
        time.sleep(MODE["delay"])
        self.answer(MODE["answer"], {"service": NAME})

    def on_health(self):
        self.answer(MODE["health"], {"service": NAME})

    def on_seen(self):
        self.answer(200, SEEN)

    def on_mode(self):
        """Changes how health and work answer from now on."""
        for name, values in self.query.items():
            MODE[name] = type(MODE[name])(values[0])
        self.answer(200, MODE)

    def on_sink(self):
        """Takes all of a body."""
        length, _ = self.body()
        self.answer(200, {"length": length})

    def on_slow(self):
        self.body()
        time.sleep(self.number("seconds", 1))
        self.answer(200, {"service": NAME})

    def on_hang_up(self):
        """No answer at all."""
        self.close_connection = True
        self.connection.shutdown(2)

    def on_broken(self):
        """Hangs up in the middle of its answer."""
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        self.wfile.write(b"x" * 1000)
        self.wfile.flush()
        self.on_hang_up()

    def on_early(self):
        """Answers without reading the body."""
        self.close_connection = True
        self.answer(403, {"service": NAME}, Connection="close")

    def on_big(self):
        """A long answer in chunks, as fast as it is taken."""
        left = int(self.number("bytes", 0))
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while left:
            part = b"x" * min(left, 65536)
            left -= len(part)
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")

    def on_halves(self):
        """Half of an answer, and the other half when it is told to."""
        self.send_response(200)
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(b"first")
        self.wfile.flush()
        while not MODE["go"]:
            time.sleep(0.01)
        self.wfile.write(b"-last")

    def on_nothing(self):
        self.send_response(204)
        self.end_headers()

    def on_rules(self):
        """Headers that are none of a service's business, beside some that are."""
        self.answer(
            418,
            {"service": NAME},
            Set_Cookie="a=b",
            Access_Control_Allow_Origin="*",
            X_Request_Id="mine",
            Content_Security_Policy="default-src *",
            Cache_Control="max-age=60",
            Connection="X-Hop",
            X_Hop="1",
            ETag='"7"',
            Location="/v1/elsewhere",
        )


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass


server = Server(("127.0.0.1", int(sys.argv[2])), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()

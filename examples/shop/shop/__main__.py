"""Serves the shop: `python3 -m shop [HOST:PORT]`."""

import argparse
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server


class Server(ThreadingMixIn, WSGIServer):
    """Answers each request in a thread of its own."""

    daemon_threads = True


def application():
    """The application by its name, so that each request gets the release of its moment.

    From plain files there is only one.
    """
    try:
        import slipway
    except ImportError:
        from shop.web import app

        return app
    return slipway.wsgi("shop.web:app")


def main():
    parser = argparse.ArgumentParser(prog="shop", description="A small shop.")
    parser.add_argument("address", nargs="?", default="127.0.0.1:8080", help="HOST:PORT")
    parser.add_argument("--port", type=int, help="only the port")
    options = parser.parse_args()
    host, _, port = options.address.rpartition(":")
    host, port = host or "127.0.0.1", port if options.port is None else options.port
    try:
        server = make_server(host, int(port), application(), server_class=Server)
    except (ValueError, OSError, OverflowError) as error:
        parser.error(f"cannot serve at {host}:{port}: {error}")
    with server:
        print(f"The shop is open at http://{host}:{server.server_port}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("The shop is closed.")


if __name__ == "__main__":
    sys.exit(main())

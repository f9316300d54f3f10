"""Serves Git repositories as a forge does, on the loopback: over SSH and over HTTP.

    remotes.py ssh  FOLDER USER_PUBLIC_KEY HOST_KEY
    remotes.py http FOLDER [CERTIFICATE KEY [TOKEN]]

Prints the port it listens on, and serves until it is killed. SSH takes the one key, HTTP only who
shows the token, if there is one; both serve reading only, with Git's own programs.
"""

import asyncio
import base64
import http.server
import os
import shlex
import ssl
import subprocess
import sys


def serve_ssh(folder, user_key, host_key):
    import asyncssh

    async def upload_pack(process):
        program, path = shlex.split(process.command or "none none")
        if program != "git-upload-pack" or ".." in path:
            process.stderr.write("only git-upload-pack\n")
            return process.exit(128)
        git = await asyncio.create_subprocess_exec(
            program, os.path.join(folder, path.lstrip("/")),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        await process.redirect(git.stdin, git.stdout)
        process.exit(await git.wait())

    async def serve():
        server = await asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[host_key], authorized_client_keys=user_key,
            process_factory=upload_pack, encoding=None,
        )
        print(server.get_port(), flush=True)
        await server.wait_closed()

    asyncio.run(serve())


class Backend(http.server.BaseHTTPRequestHandler):
    """One request of Git's smart protocol, by `git http-backend`."""

    def do_GET(self):
        token = self.server.token
        wanted = f"Basic {base64.b64encode(f'{token}:'.encode()).decode()}"
        if token and self.headers.get("Authorization") != wanted:
            self.send_response(401)
            self.send_header("WWW-Authenticate", "Basic realm=shop")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        environment = {
            **os.environ,
            "GIT_PROJECT_ROOT": self.server.folder, "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": self.command, "PATH_INFO": path, "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
        }
        answer = subprocess.run(
            ["git", "http-backend"], input=body, env=environment, stdout=subprocess.PIPE
        ).stdout
        head, _, content = answer.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        self.send_response(int(fields.pop("Status", "200").split()[0]))
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET


def serve_http(folder, certificate=None, key=None, token=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Backend)
    server.folder = folder
    server.token = token
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    {"ssh": serve_ssh, "http": serve_http}[sys.argv[1]](*sys.argv[2:])

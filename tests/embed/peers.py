"""What stands between a client and the simulator: a proxy, a TLS front with a client certificate."""

import base64
import socket
import ssl
import threading

from support import run

GREETING = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Listener:
    """Accepts connections on loopback and serves each one in a thread."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.threads = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            connection.settimeout(20)
            threading.Thread(target=self.serve_quietly, args=(connection,), daemon=True).start()

    def serve_quietly(self, connection):
        try:
            with connection:
                self.serve(connection)
        except OSError:
            pass  # the client has gone, as some tests want

    def stop(self):
        self.socket.shutdown(socket.SHUT_RDWR)  # or accept() would keep it open
        self.socket.close()


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    try:
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def relay(one, other):
    thread = threading.Thread(target=pump, args=(one, other), daemon=True)
    thread.start()
    pump(other, one)
    thread.join(20)


class Proxy(Listener):
    """An HTTP proxy that knows CONNECT, and ways of doing it wrong."""

    def __init__(self, answer=GREETING, credentials=None, silent=False, surplus=b""):
        self.answer, self.silent, self.surplus = answer, silent, surplus
        self.wanted = credentials and b"Proxy-Authorization: Basic " + base64.b64encode(
            credentials.encode())
        self.requests = []
        super().__init__()

    def serve(self, connection):
        head = b""
        while b"\r\n\r\n" not in head:
            data = connection.recv(4096)
            if not data:
                return
            head += data
        self.requests.append(head)
        if self.silent:
            connection.recv(1)
            return
        if self.wanted and self.wanted not in head.split(b"\r\n"):
            connection.sendall(b"HTTP/1.1 407 Who are you?\r\nProxy-Authenticate: Basic\r\n"
                               b"Content-Length: 12\r\n\r\n<p>Who?</p>\n")
            return
        if self.answer != GREETING:
            connection.sendall(self.answer)
            return
        host, _, port = head.split(b" ")[1].decode().rpartition(":")
        with socket.create_connection((host.strip("[]"), int(port)), 20) as target:
            connection.sendall(self.answer + self.surplus)
            relay(connection, target)


class TlsFront(Listener):
    """Ends TLS in front of a simulator that speaks plain http."""

    def __init__(self, certificate, key, client_ca, port):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        if client_ca:
            self.context.verify_mode = ssl.CERT_REQUIRED
            self.context.load_verify_locations(client_ca)
        self.target = port
        self.subjects = []
        super().__init__()

    def serve(self, connection):
        with self.context.wrap_socket(connection, server_side=True) as tls, \
                socket.create_connection(("127.0.0.1", self.target), 20) as target:
            peer = tls.getpeercert()
            self.subjects.append(dict(pair[0] for pair in peer["subject"]) if peer else None)
            relay(tls, target)


CA_CONFIG = """\
[ca]
default_ca = ca
[ca]
dir = {folder}
database = {folder}/index
serial = {folder}/serial
new_certs_dir = {folder}
certificate = {folder}/ca.pem
private_key = {folder}/ca.key
default_md = sha256
default_days = 30
default_crl_days = 30
policy = policy
unique_subject = no
[policy]
commonName = supplied
[server]
subjectAltName = DNS:localhost
[client]
extendedKeyUsage = clientAuth
"""


class Authority:
    """A certificate authority of the test's own, in a folder."""

    def __init__(self, folder, name):
        self.folder = folder
        folder.mkdir()
        (folder / "index").touch()
        (folder / "serial").write_text("1000\n")
        (folder / "openssl.cnf").write_text(CA_CONFIG.format(folder=folder))
        self.certificate = folder / "ca.pem"
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}",
            "-keyout", folder / "ca.key", "-out", self.certificate, "-days", "30")

    def issue(self, name, kind):
        """(certificate, key) of a new certificate."""
        key, request = self.folder / f"{name}.key", self.folder / f"{name}.csr"
        certificate = self.folder / f"{name}.pem"
        run("openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}",
            "-keyout", key, "-out", request)
        self.ca("-in", request, "-out", certificate, "-extensions", kind, "-notext")
        return certificate, key

    def ca(self, *arguments):
        run("openssl", "ca", "-batch", "-config", self.folder / "openssl.cnf", *arguments)

    def revocation_list(self, name, *arguments):
        path = self.folder / name
        self.ca("-gencrl", "-out", path, *arguments)
        return path

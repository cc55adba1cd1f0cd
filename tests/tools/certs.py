# SPDX-License-Identifier: MIT
"""Certificates for tests, made with the openssl command.

    ca = certs.Authority(directory)          # a private CA: ca.pem
    good = ca.server()                       # localhost, 127.0.0.1, ::1
    bad = ca.bad("expired")                  # one of certs.BAD
    good.cert, good.key                      # paths; good.context() for ssl

Keys are elliptic: making one costs milliseconds.
"""
import os
import ssl
import subprocess

GOOD_NAMES = ("DNS:localhost", "IP:127.0.0.1", "IP:0:0:0:0:0:0:0:1")


def _openssl(*args, input=None):
    result = subprocess.run(["openssl", *args], input=input, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, check=False)
    if result.returncode:
        raise RuntimeError("openssl %s: %s" % (args[0], result.stderr.decode(errors="replace")))
    return result.stdout


class Pair:
    """A certificate (with its chain) and its key."""

    def __init__(self, cert, key):
        self.cert, self.key = cert, key

    def context(self, minimum=ssl.TLSVersion.TLSv1_2, maximum=None, ciphers=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = minimum
        if maximum:
            context.maximum_version = maximum
        if ciphers:
            context.set_ciphers(ciphers)
        context.load_cert_chain(self.cert, self.key)
        return context


class Authority:
    def __init__(self, directory, name="ca"):
        os.makedirs(directory, exist_ok=True)
        self.directory, self.name = directory, name
        self.pem, self.key = self._path(name + ".pem"), self._path(name + ".key")
        _make_key(self.key)
        _openssl("req", "-x509", "-new", "-key", self.key, "-out", self.pem, "-days", "3650",
                 "-subj", "/CN=dewey test authority " + name,
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        self._other = None

    def _path(self, name):
        return os.path.join(self.directory, name)

    def server(self, name="server", names=GOOD_NAMES, subject="/CN=localhost",
               days=("20200101000000Z", "20991231235959Z"), usage="serverAuth"):
        """A certificate for names (OpenSSL's subjectAltName entries; empty:
        no such extension), valid between the two days."""
        base = "%s-%s" % (self.name, name)
        cert, key = self._path(base + ".pem"), self._path(base + ".key")
        _make_key(key)
        request = _openssl("req", "-new", "-key", key, "-subj", subject)
        lines = ["basicConstraints=CA:FALSE", "extendedKeyUsage=" + usage]
        if names:
            lines.append("subjectAltName=" + ",".join(names))
        self._sign(request, cert, lines, days)
        return Pair(cert, key)

    def _sign(self, request, cert, lines, days):
        # "openssl ca" is the only way of OpenSSL 3.0 to set a day in the past.
        config, database = self._path("ca.cnf"), self._path("index.txt")
        csr = cert + ".csr"
        with open(csr, "wb") as file:
            file.write(request)
        open(database, "w", encoding="ascii").close()
        with open(config, "w", encoding="ascii") as file:
            file.write("[ca]\ndefault_ca=d\n[d]\ndatabase=%s\nnew_certs_dir=%s\nrand_serial=yes\n"
                       "default_md=sha256\npolicy=p\nunique_subject=no\nemail_in_dn=no\n"
                       "[p]\ncommonName=optional\n[v]\n%s\n"
                       % (database, self.directory, "\n".join(lines)))
        _openssl("ca", "-batch", "-notext", "-config", config, "-cert", self.pem, "-keyfile",
                 self.key, "-in", csr, "-out", cert, "-extensions", "v", "-startdate", days[0],
                 "-enddate", days[1])

    def self_signed(self, name="self-signed"):
        cert, key = self._path(name + ".pem"), self._path(name + ".key")
        _make_key(key)
        _openssl("req", "-x509", "-new", "-key", key, "-out", cert, "-days", "3650",
                 "-subj", "/CN=localhost", "-addext", "subjectAltName=" + ",".join(GOOD_NAMES),
                 "-addext", "extendedKeyUsage=serverAuth")
        return Pair(cert, key)

    def other(self):
        """Another authority, which nobody trusts."""
        self._other = self._other or Authority(self.directory, self.name + "-other")
        return self._other

    def bad(self, kind):
        return BAD[kind](self)


def _make_key(path):
    _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path)
    os.chmod(path, 0o600)


# What a client that asks for localhost (or 127.0.0.1) has to refuse: T-02, T-03.
BAD = {
    "wrong host": lambda ca: ca.server("wrong-host", ["DNS:other.test"]),
    "expired": lambda ca: ca.server("expired", days=("20200101000000Z", "20210101000000Z")),
    "not yet valid": lambda ca: ca.server("early", days=("20980101000000Z", "20991231235959Z")),
    "self-signed": lambda ca: ca.self_signed(),
    "other authority": lambda ca: ca.other().server(),
    "common name only": lambda ca: ca.server("cn-only", []),
    "common name right, alternative name wrong":
        lambda ca: ca.server("cn-right", ["DNS:other.test"], "/CN=localhost"),
    "partial wildcard": lambda ca: ca.server("partial", ["DNS:l*"], "/CN=other"),
    "bare wildcard": lambda ca: ca.server("wildcard", ["DNS:*"], "/CN=other"),
    "address as a DNS name":
        lambda ca: ca.server("dns-ip", ["DNS:127.0.0.1"], "/CN=127.0.0.1"),
    "for clients only": lambda ca: ca.server("client", usage="clientAuth"),
}

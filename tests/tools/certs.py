# SPDX-License-Identifier: MIT
"""Certificates for tests, made with the openssl command.

    ca = certs.Authority(directory)          # a private CA: ca.pem
    good = ca.server()                       # localhost, 127.0.0.1, ::1
    bad = ca.bad("expired")                  # one of certs.BAD
    certs.BAD["expired"].host, .reason       # whom the client asks for, what it says
    ca.staple(good, "revoked")               # the path of an OCSP response
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
    """A certificate (with its chain) and its key.  weak: so weak that the server
    must be told to use it."""

    def __init__(self, cert, key, weak=False):
        self.cert, self.key, self.weak = cert, key, weak

    def context(self, minimum=ssl.TLSVersion.TLSv1_2, maximum=None, ciphers=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = minimum
        if maximum:
            context.maximum_version = maximum
        if ciphers or self.weak:
            context.set_ciphers(ciphers or "ALL:@SECLEVEL=0")
        context.load_cert_chain(self.cert, self.key)
        return context


class Authority:
    def __init__(self, directory, name="ca", rsa=None):
        os.makedirs(directory, exist_ok=True)
        self.directory, self.name = directory, name
        self.pem, self.key = self._path(name + ".pem"), self._path(name + ".key")
        _make_key(self.key, rsa)
        _openssl("req", "-x509", "-new", "-key", self.key, "-out", self.pem, "-days", "3650",
                 "-subj", "/CN=dewey test authority " + name,
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        self._other = self._rsa = None

    def _path(self, name):
        return os.path.join(self.directory, name)

    def server(self, name="server", names=GOOD_NAMES, subject="/CN=localhost",
               days=("20200101000000Z", "20991231235959Z"), usage="serverAuth", digest="sha256",
               rsa=None, more=()):
        """A certificate for names (OpenSSL's subjectAltName entries; empty:
        no such extension), valid between the two days.  rsa: a key of so many
        bits; more: further extensions."""
        base = "%s-%s" % (self.name, name)
        cert, key = self._path(base + ".pem"), self._path(base + ".key")
        _make_key(key, rsa)
        request = _openssl("req", "-new", "-key", key, "-subj", subject)
        lines = ["basicConstraints=CA:FALSE", "extendedKeyUsage=" + usage, *more]
        if names:
            lines.append("subjectAltName=" + ",".join(names))
        self._sign(request, cert, lines, days, digest)
        return Pair(cert, key, rsa is not None or digest != "sha256")

    def _sign(self, request, cert, lines, days, digest):
        # "openssl ca" is the only way of OpenSSL 3.0 to set a day in the past.
        config, database = self._path("ca.cnf"), self._path("index.txt")
        csr = cert + ".csr"
        with open(csr, "wb") as file:
            file.write(request)
        open(database, "w", encoding="ascii").close()
        with open(config, "w", encoding="ascii") as file:
            file.write("[ca]\ndefault_ca=d\n[d]\ndatabase=%s\nnew_certs_dir=%s\nrand_serial=yes\n"
                       "default_md=%s\npolicy=p\nunique_subject=no\nemail_in_dn=no\n"
                       "[p]\ncommonName=optional\n[v]\n%s\n"
                       % (database, self.directory, digest, "\n".join(lines)))
        _openssl("ca", "-batch", "-notext", "-config", config, "-cert", self.pem, "-keyfile",
                 self.key, "-in", csr, "-out", cert, "-extensions", "v", "-startdate", days[0],
                 "-enddate", days[1])

    def staple(self, pair, status="good", signer=None, days=7):
        """What the authority (or another, signer) answers about the certificate:
        good, revoked, or unknown; for so many days."""
        signer = signer or self
        index, out = pair.cert + ".index", "%s.%s.%s.%d.ocsp" % (pair.cert, signer.name, status, days)
        serial = _openssl("x509", "-in", pair.cert, "-noout", "-serial").decode()
        serial = serial.strip().split("=")[1]
        row = {"good": "V\t991231235959Z\t\t", "revoked": "R\t991231235959Z\t200601000000Z\t",
               "unknown": None}[status]
        with open(index, "w", encoding="ascii") as file:
            file.write(row + serial + "\tunknown\t/CN=x\n" if row else "")
        _openssl("ocsp", "-index", index, "-CA", self.pem, "-issuer", self.pem, "-cert", pair.cert,
                 "-rsigner", signer.pem, "-rkey", signer.key, "-respout", out, "-noverify",
                 *(["-ndays", str(days)] if days > 0 else []))
        return out

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

    def rsa(self):
        """An authority with an RSA key, trusted as well: MD5 goes with no other."""
        if not self._rsa:
            self._rsa = Authority(self.directory, self.name + "-rsa", 2048)
            with open(self._rsa.pem, "rb") as one, open(self.pem, "ab") as all_of_them:
                all_of_them.write(one.read())
        return self._rsa

    def bad(self, kind):
        return BAD[kind].make(self)


def _make_key(path, rsa=None):
    if rsa:
        _openssl("genrsa", "-out", path, str(rsa))
    else:
        _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path)
    os.chmod(path, 0o600)


def _nul_in_name():
    """A subjectAltName of "mail.nowhere.test", NUL, ".evil.test" (CVE-2009-2666)."""
    name = b"mail.nowhere.test\0.evil.test"
    return "subjectAltName=DER:30%02x82%02x%s" % (len(name) + 2, len(name), name.hex())


class Bad:
    """One that a client which asks for host has to refuse, and its reason."""

    def __init__(self, make, reason, host="localhost"):
        self.make, self.reason, self.host = make, reason, host


OTHER = "for another host"
FAR = "mail.nowhere.test"

# T-02, T-03.
BAD = {
    "wrong host": Bad(lambda ca: ca.server("wrong-host", ["DNS:other.test"]),
                      OTHER + " ('other.test')"),
    "expired": Bad(lambda ca: ca.server("expired", days=("20200101000000Z", "20210101000000Z")),
                   "has expired"),
    "not yet valid": Bad(lambda ca: ca.server("early", days=("20980101000000Z",
                                                             "20991231235959Z")), "not valid yet"),
    "self-signed": Bad(lambda ca: ca.self_signed(), "self-signed"),
    "other authority": Bad(lambda ca: ca.other().server(), "issuer is not known"),
    "common name only": Bad(lambda ca: ca.server("cn-only", []), OTHER + " (it holds no host name)"),
    "common name right, alternative name wrong":
        Bad(lambda ca: ca.server("cn-right", ["DNS:other.test"], "/CN=localhost"), OTHER),
    "wildcard for all of a top-level domain":
        Bad(lambda ca: ca.server("tld", ["DNS:*.test"], "/CN=x"), OTHER, "mail.test"),
    "wildcard over two labels":
        Bad(lambda ca: ca.server("two", ["DNS:*.mail.test"], "/CN=x"), OTHER, "a.b.mail.test"),
    "partial wildcard":
        Bad(lambda ca: ca.server("partial", ["DNS:m*.nowhere.test"], "/CN=x"), OTHER, FAR),
    "bare wildcard": Bad(lambda ca: ca.server("wildcard", ["DNS:*"], "/CN=other"), OTHER),
    "address as a DNS name":
        Bad(lambda ca: ca.server("dns-ip", ["DNS:127.0.0.1"], "/CN=127.0.0.1"), OTHER, "127.0.0.1"),
    "NUL in the name":
        Bad(lambda ca: ca.server("nul", [], "/CN=x", more=[_nul_in_name()]), OTHER, FAR),
    "otherName":
        Bad(lambda ca: ca.server("other-name", ["otherName:1.2.3.4;UTF8:" + FAR], "/CN=x"), OTHER,
            FAR),
    "for clients only": Bad(lambda ca: ca.server("client", usage="clientAuth"),
                            "not meant for servers"),
    "weak key": Bad(lambda ca: ca.server("weak", rsa=1024), "too weak"),
    "signed with SHA-1": Bad(lambda ca: ca.server("sha1", digest="sha1"), "too weak"),
    "signed with MD5": Bad(lambda ca: ca.rsa().server("md5", digest="md5"), "too weak"),
}

# SPDX-License-Identifier: MIT
"""Keys of GnuPG that a test makes for itself, in a home of its own.

    ring = gnupg.Ring()
    ivan = ring.pgp("Ivan <ivan@example.org>")        # a fingerprint
    ring.run("gpg", "--detach-sign", "-a", "-u", ivan, stdin=b"text")
    anna = ring.smime("Anna", "anna@example.org")     # a certificate, trusted

Where GnuPG is not installed the test is skipped."""
import os
import shutil
import subprocess

import tap

OPENSSL = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class Certificate:
    """Files, and the fingerprint as GnuPG writes it."""

    def __init__(self, key, pem):
        self.key, self.pem = key, pem
        shown = subprocess.run(["openssl", "x509", "-in", pem, "-noout", "-fingerprint", "-sha1"],
                               capture_output=True, text=True, check=True).stdout
        self.fingerprint = shown.split("=")[1].strip().replace(":", "")


class Authority(Certificate):
    def __init__(self, directory, name="Test CA"):
        self.directory, self.count = directory, 0
        key, pem = (os.path.join(directory, name.replace(" ", "-") + end) for end in (".key", ".pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key,
                        "-out", pem, "-subj", "/CN=" + name, "-days", "3650",
                        "-addext", "keyUsage=critical,keyCertSign,cRLSign"], check=True, **OPENSSL)
        super().__init__(key, pem)

    def issue(self, name, address):
        self.count += 1
        base = os.path.join(self.directory, "%s-%d" % (os.path.basename(self.pem), self.count))
        with open(base + ".ext", "w", encoding="ascii") as file:
            file.write("keyUsage=critical,digitalSignature,keyEncipherment\n"
                       "extendedKeyUsage=emailProtection\nsubjectAltName=email:%s\n" % address)
        subprocess.run(["openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", base + ".key",
                        "-out", base + ".csr", "-subj", "/CN=" + name], check=True, **OPENSSL)
        subprocess.run(["openssl", "x509", "-req", "-in", base + ".csr", "-CA", self.pem, "-CAkey",
                        self.key, "-set_serial", str(self.count + 100), "-days", "3000", "-extfile",
                        base + ".ext", "-out", base + ".pem"], check=True, **OPENSSL)
        return Certificate(base + ".key", base + ".pem")


class Ring:
    def __init__(self):
        if not shutil.which("gpg") or not shutil.which("gpgsm"):
            tap.skip("gpg and gpgsm are not installed")
        # A socket lies in it: its name must be short.
        self.path = tap.tempdir("dg")
        os.chmod(self.path, 0o700)
        self.write("gpg-agent.conf", "disable-scdaemon\n")
        self.write("gpgsm.conf", "disable-crl-checks\ndisable-dirmngr\n")
        self.environment = {**os.environ, "GNUPGHOME": self.path}
        self.environment.pop("GPG_TTY", None)
        self.environment.pop("DISPLAY", None)
        tap.cleanup(self.end)
        self.authority = None

    def end(self):
        subprocess.run(["gpgconf", "--kill", "all"], env=self.environment, check=False)

    def write(self, name, text):
        with open(os.path.join(self.path, name), "w", encoding="utf-8") as file:
            file.write(text)

    def run(self, *command, stdin=b"", status=0):
        done = subprocess.run(command, input=stdin, capture_output=True, env=self.environment,
                              check=False)
        if status is not None and done.returncode != status:
            tap.fail("%s: %d\n%s" % (" ".join(command), done.returncode,
                                     done.stderr.decode("utf-8", "replace")))
        return done.stdout

    def gpg(self, *words, stdin=b"", status=0):
        return self.run("gpg", "--batch", "--no-tty", "--quiet", "--trust-model", "always", *words,
                        stdin=stdin, status=status)

    def pgp(self, user, passphrase="", expires="never"):
        """A new key for signatures and encryption; its fingerprint."""
        common = ["--pinentry-mode", "loopback", "--passphrase", passphrase]
        self.gpg(*common, "--quick-gen-key", user, "ed25519", "sign", expires)
        fingerprint = self.fingerprint(user)
        self.gpg(*common, "--quick-add-key", fingerprint, "cv25519", "encr", expires)
        return fingerprint

    def fingerprint(self, user):
        lines = self.gpg("--with-colons", "--list-keys", "=" + user).decode().splitlines()
        return next(line.split(":")[9] for line in lines if line.startswith("fpr:"))

    def take_pkcs12(self, made, passphrase):
        """False: gpgsm 2.2 cannot read one key in some hundreds."""
        pkcs12 = made.pem + ".p12"
        subprocess.run(["openssl", "pkcs12", "-export", "-legacy", "-in", made.pem, "-inkey",
                        made.key, "-certfile", self.authority.pem, "-out", pkcs12, "-passout",
                        "pass:" + passphrase], check=True, **OPENSSL)
        done = subprocess.run(
            ["gpgsm", "--batch", "--pinentry-mode", "loopback", "--passphrase-fd", "0",
             "--import", pkcs12], input=passphrase.encode() + b"\n", capture_output=True,
            env=self.environment, check=False)
        return done.returncode == 0

    def smime(self, name, address, passphrase="x", trusted=True):
        """A new certificate with its secret key, which has a passphrase."""
        if not self.authority:
            self.authority = Authority(self.path)
        for _ in range(8):
            made = self.authority.issue(name, address)
            if self.take_pkcs12(made, passphrase):
                break
        else:
            tap.fail("gpgsm takes no key of OpenSSL's")
        self.write("trustlist.txt", "%s S relax\n" % self.authority.fingerprint if trusted else "")
        self.run("gpgconf", "--reload", "gpg-agent")
        return made

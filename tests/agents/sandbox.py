#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The sandbox, tried from inside: tests/tools/intruder.c does in the real process what
somebody would do who had taken it over."""
import glob
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import cryptwire
import gnupg
import home
import mimewire
import tap

INTRUDER = os.path.join(tap.BUILD, "tests", "tools", "intruder.so")
LETTER = b"From: a@example.org\nSubject: x\n\nhello\n"
LIMIT = 60  # seconds that only a hang reaches
KILLED = -signal.SIGSYS


def run(*options, stdin=LETTER, **environment):
    """dewey-mime by hand with the intruder in it."""
    no_sanitizers()
    environment = dict(os.environ, LD_PRELOAD=INTRUDER, **environment)
    return subprocess.run([tap.program("dewey-mime"), *options], input=stdin,
                          capture_output=True, timeout=LIMIT, env=environment)


def no_sanitizers():
    if tap.sanitized("dewey-mime"):
        tap.skip("built with sanitizers: the sandbox is off there")


def said(done, name):
    """What became of the attempt: the errno's name, "done", or the signal."""
    for line in done.stderr.decode().splitlines():
        if line.startswith(name + ": "):
            return line[len(name) + 2:]
    return signal.Signals(-done.returncode).name if done.returncode < 0 else "not tried"


def elsewhere():
    """A directory that is not below /tmp, which is anybody's."""
    inside = tap.BUILD.startswith(("/tmp/", "/var/tmp/"))
    path = tempfile.mkdtemp(dir=os.path.expanduser("~root") if inside else tap.BUILD)
    tap.cleanup(shutil.rmtree, path, True)
    return path


def victim(directory=None):
    """A file that an attempt could read, empty or remove."""
    handle, path = tempfile.mkstemp(dir=directory)
    os.write(handle, b"secret")
    os.close(handle)
    tap.cleanup(lambda: os.path.exists(path) and os.unlink(path))
    return path


def listener():
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()
    tap.cleanup(server.close)
    return str(server.getsockname()[1])


def check(name, wanted, *options, **environment):
    path = environment.setdefault("DEWEY_INTRUDE_PATH", victim())
    done = run(*options, DEWEY_INTRUDE=name, **environment)
    tap.equal(said(done, name), wanted, "attempt '%s'" % name)
    tap.equal(open(path, "rb").read(), b"secret", "the file after '%s'" % name)
    if not wanted.startswith("SIG"):
        tap.equal(done.returncode, 0, "exit status after '%s'" % name)
        tap.contains(done.stdout.decode(), "hello", "the letter")


# --- each restriction, tried ------------------------------------------------------------

FILES = ["read", "create", "directory"]
NAMES = ["truncate", "unlink", "rename", "link", "symlink", "mkdir", "chmod", "chdir", "device",
         "xattr"]
NETWORK = ["tcp", "udp", "unix", "listen", "raw", "netlink"]
OTHERS = ["fork", "thread", "kill", "signal-parent", "memfd", "raise", "dump", "io_uring", "bpf",
          "userfaultfd", "mount", "namespace", "map-code", "protect-code", "type-ahead"]
DEADLY = ["exec", "ptrace", "x32", "i386"]


@tap.test("B-05: what is tried below goes through without a sandbox")
def without():
    for name in ("read", "tcp", "udp", "fork", "thread", "kill", "map-code", "protect-code",
                 "memfd"):
        done = run("--sandbox=off", DEWEY_INTRUDE=name, DEWEY_INTRUDE_PATH=victim(),
                   DEWEY_INTRUDE_PORT=listener())
        tap.equal(said(done, name), "done", "attempt '%s'" % name)


@tap.test("B-05: dewey-mime opens, changes and makes no file")
def files():
    for name in FILES:
        check(name, "EACCES")
    for name in NAMES:
        check(name, "EPERM")


@tap.test("B-04: dewey-mime has no socket of any kind")
def network():
    port = listener()
    for name in NETWORK:
        check(name, "EPERM", DEWEY_INTRUDE_PORT=port)


@tap.test("B-05: dewey-mime starts no process or thread, and has none of the doors to the kernel")
def others():
    for name in OTHERS:
        check(name, "EPERM")


@tap.test("B-06: exec, ptrace and the calls of other architectures end dewey-mime")
def deadly():
    for name in DEADLY:
        check(name, "SIGSYS")


@tap.test("B-06: a call that is newer than its fallback says ENOSYS")
def newer():
    check("clone3", "ENOSYS")


@tap.test("B-05: dewey-mime has 512 MiB of addresses and files of 64 MiB")
def limits():
    check("memory", "ENOMEM")
    with tempfile.TemporaryFile() as out:
        environment = dict(os.environ, LD_PRELOAD=INTRUDER, DEWEY_INTRUDE="huge-file")
        for options, wanted in ((), "EFBIG"), (("--file-size=100000000",), "done"):
            done = subprocess.run([tap.program("dewey-mime"), "--raw", *options], input=LETTER,
                                  stdout=out, stderr=subprocess.PIPE, env=environment,
                                  timeout=LIMIT)
            tap.equal(said(done, "huge-file"), wanted, "attempt 'huge-file' %s" % (options,))
            tap.equal(done.returncode, 0, "exit status")


# --- kernels with less --------------------------------------------------------------------

@tap.test("B-05: with Landlock 2 (Linux 6.1), and with none at all, seccomp holds all of it")
def older():
    for fake in "7", "3", "2", "1", "0", "-95":
        for name in ("read", "create", "truncate", "tcp", "fork"):
            check(name, "EACCES" if name in FILES else "EPERM", DEWEY_FAKE_LANDLOCK=fake)


@tap.test("B-05: without seccomp, Landlock 2 and 7 keep the files")
def without_calls():
    for fake in "7", "2":
        for name in ("read", "create", "unlink", "link", "directory"):
            check(name, "EACCES", DEWEY_FAKE_LANDLOCK=fake, DEWEY_FAKE_SECCOMP="none")


@tap.test("B-01: what is missing is said once, and --sandbox=require refuses it")
def fallback():
    for environment, wanted in (
            ({"DEWEY_FAKE_LANDLOCK": "0"}, "the kernel has no Landlock"),
            ({"DEWEY_FAKE_LANDLOCK": "-95"}, "Landlock is switched off"),
            ({"DEWEY_FAKE_SECCOMP": "none"}, "the kernel has no seccomp")):
        done = run(**environment)
        tap.equal(done.returncode, 0, "exit status")
        tap.equal(done.stderr.decode().count(wanted), 1, "warnings in %r" % done.stderr)
        for options in ("--sandbox=require",), ("--sandbox=require", "--wire"):
            done = run(*options, **environment)
            tap.equal(done.returncode, 69, "exit status with require")
            tap.contains(done.stderr.decode(), [wanted, "--sandbox=auto"], "what it says")
            tap.equal(done.stdout, b"", "what it reads")
    tap.equal(run(DEWEY_FAKE_LANDLOCK="2", *["--sandbox=require"]).returncode, 0,
              "Landlock 2 is enough for a worker")
    done = run("--sandbox=require")
    tap.equal((done.returncode, done.stderr), (0, b""), "all of it is here")
    tap.equal(run("--sandbox=perhaps").returncode, 64, "an unknown mode")
    tap.equal(run(DEWEY_SANDBOX="require", DEWEY_FAKE_LANDLOCK="0").returncode, 69,
              "what a parent said")


# --- the agents ------------------------------------------------------------------------------

def agent(program, name, account, options=(), **environment):
    """The agent by hand, towards a server that hangs up, with the intruder in it."""
    no_sanitizers()
    path = victim(elsewhere())
    place = home.Home(account)
    environment = dict(place.environment(), LD_PRELOAD=INTRUDER, DEWEY_INTRUDE=name,
                       DEWEY_INTRUDE_AT="wait", **{"DEWEY_INTRUDE_PATH": path, **environment})
    words = ["home"] if program == "dewey-pop3" else ["-i", "maria@example.org"]
    done = subprocess.run(place.command(program, *options, *words), input=LETTER,
                          capture_output=True, timeout=LIMIT, env=environment)
    tap.equal(open(path, "rb").read(), b"secret", "the file after '%s'" % name)
    return said(done, name)


def servers(**more):
    """An account whose servers take a connection and hang up."""
    port = int(hanging_up())
    return {"pop3": "pop3+insecure://ivan@127.0.0.1:%d" % port,
            "smtp": "smtp+insecure://ivan@127.0.0.1:%d" % port, "password": home.SECRET, **more}


def hanging_up():
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen(64)
    tap.cleanup(server.close)

    def serve():
        try:
            while True:
                server.accept()[0].close()
        except OSError:
            pass
    threading.Thread(target=serve, daemon=True).start()
    return str(server.getsockname()[1])


AGENTS = ("dewey-pop3", "dewey-smtp")
# dewey-pop3 starts dewey-mime, and Landlock keeps it to that.
RUN = {"dewey-pop3": "EACCES", "dewey-smtp": "EPERM"}


@tap.test("B-05: what is tried of the agents goes through without a sandbox")
def agents_without():
    for program in AGENTS:
        for name in "read", "tcp", "listen", "fork":
            tap.equal(agent(program, name, servers(), ["--sandbox=off"],
                            DEWEY_INTRUDE_PORT=listener()), "done", "%s: %s" % (program, name))


@tap.test("B-05: the agents have no file but those of mail and of the system")
def agents_files():
    for program in AGENTS:
        for name in "read", "create", "truncate", "unlink", "device":
            tap.contains(["EACCES", "EPERM"], agent(program, name, servers()),
                         "%s: %s" % (program, name))


@tap.test("B-04: the agents reach the ports of mail, and none but those; they listen on none")
def agents_ports():
    for program in AGENTS:
        for name in "tcp", "listen":
            tap.equal(agent(program, name, servers(), DEWEY_INTRUDE_PORT=listener()), "EACCES",
                      "%s: %s" % (program, name))
        account = servers()
        own = account["pop3"].rsplit(":", 1)[1]
        tap.equal(agent(program, "tcp", account, DEWEY_INTRUDE_PORT=own), "done",
                  "%s: its own server" % program)


@tap.test("B-05 B-06: the agents run no program, and have none of the doors to the kernel")
def agents_calls():
    for program in AGENTS:
        for name in ("exec", "ptrace", "mount", "namespace", "bpf", "io_uring", "userfaultfd"):
            tap.equal(agent(program, name, servers()), RUN[program] if name == "exec" else "EPERM",
                      "%s: %s" % (program, name))
        tap.equal(agent(program, "x32", servers()), "SIGSYS", "%s: x32" % program)


@tap.test("B-05: the agents on older kernels: files and programs with Landlock 2, programs with none")
def agents_older():
    for program in AGENTS:
        for fake, name, wanted in (("2", "read", "EACCES"), ("2", "exec", RUN[program]),
                                   ("2", "tcp", "done"), ("0", "ptrace", "EPERM"),
                                   ("0", "read", "done"), ("-95", "mount", "EPERM")):
            tap.equal(agent(program, name, servers(), DEWEY_FAKE_LANDLOCK=fake,
                            DEWEY_INTRUDE_PORT=listener()), wanted,
                      "%s: %s with Landlock %s" % (program, name, fake))
        tap.equal(agent(program, "read", servers(), ["--sandbox=require"], DEWEY_FAKE_LANDLOCK="2"),
                  "not tried", "Landlock 2 knows no ports: require refuses")


@tap.test("an account with a command to run has its agents without a sandbox")
def agents_with_commands():
    for program in AGENTS:
        tap.equal(agent(program, "read", servers(password="command:echo x")), "done", program)


# --- dewey-crypt, and the gpg that it runs ---------------------------------------------------

class Signed:
    """A letter that Ivan signed, and dewey-crypt over it."""

    def __init__(self, **settings):
        no_sanitizers()
        self.ring = gnupg.Ring()
        ivan = self.ring.pgp("Ivan <ivan@example.org>")
        self.signature = os.path.join(tap.tempdir(), "signature")
        with open(self.signature, "wb") as file:
            file.write(self.ring.gpg("--detach-sign", "-u", ivan, stdin=LETTER))

    def verify(self, *options, **environment):
        environment = dict(os.environ, GNUPGHOME=self.ring.path, LD_PRELOAD=INTRUDER, **environment)
        return subprocess.run([tap.program("dewey-crypt"), *options, "--verify", self.signature],
                              input=LETTER, capture_output=True, timeout=LIMIT, env=environment)

    def attempt(self, name, *options, **environment):
        path = victim(elsewhere())
        done = self.verify(*options, DEWEY_INTRUDE=name, DEWEY_INTRUDE_AT="wait",
                           **{"DEWEY_INTRUDE_PATH": path, **environment})
        tap.equal(open(path, "rb").read(), b"secret", "the file after '%s'" % name)
        if done.returncode >= 0:
            tap.contains(done.stdout.decode(), '"good"', "what is said of the signature")
        return said(done, name)


@tap.test("B-05: what is tried of dewey-crypt goes through without a sandbox")
def crypt_without():
    signed = Signed()
    for name in "read", "tcp", "udp", "signal-parent":
        tap.equal(signed.attempt(name, "--sandbox=off", DEWEY_INTRUDE_PORT=listener()), "done", name)


@tap.test("B-04 B-05: dewey-crypt, and what it runs, has no file but GnuPG's, no network, no door to the kernel")
def crypt_confined():
    signed = Signed()
    for name in FILES[:2] + ["truncate", "unlink", "device"]:
        tap.contains(["EACCES", "EPERM"], signed.attempt(name), name)
    for name in "tcp", "udp", "raw", "netlink":
        tap.equal(signed.attempt(name, DEWEY_INTRUDE_PORT=listener()), "EACCES", name)
    for name in "signal-parent", "mount", "namespace", "bpf", "io_uring", "userfaultfd", "ptrace":
        tap.equal(signed.attempt(name), "EPERM", name)
    tap.equal(signed.attempt("x32"), "SIGSYS", "x32")


@tap.test("B-05: dewey-crypt on older kernels: files with Landlock 2, the network and the kernel with none")
def crypt_older():
    signed = Signed()
    for fake, name, wanted in (("2", "read", "EACCES"), ("2", "tcp", "EACCES"), ("0", "udp", "EACCES"),
                               ("0", "ptrace", "EPERM"), ("0", "read", "done")):
        tap.equal(signed.attempt(name, DEWEY_FAKE_LANDLOCK=fake, DEWEY_INTRUDE_PORT=listener()), wanted,
                  "%s with Landlock %s" % (name, fake))
    tap.equal(signed.verify("--sandbox=require", DEWEY_FAKE_LANDLOCK="0").returncode, 69, "require")


@tap.test("B-01: the agent of GnuPG that dewey-crypt needs is started outside of the sandbox")
def crypt_agent():
    signed = Signed()
    signed.ring.end()
    crypt = cryptwire.Crypt(signed.ring)
    event, _ = crypt.done("sign", LETTER, form="detached", sender="ivan@example.org")
    tap.equal(event["event"], "done", "signed")
    pid = int(signed.ring.run("gpg-connect-agent", "GETINFO pid", "/bye").split()[1])
    with open("/proc/%d/status" % pid) as status:
        lines = dict(line.split(":\t", 1) for line in status.read().splitlines() if ":\t" in line)
    tap.equal((lines["NoNewPrivs"], lines["Seccomp"]), ("0", "0"), "what the agent gave up")


@tap.test("B-02: a keyring and settings of GnuPG that lie elsewhere are found in the sandbox")
def crypt_elsewhere():
    signed = Signed()
    place = elsewhere()
    os.rename(os.path.join(signed.ring.path, "pubring.kbx"), os.path.join(place, "other.kbx"))
    with open(os.path.join(place, "gpg.conf"), "w", encoding="ascii") as file:
        file.write("no-default-keyring\nkeyring %s/other.kbx\n" % place)
    os.symlink(os.path.join(place, "gpg.conf"), os.path.join(signed.ring.path, "gpg.conf"))
    done = signed.verify("--sandbox=require")
    tap.contains(done.stdout.decode(), '"good"', "what is said of the signature")


# --- pictures --------------------------------------------------------------------------------

PICTURE = (b"From: a@example.org\nContent-Type: image/gif\nContent-Transfer-Encoding: base64\n\n"
           b"R0lGODdhBAACAIAAAP8AAAAA/ywAAAAABAACAAACA4RvBQA7\n")


class Painter(mimewire.Worker):
    """What decodes pictures, with the intruder in it."""

    def __init__(self, name):
        self.stderr = tempfile.TemporaryFile()
        self.environment = dict(os.environ, LD_PRELOAD=INTRUDER, DEWEY_INTRUDE=name,
                                DEWEY_INTRUDE_PATH=victim(), DEWEY_INTRUDE_PORT=listener())
        super().__init__()

    def paint(self):
        with mimewire.memory(PICTURE) as fd, mimewire.memory(b"") as out:
            return self.ask("picture", [fd.fileno(), out.fileno()], path="1", width=9, height=9)

    def said(self, name):
        self.stderr.seek(0)
        return self.stderr.read().decode().partition(name + ": ")[2].strip()


@tap.test("B-05: who is handed a picture may do no more than who reads letters")
def pictures():
    no_sanitizers()
    answer = Painter("none").paint()
    if "this is no picture" in answer.get("text", ""):
        tap.skip("built without pictures")
    for name, wanted in (("read", "EACCES"), ("create", "EACCES"), ("tcp", "EPERM"), ("fork", "EPERM"),
                         ("memory", "ENOMEM"), ("map-code", "EPERM"), ("kill", "EPERM")):
        painter = Painter(name)
        tap.equal((painter.paint()["event"], painter.said(name)), ("done", wanted), name)
    try:
        Painter("exec").paint()
    except mimewire.Crash as crash:
        tap.contains(str(crash), str(KILLED), "the end")
    else:
        tap.fail("it runs a program")


# --- nothing is lost by it --------------------------------------------------------------------

def both(data, *options):
    """What is seen in the sandbox and without it."""
    return [subprocess.run([tap.program("dewey-mime"), how, *options], input=data,
                           capture_output=True, timeout=LIMIT) for how in
            ("--sandbox=require", "--sandbox=off")]


def same(data, *options, what=""):
    inside, outside = both(data, *options)
    tap.equal((inside.returncode, inside.stdout, inside.stderr),
              (outside.returncode, outside.stdout, outside.stderr), "%s %s" % (what, options))


@tap.test("B-03: all our letters read alike inside and outside, in Russian too")
def letters():
    no_sanitizers()
    for path in sorted(glob.glob(os.path.join(tap.TOP, "tests", "mail", "*.eml"))):
        data = open(path, "rb").read()
        same(data, what=path)
        same(data, "--structure", what=path)


@tap.test("B-03: each charset that is known has its converter in the sandbox")
def charsets():
    no_sanitizers()
    table = os.path.join(tap.TOP, "src", "mime", "charsets.def")
    names = [line.split('"')[1] for line in open(table) if line.startswith("CHARSET(")]
    body = bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100)) + b"\n"
    for name in names:
        label = b"From: a@example.org\nContent-Type: text/plain; charset=%s\n\n" % name.encode()
        same(label + body, what=name)
        same(b"From: a@example.org\nContent-Disposition: attachment; filename*=%s''%%E4%%D2%%EF"
             b"\n\nx\n" % name.encode(), "--structure", what=name)
        same(label + body, "--charset=" + name, what=name)
    tap.ok(len(names) > 40, "%d charsets" % len(names))


@tap.test("B-03: translated words are there in the sandbox")
def translated():
    no_sanitizers()
    if not os.path.isdir(os.path.join(tap.LOCALES, "ru_RU.UTF-8")):
        tap.skip("no Russian locale: ./bootstrap check makes it")
    folder = tap.tempdir()
    catalogue = os.path.join(folder, "ru", "LC_MESSAGES", "dewey.mo")
    os.makedirs(os.path.dirname(catalogue))
    tap.succeeds([tap.tool("msgfmt", "gettext"), "-o", catalogue,
                  os.path.join(tap.TOP, "po", "ru.po")])
    environment = dict(os.environ, DEWEY_LOCALE=folder, LC_ALL="ru_RU.UTF-8", LOCPATH=tap.LOCALES)
    done = subprocess.run([tap.program("dewey-mime"), "--sandbox=require", "--part", "7"],
                          input=LETTER, capture_output=True, timeout=LIMIT, env=environment)
    tap.contains(done.stderr.decode(), "нет", "what it says")


if __name__ == "__main__":
    tap.main()

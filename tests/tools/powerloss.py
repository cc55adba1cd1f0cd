# SPDX-License-Identifier: MIT
"""What a power failure may leave of a directory (X-23).

    record = powerloss.Record(place.path, command, env=place.environment())
    world = record.world(n)                    # as it was after n calls
    world.ruin(random.Random(seed))            # {path: bytes, or None for a directory}
    powerloss.lay(tree, place.path)            # that, on the disk
    world.said, world.heard                    # to the server, and from it, by then

The program runs once, under strace; its calls are played again on a model that
knows, of each file and directory, what is durable and what has been done since.
Only fsync, fdatasync and syncfs make anything durable, and fsync of a file not
its name: that is a matter of its directory.  Of what has been done since, any
part may be there after the failure, in any order: a write, some of its sectors,
the new size without the octets (zeros), one side of a rename without the other.
A call that the model does not know, and that changes a file, is an error.

Not modelled: a disk that lies about its cache."""
import os
import re
import shutil
import stat

import tap

SECTOR = 512
CALLS = ("open,openat,openat2,creat,close,close_range,dup,dup2,dup3,fcntl,read,lseek,write,pwrite64,writev,"
         "pwritev,pwritev2,copy_file_range,sendfile,splice,ftruncate,truncate,fallocate,mmap,"
         "fsync,fdatasync,syncfs,sync,sync_file_range,rename,renameat,renameat2,link,linkat,symlink,"
         "symlinkat,unlink,unlinkat,rmdir,mkdir,mkdirat,sendto,sendmsg,sendmmsg,clone,clone3,fork,"
         "vfork,io_uring_setup,recvfrom")
SYNCS = ("fsync", "fdatasync")
LOSSES = ("nothing", "names", "prefix", "some", "some", "torn", "all")


class File:
    """durable: its octets; since: (offset, octets), or (size, None), in order."""

    def __init__(self, durable=b""):
        self.durable, self.now, self.since = durable, bytearray(durable), []

    def write(self, offset, data):
        self.now.extend(bytes(max(0, offset + len(data) - len(self.now))))
        self.now[offset:offset + len(data)] = data
        self.since.append((offset, data))

    def resize(self, size):
        del self.now[size:]
        self.now.extend(bytes(size - len(self.now)))
        self.since.append((size, None))

    def sync(self):
        self.durable, self.since = bytes(self.now), []

    def ruined(self, dice, how):
        there = bytearray(self.durable)
        how = "nothing" if how == "names" else how
        for offset, data in chosen(self.since, dice, how):
            if data is None:
                del there[offset:]
                there.extend(bytes(offset - len(there)))
            else:
                there.extend(bytes(max(0, offset + len(data) - len(there))))
                for begin, end in sectors(offset, len(data), dice, how):
                    there[offset + begin:offset + end] = data[begin:end]
        return bytes(there)


class Folder:
    """names: name → File or Folder; since: (name, what or None), in order."""

    def __init__(self, durable=None):
        self.durable = dict(durable or {})
        self.now, self.since = dict(self.durable), []

    def put(self, name, what):
        if what is None:
            del self.now[name]
        else:
            self.now[name] = what
        self.since.append((name, what))

    def sync(self):
        self.durable, self.since = dict(self.now), []

    def ruined(self, dice, how):
        there = dict(self.durable)
        how = "all" if how == "names" else how
        for name, what in chosen(self.since, dice, how):
            there[name] = what
        return {name: what for name, what in there.items() if what is not None}


def chosen(since, dice, how):
    """Those of the changes that reached the disk."""
    if how in ("all", "nothing"):
        return since if how == "all" else []
    if how == "prefix":
        return since[:dice.randint(0, len(since))]
    return [x for x in since if dice.random() < 0.5]


def sectors(offset, size, dice, how):
    """The parts of a write that reached the disk; a sector is whole or not there."""
    if how != "torn":
        return [(0, size)]
    ends = [0, *range(SECTOR - offset % SECTOR, size, SECTOR), size]
    return [x for x in zip(ends, ends[1:]) if dice.random() < 0.5]


class Open:
    """An open file: descriptors that were duplicated share it."""

    def __init__(self, what, append=False):
        self.what, self.append, self.offset = what, append, 0


class World:
    def __init__(self, root, durable):
        self.root, self.top = root, durable
        self.tables, self.said, self.heard = {}, b"", b""

    # --- names
    def find(self, at, path):
        """(its Folder, its name) or None, if it is outside or not there."""
        if not path.startswith("/"):
            folder = at.what if at else None
        elif (path + "/").startswith(self.root + "/"):
            folder, path = self.top, path[len(self.root):]
        else:
            return None
        parts = [x for x in path.split("/") if x not in ("", ".")]
        for part in parts[:-1]:
            folder = folder.now.get(part) if isinstance(folder, Folder) else None
        return (folder, parts[-1] if parts else ".") if isinstance(folder, Folder) else None

    def what(self, place):
        return place and (place[0] if place[1] == "." else place[0].now.get(place[1]))

    # --- calls: named as they are, with (table, arguments, result)
    def open(self, table, args, result, at=None):
        place = self.find(at, args[0])
        what = self.what(place)
        if place and what is None:
            if "O_TMPFILE" in args[1]:
                tap.fail("O_TMPFILE is not in the model")
            what = File()
            place[0].put(place[1], what)
        elif isinstance(what, File) and "O_TRUNC" in args[1]:
            what.resize(0)
        table[result] = Open(what, "O_APPEND" in args[1])

    def openat(self, table, args, result):
        self.open(table, args[1:], result, table.get(number(args[0])))

    def close(self, table, args, _):
        table.pop(number(args[0]), None)

    def dup(self, table, args, result):
        if number(args[0]) in table:
            table[result] = table[number(args[0])]

    def fcntl(self, table, args, result):
        if args[1].startswith("F_DUPFD"):
            self.dup(table, args, result)

    def read(self, table, args, result):
        if number(args[0]) in table:
            table[number(args[0])].offset += result

    def lseek(self, table, args, result):
        if number(args[0]) in table:
            table[number(args[0])].offset = result

    def write(self, table, args, result):
        opened = table.get(number(args[0]))
        if not opened or not isinstance(opened.what, File):
            return self.sendto(table, args, result)
        if opened.append:
            opened.offset = len(opened.what.now)
        opened.what.write(opened.offset, args[1][:result])
        opened.offset += result
        return None

    def pwrite64(self, table, args, result):
        opened = table.get(number(args[0]))
        if opened and opened.what:
            opened.what.write(number(args[3]), args[1][:result])

    def ftruncate(self, table, args, _):
        opened = table.get(number(args[0]))
        if opened and opened.what:
            opened.what.resize(number(args[1]))

    def fallocate(self, table, args, _):
        opened = table.get(number(args[0]))
        if opened and opened.what:
            opened.what.resize(max(len(opened.what.now), number(args[2]) + number(args[3])))

    def mmap(self, table, args, _):
        opened = table.get(number(args[4]))
        if opened and opened.what and "MAP_SHARED" in args[3] and "PROT_WRITE" in args[2]:
            # SQLite's -shm is made anew by the first process after a crash.
            names = [n for n, what in self.files() if what is opened.what]
            tap.ok(all(name.endswith("-shm") for name in names), "mapped: %s" % names)

    def fsync(self, table, args, _):
        opened = table.get(number(args[0]))
        if opened and opened.what:
            opened.what.sync()

    def syncfs(self, *_):
        for _, what in [("", self.top), *self.files(folders=True)]:
            what.sync()
        for table in self.tables.values():
            for opened in table.values():
                if opened.what:
                    opened.what.sync()

    def rename(self, _table, args, _, old=None, new=None):
        one, two = self.find(old, args[0]), self.find(new, args[1])
        if one and two:
            what = self.what(one)
            two[0].put(two[1], what)
            one[0].put(one[1], None)

    def renameat(self, table, args, result):
        self.rename(table, [args[1], args[3]], result, table.get(number(args[0])),
                    table.get(number(args[2])))

    def link(self, _table, args, _, old=None, new=None):
        two = self.find(new, args[1])
        if two:
            two[0].put(two[1], self.what(self.find(old, args[0])))

    def linkat(self, table, args, result):
        self.link(table, [args[1], args[3]], result, table.get(number(args[0])),
                  table.get(number(args[2])))

    def unlink(self, _table, args, _, at=None):
        place = self.find(at, args[0])
        if place:
            place[0].put(place[1], None)

    def unlinkat(self, table, args, result):
        self.unlink(table, args[1:], result, table.get(number(args[0])))

    def mkdir(self, _table, args, _, at=None):
        place = self.find(at, args[0])
        if place:
            place[0].put(place[1], Folder())

    def mkdirat(self, table, args, result):
        self.mkdir(table, args[1:], result, table.get(number(args[0])))

    def sendto(self, _table, args, result):
        self.said += args[1][:result]

    def recvfrom(self, _table, args, result):
        self.heard += args[1][:result]

    def clone(self, table, args, result):
        shared = any("CLONE_FILES" in str(x) for x in args)
        self.tables[result] = table if shared else dict(table)

    def nothing(self, *_):
        """Changes no file by itself, and makes nothing durable."""

    def outside(self, table, args, _):
        for one in args:
            opened = table.get(number(one)) if isinstance(one, str) else None
            tap.ok(not (opened and opened.what), "a call that is not in the model: %s" % args)

    def outside_path(self, _table, args, _):
        tap.ok(not any(isinstance(x, str) and self.find(None, x) for x in args if x[:1] == "/"),
               "a call that is not in the model: %s" % args)

    calls = {"open": open, "openat": openat, "creat": outside_path, "openat2": outside_path,
             "close": close, "close_range": nothing, "dup": dup, "dup2": dup, "dup3": dup,
             "fcntl": fcntl, "read": read, "lseek": lseek, "write": write, "pwrite64": pwrite64,
             "writev": outside, "pwritev": outside, "pwritev2": outside, "copy_file_range": outside,
             "sendfile": outside, "splice": outside, "ftruncate": ftruncate,
             "truncate": outside_path, "fallocate": fallocate, "mmap": mmap, "fsync": fsync,
             "fdatasync": fsync, "syncfs": syncfs, "sync": syncfs, "sync_file_range": nothing,
             "rename": rename, "renameat": renameat, "renameat2": renameat, "link": link,
             "linkat": linkat, "symlink": outside_path, "symlinkat": outside_path,
             "unlink": unlink, "unlinkat": unlinkat, "rmdir": unlink, "mkdir": mkdir,
             "mkdirat": mkdirat, "sendto": sendto, "recvfrom": recvfrom, "sendmsg": nothing, "sendmmsg": nothing,
             "clone": clone, "clone3": clone, "fork": clone, "vfork": clone}

    def play(self, call):
        pid, name, args, result = call
        # Of a process whose clone() has not been written down yet: a thread.
        table = self.tables.setdefault(pid, next(iter(self.tables.values()), {}))
        self.calls[name](self, table, args, result)

    # --- what there is
    def files(self, folders=False):
        """(path, what) of all that has a name now."""
        found, stack = [], [("", self.top)]
        while stack:
            path, folder = stack.pop()
            for name, what in folder.now.items():
                if isinstance(what, Folder):
                    stack.append((path + "/" + name, what))
                if folders or isinstance(what, File):
                    found.append((path + "/" + name, what))
        return found

    def ruin(self, dice, how=None):
        """{path: octets, or None for a folder} after a power failure now."""
        how = how or dice.choice(LOSSES)
        tree, stack = {}, [("", self.top)]
        files = {}
        while stack:
            path, folder = stack.pop()
            for name, what in folder.ruined(dice, how).items():
                if isinstance(what, Folder):
                    tree[path + "/" + name] = None
                    stack.append((path + "/" + name, what))
                else:  # one file by two names is the same in both
                    if what not in files:
                        files[what] = what.ruined(dice, how)
                    tree[path + "/" + name] = files[what]
        return tree


NUMBER = re.compile(r"-?(0x[0-9a-f]+|0|[1-9][0-9]*)")


def number(text):
    return int(text, 0) if isinstance(text, str) and NUMBER.fullmatch(text) else None


# --- strace's words

WORD = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?|([^",\[{(]|[\[{(][^"]*?[\]})])+|.')
LINE = re.compile(r"(\d+) +(?:<\.\.\. )?(\w+)(?: resumed>|\()(.*)\) += (-?\d+|0x[0-9a-f]+|\?)")


def argument(word, at):
    if not word.startswith('"'):
        return word.strip()
    tap.ok(not word.endswith("..."), "strace has cut a string")
    data = bytes.fromhex(word[1:-1].replace("\\x", ""))
    return data if at == "data" else os.fsdecode(data)


def arguments(name, text):
    kind = "data" if name in ("write", "pwrite64", "sendto", "recvfrom") else "path"
    words = [m.group(0) for m in WORD.finditer(text)]
    return [argument(w, kind) for w in words if w.strip() not in ("", ",")]


def parsed(log):
    """(pid, name, arguments, result) of what succeeded, in the order of the ends."""
    begun, calls = {}, []
    with open(log, encoding="ascii") as file:
        for line in file:
            if line.endswith("<unfinished ...>\n"):
                pid, rest = line.split(None, 1)
                begun[pid] = rest[:-len("<unfinished ...>\n")].split("(", 1)[1]
                continue
            found = LINE.match(line)
            if not found or found[4] == "?" or found[4].startswith("-"):
                continue
            text = found[3]
            if " resumed>" in line[:60]:
                text = begun.pop(found[1]) + text
            calls.append((int(found[1]), found[2], arguments(found[2], text), int(found[4], 0)))
    return calls


class Record:
    """One run of a command, and what lay below root before it."""

    def __init__(self, root, command, **options):
        self.root, self.before = root, snapshot(root)
        log = os.path.join(tap.tempdir(), "strace")
        self.result = tap.run([
            tap.tool("strace", "strace"), "-f", "-qq", "-xx", "-s", "100000000", "-o", log,
            "-E", "ASAN_OPTIONS=detect_leaks=0", "-e", "signal=none", "-e", "trace=" + CALLS,
            *command], **options)
        self.calls = parsed(log)

    def world(self, calls=None, without=None):
        """After so many calls, or all.  without(name, path): syncs that are struck
        out, by call and by the path of what it syncs."""
        world = World(self.root, rebuilt(self.before))
        for call in self.calls[:calls]:
            if without and call[1] in (*SYNCS, "syncfs") and without(call[1], path_of(world, call)):
                continue
            world.play(call)
        return world

    def moments(self):
        """Counts of calls after which something may be lost: where files change."""
        marks, world = [0], World(self.root, rebuilt(self.before))
        for n, call in enumerate(self.calls, 1):
            world.play(call)
            if call[1] in ("write", "pwrite64", "ftruncate", "fallocate", "sendto", "rename",
                           "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "rmdir",
                           "mkdir", "mkdirat", "openat", "syncfs", *SYNCS):
                marks.append(n)
        return marks


def path_of(world, call):
    opened = world.tables.get(call[0], {}).get(number(call[2][0]))
    return next((path for path, what in [("", world.top), *world.files(folders=True)]
                 if opened and what is opened.what), "")


# --- between the model and the disk

def snapshot(root):
    """{path: octets, or None for a folder} of what is there."""
    tree = {}
    for place, folders, files in os.walk(root):
        below = place[len(root):]
        tree.update({below + "/" + name: None for name in folders})
        for name in files:
            path = os.path.join(place, name)
            tap.ok(stat.S_ISREG(os.lstat(path).st_mode), "not a file: " + path)
            with open(path, "rb") as file:
                tree[below + "/" + name] = file.read()
    return tree


def rebuilt(tree):
    """The model of it: all of it durable."""
    folders = {"": Folder()}
    for path in sorted(tree):
        what = Folder() if tree[path] is None else File(tree[path])
        folders[path] = what
        folders[os.path.dirname(path).rstrip("/")].put(os.path.basename(path), what)
    for what in folders.values():
        what.sync()
    return folders[""]


def lay(tree, root):
    """Makes what lies below root equal to the tree."""
    for name in os.listdir(root):
        path = os.path.join(root, name)
        (shutil.rmtree if os.path.isdir(path) else os.remove)(path)
    for path in sorted(tree):
        if tree[path] is None:
            os.mkdir(root + path, 0o700)
            continue
        with open(root + path, "wb", opener=lambda p, flags: os.open(p, flags, 0o600)) as file:
            file.write(tree[path])

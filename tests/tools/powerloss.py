# SPDX-License-Identifier: MIT
"""What a disk may hold after the power failed, worked out from a record of system
calls: what was not synced may be lost, data and directory entries each for
itself (POSIX promises no more; CHECKLIST X-23).

    disk = Disk(directory)                 # as it is, all of it durable
    for call in record(command, env):      # runs it under strace
        disk.apply(call)
        disk.materialise(elsewhere, BARE)  # the worst that is allowed here

BARE: nothing that was not synced has survived.  NAMES: names have, of what was
not synced in the files nothing.  TORN: of what was not synced every other sector
has survived, and all names.

Memory that is mapped is not in the record: of SQLite that is the -shm file, which
it makes anew.
"""
import collections
import os
import re

import tap

BARE, NAMES, TORN = "nothing unsynced", "names, no data", "names, torn data"
SECTOR = 512
CALLS = ("openat,open,creat,lseek,write,pwrite64,writev,ftruncate,fallocate,fsync,fdatasync,syncfs,"
         "rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,sendto")

# name, arguments as text, what it returned, the file of a descriptor that it returned
Call = collections.namedtuple("Call", "pid name args result opened")


class File:
    def __init__(self, data=b"", durable=b""):
        self.data, self.durable = bytearray(data), bytes(durable)

    def sync(self):
        self.durable = bytes(self.data)

    def after(self, mode):
        if mode != TORN:
            return self.durable
        data = bytearray(self.data)
        for at in range(0, len(data), 2 * SECTOR):
            old = self.durable[at:at + SECTOR]
            end = min(at + SECTOR, len(data))
            data[at:end] = old.ljust(end - at, b"\0")[:end - at]
        return bytes(data)


class Directory:
    def __init__(self):
        self.entries, self.durable = {}, {}

    def sync(self):
        self.durable = dict(self.entries)


def record(command, **options):
    """Runs the command; its calls, in order, with all that was written."""
    log = os.path.join(tap.tempdir(), "calls")
    tap.succeeds([tap.tool("strace", "strace"), "-f", "-qq", "-y", "-xx", "-s", "10000000", "-o", log,
                  "-e", "trace=" + CALLS, "-e", "signal=none", *command], **options)
    with open(log, encoding="ascii", errors="replace") as file:
        return list(_calls(file))


def _calls(lines):
    begun = {}
    for line in lines:
        pid, _, text = line.rstrip("\n").partition(" ")
        text = text.lstrip()
        if text.endswith("<unfinished ...>"):
            begun[pid] = text[:-len("<unfinished ...>")]
            continue
        resumed = re.match(r"<\.\.\. \w+ resumed>", text)
        if resumed:
            text = begun.pop(pid, "") + text[resumed.end():]
        match = re.match(r"(\w+)\((.*)\)\s+= (-?\d+)(?:<(.*?)>)?", text)
        if match and int(match[3]) >= 0:
            yield Call(pid, match[1], match[2], int(match[3]), match[4])


def strings(args):
    """What stands between quotation marks, as octets."""
    return [bytes.fromhex(x.replace("\\x", "")) for x in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', args)]


def _plain(path):
    """A path as strace shows that of a descriptor."""
    return re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), path)


class Disk:
    def __init__(self, root):
        self.root = os.path.realpath(root)
        self.tree = self._read(self.root)
        self.at = {}  # (process, descriptor) → where the next write() goes

    def _read(self, path):
        directory = Directory()
        for name in os.listdir(path):
            inner = os.path.join(path, name)
            if os.path.isdir(inner):
                directory.entries[name] = self._read(inner)
            else:
                with open(inner, "rb") as file:
                    data = file.read()
                directory.entries[name] = File(data, data)
        directory.sync()
        return directory

    # --- the calls

    def _find(self, path):
        """(directory, name) of a path; None: it is not ours."""
        if path != self.root and not path.startswith(self.root + "/"):
            return None
        parts = path[len(self.root) + 1:].split("/")
        directory = self.tree
        for part in parts[:-1]:
            directory = directory.entries.get(part) if isinstance(directory, Directory) else None
            if directory is None:
                return None
        return (directory, parts[-1]) if isinstance(directory, Directory) else None

    def _node(self, path):
        if path == self.root:
            return self.tree
        found = self._find(path)
        return found and found[0].entries.get(found[1])

    def _paths(self, args):
        """The paths of a call, each with the directory that it begins in."""
        found = []
        for where, text in re.findall(
                r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:\\x[0-9a-f]{2})*)"', args):
            name = bytes.fromhex(text.replace("\\x", "")).decode("utf-8", "surrogateescape")
            found.append(os.path.normpath(os.path.join(_plain(where or "/"), name)))
        return found

    def _file(self, args):
        """The node of the descriptor that the arguments begin with, and its number."""
        match = re.match(r"(\d+)<([^>]*)>", args)
        return (self._node(_plain(match[2])), int(match[1])) if match else (None, -1)

    def apply(self, call):
        act = getattr(self, "_" + {"open": "openat", "creat": "openat", "fdatasync": "fsync",
                                   "renameat": "rename", "renameat2": "rename", "linkat": "link",
                                   "unlinkat": "unlink", "rmdir": "unlink",
                                   "mkdirat": "mkdir"}.get(call.name, call.name), None)
        if act:
            act(call)

    def _openat(self, call):
        self.at[call.pid, call.result] = 0
        found = self._find(_plain(call.opened or ""))
        if not found:
            return
        directory, name = found
        node = directory.entries.get(name)
        if node is None and "O_CREAT" in call.args:
            directory.entries[name] = File()
        elif isinstance(node, File) and "O_TRUNC" in call.args:
            node.data.clear()

    def _lseek(self, call):
        _, number = self._file(call.args)
        self.at[call.pid, number] = call.result

    def _put(self, node, at, data):
        if isinstance(node, File):
            node.data.extend(bytes(max(0, at - len(node.data))))
            node.data[at:at + len(data)] = data

    def _write(self, call):
        node, number = self._file(call.args)
        at = self.at.get((call.pid, number), 0)
        self._put(node, at, b"".join(strings(call.args))[:call.result])
        self.at[call.pid, number] = at + call.result

    _writev = _write

    def _pwrite64(self, call):
        node, _ = self._file(call.args)
        self._put(node, int(call.args.rsplit(", ", 1)[1]), strings(call.args)[0][:call.result])

    def _ftruncate(self, call):
        node, _ = self._file(call.args)
        size = int(call.args.rsplit(", ", 1)[1])
        if isinstance(node, File):
            del node.data[size:]
            node.data.extend(bytes(size - len(node.data)))

    def _fallocate(self, call):
        node, _ = self._file(call.args)
        _, mode, begin, size = call.args.rsplit(", ", 3)
        if isinstance(node, File) and mode == "0":
            node.data.extend(bytes(max(0, int(begin) + int(size) - len(node.data))))

    def _fsync(self, call):
        node, _ = self._file(call.args)
        if node is not None:
            node.sync()

    def _syncfs(self, call):
        todo = [self.tree]
        for node in todo:
            if isinstance(node, Directory):
                todo.extend(node.entries.values())
            node.sync()

    def _rename(self, call):
        old, new = (self._find(path) for path in self._paths(call.args))
        if old and new:
            new[0].entries[new[1]] = old[0].entries.pop(old[1])

    def _link(self, call):
        old, new = (self._find(path) for path in self._paths(call.args))
        if old and new:
            new[0].entries[new[1]] = old[0].entries[old[1]]

    def _unlink(self, call):
        found = self._find(self._paths(call.args)[0])
        if found:
            found[0].entries.pop(found[1], None)

    def _mkdir(self, call):
        found = self._find(self._paths(call.args)[0])
        if found:
            found[0].entries[found[1]] = Directory()

    # --- what is left of it

    def materialise(self, root, mode):
        self._write_out(self.tree, root, mode)

    def _write_out(self, directory, path, mode):
        os.makedirs(path, mode=0o700, exist_ok=True)
        entries = directory.durable if mode == BARE else directory.entries
        for name, node in entries.items():
            inner = os.path.join(path, name)
            if isinstance(node, Directory):
                self._write_out(node, inner, mode)
                continue
            with open(inner, "wb") as file:
                file.write(node.after(mode))
            os.chmod(inner, 0o600)

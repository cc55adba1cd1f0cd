#!/bin/sh
# SPDX-License-Identifier: MIT
# room.sh PEER STATE COMMAND...: runs a server where it sees its unpacked
# package over /usr, STATE/etc over /etc, and STATE/var and STATE/run in place
# of /var and /run.  The machine's own files are out of its reach there, and
# whatever it starts ends with this process, or with the test that started it.
set -eu
if [ "${DEWEY_ROOM:-}" != inside ]; then
    export DEWEY_ROOM=inside
    exec setpriv --pdeathsig KILL \
        unshare --mount --pid --fork --kill-child --mount-proc /bin/sh "$0" "$@"
fi
unset DEWEY_ROOM
peer=$1 state=$2
shift 2
mount -t overlay -o "ro,lowerdir=$peer/usr:/usr" room-usr /usr
mount -t overlay -o "ro,lowerdir=$state/etc:$peer/etc:/etc" room-etc /etc
mount --bind "$state/var" /var
mount --bind "$state/run" /run
# No exec: a server that changes its user is not told of its parent's death any
# more, but this shell, the first process of the room, is, and takes all along.
status=0
"$@" || status=$?
exit $status

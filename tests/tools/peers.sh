#!/bin/sh
# SPDX-License-Identifier: MIT
# The real servers that tests talk to: Dovecot, Courier, Cyrus, Mailutils,
# Solid POP3 and popa3d; Postfix, Exim and OpenSMTPD; the KDC of MIT Kerberos; and
# cron, which sends by sendmail.
#
#   peers.sh libraries    the packages of shared libraries they need
#   peers.sh fetch DIR    unpacks the servers below DIR
#
# They are not installed: as packages many of them conflict with
# each other, would remove the mail server of the machine and start one of their
# own.  Unpacked, they are only seen inside the rooms that room.sh makes.
set -eu
POSTFIX="postfix"
DOVECOT="dovecot-core dovecot-pop3d dovecot-gssapi"
KERBEROS="krb5-kdc krb5-admin-server krb5-user"
EXIM="exim4-daemon-light"
OPENSMTPD="opensmtpd"
COURIER="courier-base courier-pop courier-authdaemon courier-authlib courier-authlib-userdb"
CYRUS="cyrus-common cyrus-pop3d sasl2-bin"
MAILUTILS="mailutils-pop3d"
SMALL="solid-pop3d popa3d"
CRON="cron"

libraries() {
    # shellcheck disable=SC2086 # lists of words
    apt-cache depends -i $POSTFIX $DOVECOT $KERBEROS $EXIM $OPENSMTPD $COURIER $CYRUS \
        $MAILUTILS $SMALL $CRON |
        sed -nE 's/^ *\|?Depends: (lib[a-z0-9.+-]*)$/\1/p' | sort -u
}

# unpack DIR NAME PACKAGE...: DIR/NAME/{usr,etc}, whole or not at all
unpack() {
    place=$1/$2 name=$2
    shift 2
    [ "$(cat "$place/complete" 2>/dev/null)" = "$*" ] && return 0
    rm -rf "$place" "$place.new"
    mkdir -p "$place.new/deb"
    (cd "$place.new/deb" && apt-get download -q "$@" >&2)
    for deb in "$place.new"/deb/*.deb; do
        dpkg-deb -x "$deb" "$place.new"
    done
    rm -rf "$place.new/deb" "$place.new/lib" "$place.new/var"
    mkdir -p "$place.new/etc" "$place.new/usr"
    echo "$@" >"$place.new/complete"
    mv "$place.new" "$place"
    echo "bootstrap: unpacked $name for the tests" >&2
}

# shellcheck disable=SC2086
case ${1:-} in
libraries) libraries ;;
fetch)
    mkdir -p "$2"
    unpack "$2" postfix $POSTFIX
    unpack "$2" dovecot $DOVECOT
    unpack "$2" kerberos $KERBEROS
    unpack "$2" exim $EXIM
    unpack "$2" opensmtpd $OPENSMTPD
    unpack "$2" courier $COURIER
    unpack "$2" cyrus $CYRUS
    unpack "$2" mailutils $MAILUTILS
    unpack "$2" small $SMALL
    unpack "$2" cron $CRON
    ;;
*) sed -n '3,12s/^# *//p' "$0" >&2; exit 64 ;;
esac

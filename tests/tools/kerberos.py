# SPDX-License-Identifier: MIT
"""The KDC of MIT Kerberos in a room, for the realm PEER.TEST.

    kdc = kerberos.Kdc({"ivan": "secret"}, ["pop/localhost", "smtp/localhost"])
    kdc.keytab                       # of these services
    kdc.kinit("ivan")                # what kinit(1) does
    kdc.environment                  # makes programs see the realm and the ticket
"""
import os
import subprocess

import servers
import tap

REALM = "PEER.TEST"

CLIENT = """
[libdefaults]
  default_realm = %(realm)s
  dns_lookup_kdc = false
  dns_canonicalize_hostname = false
  rdns = false
[realms]
  %(realm)s = {
    kdc = 127.0.0.1:%(port)d
  }
[domain_realm]
  localhost = %(realm)s
"""
KDC = """
[kdcdefaults]
  kdc_listen = 127.0.0.1:%(port)d
  kdc_tcp_listen = 127.0.0.1:%(port)d
[realms]
  %(realm)s = {
    database_name = %(state)s/principal
    key_stash_file = %(state)s/stash
    acl_file = %(state)s/acl
  }
"""


class Kdc(servers.Room):
    peer = "kerberos"

    def __init__(self, users, services):
        super().__init__(users)
        self.port, = servers.free_ports(1)
        values = {"realm": REALM, "port": self.port, "state": self.state}
        self.config = self.write("krb5.conf", CLIENT % values)
        self.write("kdc.conf", KDC % values)
        self.keytab, self.cache = self.path("keytab"), self.path("ticket")
        self.environment = {"KRB5_CONFIG": self.config, "KRB5CCNAME": "FILE:" + self.cache}
        commands = ["addprinc -pw %s %s" % (secret, user) for user, secret in self.users.items()]
        for service in services:
            commands += ["addprinc -randkey " + service, "ktadd -k %s %s" % (self.keytab, service)]
        self.write("commands", "\n".join(commands) + "\n")
        self.write("begin", BEGIN % values, 0o755)
        self.start([self.path("begin")], [self.port], None)
        os.chmod(self.keytab, 0o644)  # of a realm that ends with the test

    def kinit(self, user):
        """A ticket for the user, in .cache."""
        result = subprocess.run(
            [os.path.join(servers.HERE, "room.sh"), self.peer_path, self.state, "kinit", user],
            input=self.users[user].encode() + b"\n", stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env={**os.environ, **self.environment}, check=False)
        tap.equal(result.returncode, 0, "kinit: " + result.stdout.decode(errors="replace"))


BEGIN = """#!/bin/sh
set -e
export KRB5_CONFIG=%(state)s/krb5.conf KRB5_KDC_PROFILE=%(state)s/kdc.conf
kdb5_util create -s -r %(realm)s -P master
kadmin.local -r %(realm)s <%(state)s/commands
exec krb5kdc -n -r %(realm)s
"""

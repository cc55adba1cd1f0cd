/* SPDX-License-Identifier: MIT
 *
 * Addresses that go into an envelope: our own RFC 5321 section 4.1.2 grammar,
 * because GMime rewrites what it does not understand (CHECKLIST S-66). */
#ifndef DEWEY_COMPOSE_ADDRESS_H
#define DEWEY_COMPOSE_ADDRESS_H

#include "base/base.h"

/* The octets of an address, without its angle brackets (RFC 5321 4.5.3.1.3). */
#define ADDRESS_MAX 254

/* Checks a Mailbox (local@domain, or local@[literal]); lengths 64/255/254.
 * utf8: whether non-ASCII is legal in the local part; a non-ASCII domain is
 * legal (it becomes an A-label).  Error: COMPOSE_ERROR_ADDRESS. */
bool address_check(const char *address, bool utf8, GError **error);

/* Whether what stands before the @ is not ASCII: then SMTPUTF8 is needed, for which a
 * domain has A-labels instead (RFC 6531). */
bool address_needs_utf8(const char *address);

struct typed_address {
	char *name;    /* UTF-8, "" if none */
	char *address; /* addr-spec, checked; source route dropped (S-67) */
};
void typed_address_free(struct typed_address *a);

/* A list as a person types it: "Иван <i@x>, a@b, "Last, First" <c@d>".
 * GPtrArray of typed_address, which it owns; an empty text gives an empty array.
 * Groups give their members, comments a name where there is none.  Also reads an
 * unfolded To field.  What cannot be understood is an error that quotes it,
 * never rewritten.  Whether a server takes a local part that is not ASCII is seen
 * when the letter is sent (S-15). */
GPtrArray *address_parse_list(const char *text, GError **error);

/* Whose mail goes where that names somebody without a domain, as programs on the
 * same machine do: "root". */
struct address_here {
	/* The address, to be freed; NULL with an error: nobody's. */
	char *(*find)(const char *name, void *data, GError **error);
	void *data;
};

/* The same list, but what is a single word without @ is asked for; it stands as
 * the name then, if there is no other.  here NULL: as address_parse_list(). */
GPtrArray *address_parse_here(const char *text, const struct address_here *here, GError **error);

/* The address with a domain that is not ASCII as A-labels (IDNA2008,
 * non-transitional); else as it is.  Error: COMPOSE_ERROR_ADDRESS. */
char *address_to_ascii_domain(const char *address, GError **error);

/* The same mailbox: domain without regard to case, local part exact. */
bool address_equal(const char *a, const char *b);

/* "Name <addr>" with quoting where needed, UTF-8: for screens and drafts. */
char *address_format(const char *name, const char *address);

#endif

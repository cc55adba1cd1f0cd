/* SPDX-License-Identifier: MIT
 *
 * winmail.dat: the attachments of a letter in the format that Outlook keeps to itself
 * (MS-OXTNEF).  Our own reader: each length is held against what is there, nothing is
 * allocated but what is copied out of the octets (HACKING says why no library). */
#ifndef DEWEY_MIME_TNEF_H
#define DEWEY_MIME_TNEF_H

#include "base/base.h"

struct tnef_file {
	char *name;    /* UTF-8 as far as that could be told; "" if none */
	char *type;    /* as it says; "" if it does not */
	char *charset; /* of a text; "" if it does not matter */
	GByteArray *octets;
	bool body;     /* it is the text of the letter, not an attachment */
};

/* GPtrArray of struct tnef_file; NULL: this is no such format.  What is damaged ends
 * the list.  most: files, and octets of them all. */
GPtrArray *tnef_files(const guint8 *octets, size_t len, guint most, size_t most_octets);

/* RTF as it lies there, compressed (MS-OXRTFCP), at most max octets; NULL: it is not. */
GByteArray *tnef_rtf(const guint8 *octets, size_t len, size_t max);

#endif

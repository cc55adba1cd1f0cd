/* SPDX-License-Identifier: MIT
 *
 * Two letters may bear the same UID (RFC 1939 section 7; CHECKLIST P-48).  The
 * second one is then known by another name, with a number behind an octet that no
 * UID of a server holds (P-46), and so on.  Which is the second changes when the
 * first one goes: where names with numbers are known, sizes tell. */
#ifndef DEWEY_POP3_NAMESAKES_H
#define DEWEY_POP3_NAMESAKES_H

#include "pop3/session.h"
#include "store/uids.h"

struct namesakes;
typedef struct namesakes namesakes;

/* rows: struct uid_row by UID, which must outlive it, as must the drop. */
struct namesakes *namesakes_new(const struct pop3_drop *drop, GHashTable *rows);
void namesakes_free(struct namesakes *n);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(namesakes, namesakes_free)

/* The name in the ledger of a letter of the drop, each asked for once, in order:
 * that of the row of the same size, else the next one.  NULL: it has no UID.
 * g_bytes_unref() it. */
GBytes *namesakes_name(struct namesakes *n, const struct pop3_message *m);

/* Whether the letter that is listed has not the size that was listed when this row
 * was written.  Sizes are hints (P-44): false where one is not known, and where a
 * server of old may have added its marks, such as Status:. */
bool namesakes_is_unlike(const struct pop3_message *m, const struct uid_row *row);

#endif

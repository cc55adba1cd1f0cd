/* SPDX-License-Identifier: MIT
 *
 * A thread with a store of its own that does one job after the other, so that
 * the main loop never waits.  Results come back in the main loop. */
#ifndef DEWEY_UI_WORKER_H
#define DEWEY_UI_WORKER_H

#include "crypt/client.h"
#include "mime/client.h"
#include "store/store.h"
#include "ui/crypt-read.h"

/* What a job finds on its thread. */
struct room;
struct store *room_store(struct room *room, GError **error);
struct index *room_index(struct room *room, GError **error);
/* What it is asked ends soon when nobody wants the job any more: MIME_ERROR_STOPPED. */
struct mime_client *room_mime(struct room *room);
struct crypt_client *room_crypt(struct room *room);
/* Both, for texts: nobody is asked for a passphrase. */
struct crypt_reading room_reading(struct room *room);
/* Nobody wants the job that runs any more: worker_cancel(), worker_interrupt(). */
bool room_stopped(const struct room *room);

struct job {
	void (*run)(struct room *room, void *data); /* on the thread */
	void (*done)(void *data); /* in the main loop, after run; NULL: nothing */
	void (*free)(void *data); /* always, in the main loop, last */
};

struct worker;

struct worker *worker_new(const char *root);

/* Ends it: jobs that wait are done first if finish is true, else dropped; done
 * is not called any more.  A job that runs is waited for. */
void worker_free(struct worker *w, bool finish);

void worker_push(struct worker *w, const struct job *job, void *data);
/* The job with this data comes to nothing: if it waits it is not run, and what it asks
 * of the index ends with STORE_ERROR_CANCELLED from now on.  done is called all the
 * same.  It must not have been freed yet. */
void worker_cancel(struct worker *w, const void *data);
/* Jobs not yet done. */
guint worker_open(const struct worker *w);
/* The same for the job that runs there, if any. */
void worker_interrupt(struct worker *w);
/* Calls call(data) in the main loop, from a job; data is the job's own, alive
 * until its done. */
void room_tell(struct room *room, void (*call)(void *data), void *data);

#endif

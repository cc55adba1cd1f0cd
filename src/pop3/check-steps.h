/* SPDX-License-Identifier: MIT
 *
 * Between check.c, which walks, and check-way.c, which tells of the way. */
#ifndef DEWEY_POP3_CHECK_STEPS_H
#define DEWEY_POP3_CHECK_STEPS_H

#include "pop3/visit.h"
#include "wire/record.h"

/* What a step came to.  Texts are freed by step_tell(). */
struct step {
	const char *name;
	char *text;
	char *cure;         /* what to do; NULL: nothing */
	GPtrArray *details; /* of char *, further lines; NULL: none */
	bool failed, warning;
};

/* For details: takes the text. */
void step_detail(struct step *s, char *text);

/* The steps of the way, once they are behind us. */
void step_dns(const struct visit *v, struct step *s);
void step_tcp(const struct visit *v, struct step *s);
void step_tls(const struct visit *v, struct step *s);

/* The same three, where the visit ended there, for this reason. */
char *step_way_cure(const struct visit *v, const char *name, const GError *why);
/* Of TLS: what is known of the certificate, and where a person may overrule the
 * fault, text and cure. */
void step_certificate(const struct visit *v, struct step *s);

#endif

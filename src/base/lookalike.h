/* SPDX-License-Identifier: MIT
 *
 * Domains that a person takes for another one (CHECKLIST M-43, M-61).  Domains are
 * given as they stand, as U-labels or as A-labels, in any case. */
#ifndef DEWEY_BASE_LOOKALIKE_H
#define DEWEY_BASE_LOOKALIKE_H

#include "base/base.h"

/* The domain in A-labels ("xn--…"), in lower case; as it is where it has none.
 * g_free() it. */
char *lookalike_ascii(const char *domain);
/* The domain as a person would see it, in lower case; g_free() it. */
char *lookalike_unicode(const char *domain);

/* Whether the domain is no plain ASCII, however it is written. */
bool lookalike_is_idn(const char *domain);

/* Whether a label of the domain has letters of scripts that no language writes
 * together, or is made of foreign letters that all look like Latin ones. */
bool lookalike_mixed(const char *domain);

/* What the domain looks like: two of one skeleton are told apart by a close look
 * only.  It is for comparing, and is no domain.  g_free() it. */
char *lookalike_skeleton(const char *domain);

/* Texts of one skeleton, its words in any order, have the same sum; others may.  It costs
 * a hundredth of a skeleton.  false: of this text no sum can be told. */
bool lookalike_sum(const char *text, guint64 *sum);

/* Whether domain can be taken for known, which is another one: the same skeleton;
 * one letter more, fewer, other or swapped in a long name; or known stands in front
 * of it ("bank.example.evil.test"). */
bool lookalike_like(const char *domain, const char *known);

/* Whether both are the same domain, or one lies in the other. */
bool lookalike_related(const char *a, const char *b);

#endif

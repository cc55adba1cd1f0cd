/* SPDX-License-Identifier: MIT
 *
 * GMime with the clean-up functions that it does not bring.  Private to this
 * folder. */
#ifndef DEWEY_COMPOSE_GMIME_H
#define DEWEY_COMPOSE_GMIME_H

#include <gmime/gmime.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeStream, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeDataWrapper, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMultipart, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeObject, g_object_unref)

#endif

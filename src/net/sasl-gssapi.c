/* SPDX-License-Identifier: MIT
 *
 * GSSAPI (RFC 4752) with the Kerberos ticket that kinit got.  No security layer:
 * TLS is one. */
#include "base/base.h"

#ifdef HAVE_GSSAPI

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_krb5.h>
#include <string.h>

#include "base/sanitize.h"
#include "net/sasl-private.h"

#define LAYER_NONE 1
/* The server's layers, and how much of it we may send at once. */
#define OFFER_OCTETS 4

struct gssapi {
	gss_ctx_id_t context;
	gss_name_t name;
	gss_buffer_desc token; /* the first, made before anything is sent */
	bool established;      /* what follows is about layers */
};

static void gssapi_clear(struct sasl *s)
{
	struct gssapi *x = s->state;
	OM_uint32 minor;
	if (!x)
		return;
	gss_release_buffer(&minor, &x->token);
	gss_release_name(&minor, &x->name);
	gss_delete_sec_context(&minor, &x->context, GSS_C_NO_BUFFER);
	g_free(x);
}

static void append_status(GString *text, OM_uint32 code, int type)
{
	OM_uint32 minor, more = 0;
	gss_buffer_desc words = GSS_C_EMPTY_BUFFER;
	do {
		if (gss_display_status(&minor, code, type, gss_mech_krb5, &more, &words) !=
			GSS_S_COMPLETE)
			return;
		g_string_append_printf(text, "%s%.*s", text->len ? ": " : "", (int)words.length,
			(const char *)words.value);
		gss_release_buffer(&minor, &words);
	} while (more);
}

/* The library's words; Kerberos's own tell more than GSSAPI's. */
static char *status_text(OM_uint32 major, OM_uint32 minor)
{
	g_autoptr(GString) text = g_string_new(NULL);
	if (minor)
		append_status(text, minor, GSS_C_MECH_CODE);
	else
		append_status(text, major, GSS_C_GSS_CODE);
	return sanitize_server_text(text->str, (gssize)text->len);
}

/* One turn; *out is the token to send, to be released. */
static OM_uint32 turn(struct sasl *s, gss_buffer_t in, gss_buffer_t out, OM_uint32 *minor)
{
	struct gssapi *x = s->state;
	OM_uint32 flags = 0;
	OM_uint32 major = gss_init_sec_context(minor, GSS_C_NO_CREDENTIAL, &x->context, x->name,
		gss_mech_krb5, GSS_C_MUTUAL_FLAG | GSS_C_INTEG_FLAG, 0, GSS_C_NO_CHANNEL_BINDINGS,
		in, NULL, out, &flags, NULL);
	x->established = major == GSS_S_COMPLETE && (flags & GSS_C_MUTUAL_FLAG);
	return major;
}

static bool import_name(struct sasl *s, GError **error)
{
	struct gssapi *x = s->state;
	OM_uint32 minor;
	g_autofree char *text = g_strdup_printf("%s@%s", s->service, s->host);
	gss_buffer_desc name = {strlen(text), text};
	if (gss_import_name(&minor, &name, GSS_C_NT_HOSTBASED_SERVICE, &x->name) == GSS_S_COMPLETE)
		return true;
	return sasl_unfit(error, _("'%s' cannot be the name of a Kerberos service"), text);
}

/* The first token is asked of the KDC here, so that nothing is said to the
 * server if there is none. */
static bool gssapi_begin(struct sasl *s, GError **error)
{
	struct gssapi *x = s->state = g_new0(struct gssapi, 1);
	OM_uint32 minor;
	x->context = GSS_C_NO_CONTEXT;
	x->name = GSS_C_NO_NAME;
	if (!import_name(s, error))
		return false;
	OM_uint32 major = turn(s, GSS_C_NO_BUFFER, &x->token, &minor);
	if (!GSS_ERROR(major))
		return true;
	g_autofree char *why = status_text(major, minor);
	return sasl_unfit(error, _("there is no Kerberos ticket for '%s@%s': %s; try 'kinit'"),
		s->service, s->host, why);
}

static bool context_answer(struct sasl *s, const struct challenge *c, GByteArray *out)
{
	OM_uint32 minor;
	gss_buffer_desc in = {c->len, (char *)c->text}, token = GSS_C_EMPTY_BUFFER;
	OM_uint32 major = turn(s, &in, &token, &minor);
	if (token.length)
		g_byte_array_append(out, token.value, (guint)token.length);
	gss_release_buffer(&minor, &token);
	if (!GSS_ERROR(major))
		return true;
	g_autofree char *why = status_text(major, minor);
	return sasl_fail(s, SASL_FAULT_PROTOCOL,
		g_strdup_printf(_("the server does not prove who it is by Kerberos: %s"), why));
}

static bool no_layer(struct sasl *s)
{
	return sasl_fail(s, SASL_FAULT_PROTOCOL,
		g_strdup(_("the server does not keep to GSSAPI, or wants a security layer of its "
			   "own")));
}

/* Whether "no layer" is among the layers offered.  A token of fewer octets was
 * read beyond its end by others (T-47). */
static bool offers_no_layer(struct sasl *s, const struct challenge *c)
{
	struct gssapi *x = s->state;
	OM_uint32 minor;
	gss_buffer_desc in = {c->len, (char *)c->text}, offer = GSS_C_EMPTY_BUFFER;
	OM_uint32 major = gss_unwrap(&minor, x->context, &in, &offer, NULL, NULL);
	bool ok = major == GSS_S_COMPLETE && offer.length >= OFFER_OCTETS &&
		  (*(const unsigned char *)offer.value & LAYER_NONE);
	gss_release_buffer(&minor, &offer);
	return ok;
}

static bool layer_answer(struct sasl *s, const struct challenge *c, GByteArray *out)
{
	struct gssapi *x = s->state;
	OM_uint32 minor;
	if (!offers_no_layer(s, c))
		return no_layer(s);
	g_autofree char *text = g_strdup_printf("%c%c%c%c%s", LAYER_NONE, 1, 1, 1, s->user);
	memset(text + 1, 0, OFFER_OCTETS - 1);
	gss_buffer_desc in = {OFFER_OCTETS + strlen(s->user), text}, token = GSS_C_EMPTY_BUFFER;
	if (gss_wrap(&minor, x->context, 0, GSS_C_QOP_DEFAULT, &in, NULL, &token) != GSS_S_COMPLETE)
		return no_layer(s);
	g_byte_array_append(out, token.value, (guint)token.length);
	gss_release_buffer(&minor, &token);
	s->gave_secret = s->done = true;
	return true;
}

static bool gssapi_answer(struct sasl *s, const struct challenge *c, GByteArray *out)
{
	struct gssapi *x = s->state;
	if (s->done)
		return false;
	if (s->step == 0) {
		g_byte_array_append(out, x->token.value, (guint)x->token.length);
		return true;
	}
	return x->established ? layer_answer(s, c, out) : context_answer(s, c, out);
}

const struct family sasl_gssapi = {.client_first = true,
	.initial = true,
	.begin = gssapi_begin,
	.answer = gssapi_answer,
	.clear = gssapi_clear};

#endif

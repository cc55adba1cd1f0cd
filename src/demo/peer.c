/* SPDX-License-Identifier: MIT */
#include "demo/peer.h"

#include <string.h>

enum { IDLE_SECONDS = 600 };

struct peer {
	GSocketConnection *connection;
	GDataInputStream *in;
	GOutputStream *out;
};

struct peer *peer_new(GSocketConnection *connection)
{
	struct peer *p = g_new0(struct peer, 1);
	GIOStream *stream = G_IO_STREAM(connection);
	p->connection = g_object_ref(connection);
	g_socket_set_timeout(g_socket_connection_get_socket(connection), IDLE_SECONDS);
	p->in = g_data_input_stream_new(g_io_stream_get_input_stream(stream));
	g_data_input_stream_set_newline_type(p->in, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
	p->out = g_buffered_output_stream_new(g_io_stream_get_output_stream(stream));
	g_buffered_output_stream_set_auto_grow(G_BUFFERED_OUTPUT_STREAM(p->out), TRUE);
	return p;
}

/* A client that is gone is not our trouble: nobody is there to be told. */
void peer_free(struct peer *p)
{
	g_output_stream_flush(p->out, NULL, NULL);
	g_io_stream_close(G_IO_STREAM(p->connection), NULL, NULL);
	g_object_unref(p->in);
	g_object_unref(p->out);
	g_object_unref(p->connection);
	g_free(p);
}

static bool line_is_here(struct peer *p)
{
	gsize n;
	const void *buffer = g_buffered_input_stream_peek_buffer(G_BUFFERED_INPUT_STREAM(p->in), &n);
	return memchr(buffer, '\n', n) != NULL;
}

char *peer_read(struct peer *p, size_t *len)
{
	gsize n = 0;
	/* Answers to pipelined commands leave together. */
	if (!line_is_here(p))
		g_output_stream_flush(p->out, NULL, NULL);
	char *line = g_data_input_stream_read_line(p->in, &n, NULL, NULL);
	if (len)
		*len = n;
	return line;
}

static void put(struct peer *p, const char *text, size_t len)
{
	g_output_stream_write_all(p->out, text, len, NULL, NULL, NULL);
}

void peer_say(struct peer *p, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *line = g_strdup_vprintf(format, args);
	va_end(args);
	put(p, line, strlen(line));
	put(p, "\r\n", 2);
}

void peer_say_text(struct peer *p, const char *text, size_t len)
{
	const char *end = text + len;
	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *next = newline ? newline + 1 : end;
		if (*text == '.')
			put(p, ".", 1);
		put(p, text, (size_t)(next - text));
		text = next;
	}
	put(p, ".\r\n", 3);
}

const struct verb *verb_find(const struct verb *table, const char *line, const char **argument)
{
	size_t len = strcspn(line, " ");
	*argument = line + len + (line[len] == ' ');
	for (; table->name; table++)
		if (strlen(table->name) == len && g_ascii_strncasecmp(table->name, line, len) == 0)
			return table;
	return NULL;
}

bool peer_may_enter(const char *user, const char *password)
{
	return g_strcmp0(user, DEMO_USER) == 0 && g_strcmp0(password, DEMO_PASSWORD) == 0;
}

/* SPDX-License-Identifier: MIT */
#include "mime/likeness.h"
#include "mime/worker.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/sandbox.h"
#include "mime/armour.h"
#include "mime/picture.h"
#include "mime/text.h"
#include "mime/traits.h"
#include "wire/child.h"

enum { SKIMMED = 16 * 1024 * 1024, GATHERED = 65536, COLUMNS_MOST = 1000,
	LINKS_MOST = 100000 };

/* Processor time for a request; a letter in pieces of 16 MB has one second each. */
enum { SECONDS = 5, PER_SECOND = 16 * 1024 * 1024 };

/* What comes of a long letter before it is read whole: of its first octets, and of so many
 * times more, while there are so many times more.  All of it takes half as long again. */
enum { FIRST = 256 * 1024, TIMES = 8, WORTH = 4 };

static struct letter *open_first(struct charsets *c, int fd, int64_t octets, GError **error)
{
	struct source *s = source_new(fd, error);
	if (s)
		source_limit(s, octets);
	return s ? letter_open(s, c, error) : NULL;
}

static struct letter *open_letter(struct charsets *c, int fd, GError **error)
{
	return open_first(c, fd, INT64_MAX, error);
}

/* What people chose for letters of its sender, or for this one, counts from here on. */
static void begin(struct charsets *c, const struct letter *l, const char *wish)
{
	const char *raw = charsets_has_choices(c) ? fields_get(l->fields, "From", 0) : NULL;
	g_autoptr(GPtrArray) from = mime_addresses_new();
	charsets_begin(c, NULL, wish, l->hint);
	if (raw)
		letter_addresses(l, raw, from);
	const struct mime_address *first = from->len > 0 ? from->pdata[0] : NULL;
	charsets_begin(c, first ? first->address : NULL, wish, l->hint);
}

static char *words_of(const struct body *b)
{
	return g_strconcat(
		b->text->str, b->words->len > 0 ? "\n" : NULL, b->words->str, NULL);
}

static void take_traits(struct mime_message *m, const struct body *b)
{
	unsigned languages = traits_languages(b->text->str);
	m->kinds |= traits_of_text(b->text->str, m->kinds) | (b->links->len > 0 ? MIME_LINK : 0);
	m->languages = languages ? languages : m->languages;
}

/* Stand for those that the reader has already. */
static void number_links(struct body *b, guint n)
{
	for (guint i = 0; i < n; i++) {
		struct mime_link *l = g_new0(struct mime_link, 1);
		l->url = g_strdup("");
		l->text = g_strdup("");
		g_ptr_array_add(b->links, l);
	}
}

static void take_body(struct mime_message *m, struct body *b, const struct mime_reading *how)
{
	unsigned want = how->want;
	if (how->links > 0)
		g_ptr_array_remove_range(b->links, 0, how->links);
	m->truncated = m->truncated || b->truncated;
	m->text_type = mime_clean_line(b->type);
	m->charset = g_strdup(b->charset ? b->charset : "");
	m->guessed = b->guessed;
	m->chosen = b->chosen_used;
	m->mended = g_strdup(b->mended ? b->mended : "");
	m->declared = g_strdup(b->declared ? b->declared : "");
	for (guint i = 0; b->candidates && i < b->candidates->len; i++)
		g_ptr_array_add(m->candidates, g_strdup(b->candidates->pdata[i]));
	m->flowed = b->flowed;
	take_traits(m, b);
	if (want & MIME_WANT_WORDS)
		m->words = words_of(b);
	if (!(want & MIME_WANT_TEXT))
		return;
	m->text = g_strdup(b->text->str);
	g_ptr_array_extend_and_steal(m->crypts, g_steal_pointer(&b->crypts));
	b->crypts = mime_crypts_new();
	g_ptr_array_unref(m->links);
	m->links = g_ptr_array_ref(b->links);
	g_array_unref(m->spans);
	m->spans = g_array_ref(b->spans);
	g_ptr_array_unref(m->blocks);
	m->blocks = g_ptr_array_ref(b->blocks);
	m->laid_for = b->laid_for;
	m->hidden = b->hidden;
	m->other_type = g_strdup(b->other ? b->other : "");
	m->differs = b->differs;
	g_ptr_array_unref(m->remote);
	m->remote = remote_hosts(b->remote);
}

static struct mime_message *read_first(struct charsets *c, int fd, int64_t octets,
	const struct mime_reading *how, GError **error)
{
	g_autoptr(letter) l = open_first(c, fd, octets, error);
	if (!l)
		return NULL;
	begin(c, l, how->charset);
	struct mime_message *m = mime_message_new();
	letter_describe(l, m);
	if (how->want == 0)
		return m;
	struct body b;
	body_init(&b, how);
	number_links(&b, how->links);
	body_read(&b, l);
	take_body(m, &b, how);
	body_clear(&b);
	return m;
}

struct mime_message *worker_read(struct charsets *c, int fd, const struct mime_reading *how,
	GError **error)
{
	return read_first(c, fd, INT64_MAX, how, error);
}

struct mime_message *worker_read_first(struct charsets *c, int fd, int64_t octets,
	const struct mime_reading *how, GError **error)
{
	struct mime_message *m = read_first(c, fd, octets, how, error);
	if (m && m->parts->len > 1)
		g_ptr_array_set_size(m->parts, (int)m->parts->len - 1);
	return m;
}

static void put_words(struct mime_message *m, struct letter *l)
{
	struct body b;
	body_init(&b, &mime_reading_words);
	body_read(&b, l);
	m->words = words_of(&b);
	take_traits(m, &b);
	m->likeness = likeness_of(l->source, l->body_start);
	body_clear(&b);
}

/* A list needs the header only, and nearly always that is plain. */
struct mime_message *worker_skim(struct charsets *c, int fd, unsigned want, GError **error)
{
	g_autoptr(letter) l = want ? NULL : letter_open_head(fd, c);
	if (!l)
		l = open_letter(c, fd, error);
	if (!l)
		return NULL;
	begin(c, l, NULL);
	struct mime_message *m = mime_message_new();
	letter_skim(l, m);
	if (want & MIME_WANT_WORDS)
		put_words(m, l);
	return m;
}

struct search {
	const char *path;
	GMimeObject *found;
	struct letter *letter;
};

static bool find(const struct node *n, void *data)
{
	struct search *s = data;
	if (!s->found && strcmp(n->path, s->path) == 0) {
		s->found = n->object;
		s->letter = n->letter;
	}
	return !s->found;
}

static bool no_part(const char *path, GError **error)
{
	g_set_error(error, MIME_ERROR, MIME_ERROR_NO_PART, _("the message has no part '%s'"), path);
	return false;
}

static bool copy_all(struct source *s, int out, GError **error)
{
	const char *data;
	ssize_t n;
	for (int64_t at = 0; (n = source_peek(s, at, &data)) > 0; at += n)
		if (!fdio_write_all(out, data, (size_t)n, error))
			return false;
	return n == 0 || fdio_fail(error, "read", "message");
}

/* Where a letter in a letter lies, without what stands around it. */
static bool copy_object(GMimeObject *object, int out, GError **error)
{
	/* Not a GMimeStreamFs: that seeks, and out may be a pipe. */
	g_autoptr(GMimeStream) to = g_mime_stream_pipe_new(dup(out));
	ssize_t n;
	if (GMIME_IS_PART(object)) {
		GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(object));
		n = content ? g_mime_data_wrapper_write_to_stream(content, to) : 0;
	} else if (GMIME_IS_MESSAGE_PART(object)) {
		GMimeMessage *m = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
		n = m ? g_mime_object_write_to_stream(GMIME_OBJECT(m), NULL, to) : 0;
	} else {
		n = g_mime_object_write_to_stream(object, NULL, to);
	}
	if (n >= 0 && g_mime_stream_flush(to) == 0)
		return true;
	return fdio_fail(error, "write", "part");
}

bool worker_signed(struct charsets *c, int fd, const char *path, int out, GError **error)
{
	g_autoptr(letter) l = open_letter(c, fd, error);
	struct search s = {path, NULL, NULL};
	if (!l)
		return false;
	letter_walk(l, find, &s);
	return s.found ? letter_signed(s.letter, s.found, out, error) : no_part(path, error);
}

bool worker_armour(struct charsets *c, const struct armour_place *place, int fd, int out,
	GError **error)
{
	g_autoptr(letter) l = open_letter(c, fd, error);
	struct search s = {place->path, NULL, NULL};
	struct armour a = {0};
	bool cut;
	if (!l)
		return false;
	letter_walk(l, find, &s);
	if (!s.found || !GMIME_IS_PART(s.found))
		return no_part(place->path, error);
	g_autoptr(GByteArray) octets = letter_content(GMIME_PART(s.found), LIMIT_TEXT, &cut);
	const char *text = (const char *)octets->data;
	for (guint i = 0; i <= place->number; i++)
		if (!armour_next(text ? text : "", octets->len, a.end, &a))
			return no_part(place->path, error);
	return fdio_write_all(out, text + a.start, a.end - a.start, error);
}

bool worker_part(struct charsets *c, int fd, const char *path, int out, GError **error)
{
	g_autoptr(letter) l = open_letter(c, fd, error);
	struct search s = {path, NULL, NULL};
	if (!l)
		return false;
	if (!*path)
		return copy_all(l->source, out, error);
	letter_walk(l, find, &s);
	return s.found ? copy_object(s.found, out, error) : no_part(path, error);
}

static bool put_picture(GMimeObject *object, int out, struct mime_picture *p, GError **error)
{
	struct pixels pixels;
	bool cut;
	g_autoptr(GByteArray) octets = letter_content(GMIME_PART(object), PICTURE_OCTETS, &cut);
	if (!picture_read(octets->data, octets->len, &p->size, &pixels, &p->full, error))
		return false;
	p->size = (struct mime_size){pixels.width, pixels.height};
	bool good = fdio_write_all(out, pixels.octets, (size_t)pixels.width * pixels.height * 4, error);
	g_free(pixels.octets);
	return good;
}

bool worker_picture(struct charsets *c, int fd, const char *path, int out,
	struct mime_picture *p, GError **error)
{
	g_autoptr(letter) l = open_letter(c, fd, error);
	struct search s = {path, NULL, NULL};
	if (!l)
		return false;
	letter_walk(l, find, &s);
	return s.found && GMIME_IS_PART(s.found) ? put_picture(s.found, out, p, error)
						 : no_part(path, error);
}

char *worker_part_text(struct charsets *c, int fd, const char *path, GPtrArray *links,
	GError **error)
{
	g_autoptr(letter) l = open_letter(c, fd, error);
	struct search s = {path, NULL, NULL};
	if (!l)
		return NULL;
	letter_walk(l, find, &s);
	if (!s.found) {
		no_part(path, error);
		return NULL;
	}
	struct body b;
	body_init(&b, NULL);
	body_read_part(&b, s.letter, s.found);
	char *text = g_strdup(b.text->str);
	g_ptr_array_extend_and_steal(links, g_steal_pointer(&b.links));
	b.links = mime_links_new();
	body_clear(&b);
	return text;
}

/* One request: the descriptors that came with it are its own. */
struct request {
	struct wire_child *child;
	struct charsets *charsets;
	const struct record *record;
	const int *fds;
	guint n_fds;
};

static unsigned wants_of(const struct record *r)
{
	JsonArray *array = record_array(r, "want");
	unsigned want = 0;
	for (guint i = 0; array && i < json_array_get_length(array); i++) {
		JsonNode *node = json_array_get_element(array, i);
		const char *word = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node) : NULL;
		if (g_strcmp0(word, "text") == 0)
			want |= MIME_WANT_TEXT;
		else if (g_strcmp0(word, "words") == 0)
			want |= MIME_WANT_WORDS;
	}
	return want;
}

static int64_t size_of(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 ? st.st_size : 0;
}

/* Not of a letter that is signed or encrypted: nobody is to read what was not judged. */
static bool send_first(const struct request *q, int64_t octets, const struct mime_reading *how)
{
	g_autoptr(mime_message) m = worker_read_first(q->charsets, q->fds[0], octets, how, NULL);
	if (!m || m->crypts->len > 0 || m->kinds & (MIME_SIGNED | MIME_ENCRYPTED))
		return false;
	struct record *r = record_set_int(record_new("event", "so-far"), "octets", octets);
	mime_encode(m, r);
	wire_child_event(q->child, record_int(q->record, "id"), r);
	return true;
}

static void send_so_far(const struct request *q, const struct mime_reading *how)
{
	int64_t size = size_of(q->fds[0]);
	for (int64_t n = FIRST; n <= size / WORTH; n *= TIMES)
		if (!send_first(q, n, how))
			return;
}

static struct record *do_read(const struct request *q, GError **error)
{
	struct mime_reading how = {
		.want = wants_of(q->record),
		.charset = record_string(q->record, "charset"),
		.columns = (int)CLAMP(record_int(q->record, "columns"), 0, COLUMNS_MOST),
		.links = (guint)CLAMP(record_int(q->record, "links"), 0, LINKS_MOST),
		.prefer = record_is(q->record, "prefer", "html") ? MIME_PREFER_HTML
			: record_is(q->record, "prefer", "plain") ? MIME_PREFER_PLAIN
			: MIME_PREFER_BEST,
		.decrypted = record_bool(q->record, "decrypted"),
	};
	if (record_bool(q->record, "so-far"))
		send_so_far(q, &how);
	g_autoptr(mime_message) m = worker_read(q->charsets, q->fds[0], &how, error);
	if (!m)
		return NULL;
	struct record *done = record_new("event", "done");
	mime_encode(m, done);
	return done;
}

/* Appends what was gathered. */
static bool put_skimmed(GByteArray *text, int out, int64_t *octets, GError **error)
{
	if (lseek(out, *octets, SEEK_SET) < 0 || !fdio_write_all(out, text->data, text->len, error))
		return false;
	*octets += text->len;
	g_byte_array_set_size(text, 0);
	return true;
}

/* One letter after the other to the last descriptor.  Very long ones are left
 * out when there are several of them: they are asked for by themselves. */
static struct record *do_skim(const struct request *q, GError **error)
{
	unsigned want = wants_of(q->record);
	int out = q->fds[q->n_fds - 1];
	int64_t octets = 0;
	g_autoptr(GByteArray) text = g_byte_array_new();
	for (guint i = 0; i + 1 < q->n_fds; i++) {
		g_autoptr(mime_message) m = octets + text->len < SKIMMED
			? worker_skim(q->charsets, q->fds[i], want, NULL) : NULL;
		mime_skim_encode(m, text);
		if (text->len > GATHERED && !put_skimmed(text, out, &octets, error))
			return NULL;
	}
	if (!put_skimmed(text, out, &octets, error))
		return NULL;
	return record_set_int(record_new("event", "done"), "octets", octets);
}

static const char *path_of(const struct request *q)
{
	const char *path = record_string(q->record, "path");
	return path ? path : "";
}

static struct record *do_part(const struct request *q, GError **error)
{
	bool good = worker_part(q->charsets, q->fds[0], path_of(q), q->fds[1], error);
	return good ? record_new("event", "done") : NULL;
}

static struct record *do_signed(const struct request *q, GError **error)
{
	bool good = worker_signed(q->charsets, q->fds[0], path_of(q), q->fds[1], error);
	return good ? record_new("event", "done") : NULL;
}

static struct record *do_armour(const struct request *q, GError **error)
{
	struct armour_place place = {path_of(q),
		(guint)CLAMP(record_int(q->record, "number"), 0, MIME_CRYPTS_MOST)};
	bool good = worker_armour(q->charsets, &place, q->fds[0], q->fds[1], error);
	return good ? record_new("event", "done") : NULL;
}

static struct record *do_picture(const struct request *q, GError **error)
{
	struct mime_picture p = {.size = {(int)CLAMP(record_int(q->record, "width"), 1, PICTURE_SIDE),
		(int)CLAMP(record_int(q->record, "height"), 1, PICTURE_SIDE)}};
	if (!worker_picture(q->charsets, q->fds[0], path_of(q), q->fds[1], &p, error))
		return NULL;
	struct record *done = record_set_int(record_new("event", "done"), "width", p.size.width);
	record_set_int(done, "height", p.size.height);
	record_set_int(done, "full-width", p.full.width);
	return record_set_int(done, "full-height", p.full.height);
}

static struct record *do_part_text(const struct request *q, GError **error)
{
	g_autoptr(GPtrArray) links = mime_links_new();
	g_autofree char *text = worker_part_text(q->charsets, q->fds[0], path_of(q), links, error);
	if (!text)
		return NULL;
	struct record *done = record_set_string(record_new("event", "done"), "text", text);
	mime_encode_links(links, done);
	return done;
}

/* Sender, declared charset, charset: three strings each. */
static struct record *do_choices(const struct request *q, GError **error)
{
	JsonArray *list = record_array(q->record, "list");
	charsets_forget(q->charsets);
	for (guint i = 0; list && i + 2 < json_array_get_length(list); i += 3)
		charsets_choose(q->charsets, json_array_get_string_element(list, i),
			json_array_get_string_element(list, i + 1),
			json_array_get_string_element(list, i + 2));
	return record_new("event", "done");
}

struct verb {
	const char *name;
	guint n_fds;
	struct record *(*run)(const struct request *q, GError **error);
};

static const struct verb verbs[] = {
	{"read", 1, do_read},
	{"choices", 0, do_choices},
	{"skim", 2, do_skim},
	{"part", 2, do_part},
	{"part-text", 1, do_part_text},
	{"picture", 2, do_picture},
	{"signed", 2, do_signed},
	{"armour", 2, do_armour},
};

static struct record *answer(const struct request *q, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
		if (!record_is(q->record, "do", verbs[i].name))
			continue;
		if (q->n_fds >= verbs[i].n_fds)
			return verbs[i].run(q, error);
		g_set_error(error, WIRE_ERROR, CODE_PROTOCOL,
			_("'%s' came without its descriptor"), verbs[i].name);
		return NULL;
	}
	const char *name = record_string(q->record, "do");
	g_set_error(error, WIRE_ERROR, CODE_UNKNOWN_REQUEST, _("unknown request '%s'"),
		name ? name : "");
	return NULL;
}

static void fail(struct wire_child *child, int64_t id, const GError *error)
{
	struct record *r = record_new("event", "failed");
	enum wire_code code = error->domain == MIME_ERROR ? CODE_PARSE : wire_error_code(error);
	record_set_string(r, "code", wire_code_name(code));
	record_set_string(r, "retry", wire_retry_name(wire_code_retry(code)));
	record_set_string(r, "text", error->message);
	if (g_error_matches(error, MIME_ERROR, MIME_ERROR_NO_PART))
		record_set_bool(r, "no-part", true);
	wire_child_event(child, id, r);
}

static void allow_time(const struct request *q)
{
	int64_t size = 0;
	for (guint i = 0; i < q->n_fds; i++)
		size += size_of(q->fds[i]);
	sandbox_spend(SECONDS + (int)MIN(size / PER_SECOND, 3600));
}

static void serve(struct wire_child *child, struct charsets *c, const struct record *r,
	const GArray *fds)
{
	g_autoptr(GError) error = NULL;
	struct request q = {child, c, r, (const int *)(const void *)fds->data, fds->len};
	allow_time(&q);
	struct record *done = answer(&q, &error);
	if (done)
		wire_child_done(child, record_int(r, "id"), done);
	else
		fail(child, record_int(r, "id"), error);
}

int worker_run(struct charsets *c, int in, int out)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(wire_child) child = wire_child_new(in, out, "dewey-mime", &error);
	g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(int));
	while (child && !error) {
		g_autoptr(record) r = wire_child_next(child, fds, &error);
		if (!r)
			break;
		serve(child, c, r, fds);
		for (guint i = 0; i < fds->len; i++)
			close(g_array_index(fds, int, i));
		g_array_set_size(fds, 0);
	}
	return error ? wire_code_exit_status(wire_error_code(error)) : 0;
}

/* SPDX-License-Identifier: MIT
 *
 * The fields and attachments of the compose page. */
#include "base/base.h"

#include <errno.h>
#include <unistd.h>

#include "base/path.h"
#include "ui/command.h"
#include "ui/view-compose.h"

struct field {
	struct view *view;
	char **value;
	bool edits; /* the editor is next */
};

static void field_free(void *data)
{
	struct field *f = data;
	view_unref(f->view);
	g_free(f);
}

static void field_typed(struct ui *ui, const char *text, void *data)
{
	struct field *f = data;
	if (!text || f->view->closed)
		return;
	g_free(*f->value);
	*f->value = g_strdup(text);
	compose_changed((struct compose_view *)f->view);
	if (f->edits)
		compose_edit((struct compose_view *)f->view);
}

void compose_ask_to(struct compose_view *c)
{
	struct field *f = g_new0(struct field, 1);
	f->view = view_ref(&c->view);
	f->value = &c->draft->to;
	f->edits = true;
	struct prompt_spec spec = {.label = _("To: "),
		.text = c->draft->to,
		.history = "address",
		.done = field_typed,
		.data = f,
		.free = field_free};
	ui_prompt(c->view.ui, &spec);
}

static void edit_field(
	struct ui *ui, char **value, const char *label, const char *history, const char *arg)
{
	struct field *f = g_new0(struct field, 1);
	f->view = view_ref(ui_top(ui));
	f->value = value;
	struct prompt_spec spec = {.label = label,
		.text = *value,
		.history = history,
		.done = field_typed,
		.data = f,
		.free = field_free};
	prompt_unless(ui, arg, &spec);
}

void command_edit_to(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	if (c)
		edit_field(ui, &c->draft->to, _("To: "), "address", arg);
}

void command_edit_cc(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	if (c)
		edit_field(ui, &c->draft->cc, _("Cc: "), "address", arg);
}

void command_edit_bcc(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	if (c)
		edit_field(ui, &c->draft->bcc, _("Bcc: "), "address", arg);
}

void command_edit_subject(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	if (c && !compose_is_fixed(c))
		edit_field(ui, &c->draft->subject, _("Subject: "), "subject", arg);
}

/* --- who writes ------------------------------------------------------------------------- */

/* One more address to write from; the own ones that stand for a whole domain are none. */
struct sender {
	const struct account *account;
	const char *address;
};

static GArray *senders(const struct dotfile *d)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct sender));
	for (guint i = 0; i < dotfile_account_count(d); i++) {
		const struct account *a = dotfile_account(d, i);
		struct sender s = {a, a->address};
		if (!a->address)
			continue;
		g_array_append_val(all, s);
		for (char **own = a->addresses; *own; own++) {
			s.address = *own;
			if (**own != '*')
				g_array_append_val(all, s);
		}
	}
	return all;
}

static bool writes_now(const struct compose_view *c, const struct sender *s)
{
	g_autoptr(GPtrArray) from = address_parse_list(c->draft->from, NULL);
	const struct typed_address *first = from && from->len > 0 ? from->pdata[0] : NULL;
	return g_strcmp0(s->account->id, c->draft->account) == 0 && first &&
	       g_ascii_strcasecmp(first->address, s->address) == 0;
}

void command_edit_from(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	g_autoptr(GArray) all = senders(ui_dotfile(ui));
	guint next = 0;
	if (!c || all->len == 0)
		return;
	for (guint i = 0; i < all->len; i++)
		if (writes_now(c, &g_array_index(all, struct sender, i)))
			next = (i + 1) % all->len;
	const struct sender *s = &g_array_index(all, struct sender, next);
	compose_sign_for(ui, c->draft, s->account->id);
	g_free(c->draft->from);
	c->draft->from = address_format(s->account->name ? s->account->name : "", s->address);
	c->width = 0;
	compose_changed(c);
}

/* --- what the letter becomes ---------------------------------------------------------------- */

bool compose_is_fixed(struct compose_view *c)
{
	if (!c->draft->resends)
		return false;
	ui_complain(c->view.ui, _("this letter is sent on as it is: only From, To, Cc and Bcc can "
				  "be changed"));
	return true;
}

unsigned compose_asks(const struct compose_view *c)
{
	const struct dotfile *d = ui_dotfile(c->view.ui);
	const struct account *a =
		c->draft->account ? dotfile_account_by_name(d, c->draft->account) : NULL;
	bool chosen = (c->draft->asks & ASKS_CHOSEN) || !a;
	return chosen ? (unsigned)c->draft->asks & ~(unsigned)ASKS_CHOSEN : a->asks;
}

static const struct {
	unsigned ask;
	const char *word, *text;
} asks_words[] = {
	{ASK_NOTIFY_SUCCESS, "success", N_("report of delivery")},
	{ASK_NOTIFY_FAILURE, "failure", N_("report of failure")},
	{ASK_NOTIFY_DELAY, "delay", N_("report of delay")},
	{ASK_NOTIFY_NEVER, "never", N_("no reports")},
	{ASK_RETURN_FULL, NULL, N_("the whole letter with them")},
	{ASK_RETURN_HEADERS, NULL, N_("its header alone with them")},
	{ASK_REQUIRE_TLS, NULL, N_("TLS all the way")},
};

char *compose_asks_text(unsigned asks)
{
	GString *text = g_string_new(NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(asks_words); i++)
		if (asks & asks_words[i].ask)
			g_string_append_printf(
				text, "%s%s", text->len ? ", " : "", _(asks_words[i].text));
	return g_string_free(text, FALSE);
}

static void set_asks(struct compose_view *c, unsigned asks)
{
	c->draft->asks = ASKS_CHOSEN | asks;
	compose_changed(c);
}

static char *wrong_reports(const char *text, const void *data)
{
	unsigned bits;
	return asks_parse_notify(text, &bits)
		       ? NULL
		       : g_strdup_printf(_("reports cannot be '%s'; write never, or some of success, "
					   "failure and delay, with commas between them"),
				 text);
}

static void reports_typed(struct ui *ui, const char *text, void *data)
{
	struct compose_view *c = compose_top(ui);
	unsigned bits = 0;
	if (!c || !text || (*text && !asks_parse_notify(text, &bits)))
		return;
	set_asks(c, (compose_asks(c) & ~(unsigned)ASK_NOTIFY) | bits);
}

void command_reports(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	unsigned asks = c ? compose_asks(c) : 0;
	g_autoptr(GString) now = g_string_new(NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(asks_words); i++)
		if (asks_words[i].word && (asks & asks_words[i].ask))
			g_string_append_printf(
				now, "%s%s", now->len ? ", " : "", asks_words[i].word);
	struct prompt_spec spec = {.label = _("Reports of success, failure, delay; or never: "),
		.text = now->str,
		.wrong = wrong_reports,
		.done = reports_typed};
	if (c)
		prompt_unless(ui, arg, &spec);
}

void command_require_tls(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	if (!c)
		return;
	c->draft->tls_optional = false;
	set_asks(c, compose_asks(c) ^ ASK_REQUIRE_TLS);
}

/* As the server does it, the header, the whole letter. */
void command_returns(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	unsigned asks = c ? compose_asks(c) : 0;
	unsigned next = asks & ASK_RETURN_FULL      ? 0
			: asks & ASK_RETURN_HEADERS ? ASK_RETURN_FULL
						    : ASK_RETURN_HEADERS;
	if (c)
		set_asks(c, (asks & ~(unsigned)ASK_RETURN) | next);
}

static void toggle(struct ui *ui, size_t offset)
{
	struct compose_view *c = compose_top(ui);
	if (!c || compose_is_fixed(c))
		return;
	bool *value = &G_STRUCT_MEMBER(bool, c->draft, offset);
	*value = !*value;
	compose_changed(c);
}

void command_toggle_markdown(struct ui *ui, const char *arg)
{
	const struct compose_view *c = compose_top(ui);
	if (c && !c->draft->markdown && !draft_has_markdown())
		ui_complain(ui, _("dewey was built without libcmark, so it knows no Markdown"));
	else
		toggle(ui, offsetof(struct draft, markdown));
}

void command_toggle_flowed(struct ui *ui, const char *arg)
{
	toggle(ui, offsetof(struct draft, flowed));
}

void command_ask_receipt(struct ui *ui, const char *arg)
{
	toggle(ui, offsetof(struct draft, ask_receipt));
}

/* REQUIRETLS is the contrary of it, and wins where both are said (RFC 8689 section 3). */
void command_tls_optional(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	toggle(ui, offsetof(struct draft, tls_optional));
	if (c && c->draft->tls_optional && (compose_asks(c) & ASK_REQUIRE_TLS))
		set_asks(c, compose_asks(c) & ~(unsigned)ASK_REQUIRE_TLS);
}

/* --- attachments ------------------------------------------------------------------------- */

static char *full_path(const char *text)
{
	g_autofree char *path = path_expand(text);
	return g_canonicalize_filename(path, NULL);
}

static char *wrong_file(const char *text, const void *data)
{
	g_autofree char *full = full_path(text);
	if (access(full, R_OK) != 0)
		return g_strdup_printf(_("cannot attach '%s': %s"), text, g_strerror(errno));
	if (!g_file_test(full, G_FILE_TEST_IS_REGULAR))
		return g_strdup_printf(_("'%s' is not a file that can be attached"), text);
	return NULL;
}

static void attach_typed(struct ui *ui, const char *text, void *data)
{
	struct compose_view *c = compose_top(ui);
	if (!text || !*text || !c || compose_is_fixed(c))
		return;
	g_ptr_array_add(c->draft->attachments, full_path(text));
	compose_changed(c);
}

void command_attach(struct ui *ui, const char *arg)
{
	struct prompt_spec spec = {.label = _("Attach file: "),
		.history = "file",
		.complete = prompt_complete_path,
		.wrong = wrong_file,
		.done = attach_typed};
	if (compose_top(ui))
		prompt_unless(ui, arg, &spec);
}

guint compose_file_count(const struct compose_view *c)
{
	return c->draft->attachments->len + c->draft->parts->len;
}

const char *compose_file(const struct compose_view *c, guint i, const char **name)
{
	guint paths = c->draft->attachments->len;
	const struct draft_part *p = i >= paths ? c->draft->parts->pdata[i - paths] : NULL;
	if (name)
		*name = p ? p->name : NULL;
	return p ? p->path : c->draft->attachments->pdata[i];
}

void command_detach(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	guint count = c ? compose_file_count(c) : 0, paths = c ? c->draft->attachments->len : 0;
	if (c && count == 0 && c->draft->letter) {
		g_clear_pointer(&c->draft->letter, g_free);
		compose_changed(c);
		return;
	}
	if (!c || c->cursor >= count) {
		ui_complain(ui, _("nothing is attached"));
		return;
	}
	if (c->cursor < paths)
		g_ptr_array_remove_index(c->draft->attachments, c->cursor);
	else
		g_ptr_array_remove_index(c->draft->parts, c->cursor - paths);
	if (c->cursor > 0 && c->cursor + 1 >= count)
		c->cursor--;
	compose_changed(c);
}

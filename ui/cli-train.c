/* SPDX-License-Identifier: MIT
 *
 * spam and ham: all that a query finds is taught to the spam program. */
#include "ui/cli.h"

#include <sysexits.h>

#include "base/report.h"
#include "store/train.h"
#include "ui/cli-progress.h"

static bool step(int64_t done, int64_t total, void *data)
{
	int percent = total > 0 ? (int)(done * 100 / total) : -1;
	return total == 0 ? !cli_progress_stopped(data)
			  : cli_progress_step(data, NULL, done, percent);
}

static bool train(struct cli *cli, const GArray *ids, enum train_word word,
	struct action_result *r, GError **error)
{
	struct cli_progress *progress = cli_progress_new();
	store_watch(cli->store, &(struct store_watch){step, progress});
	bool ok = action_train(cli->store, ids, word, r, error);
	store_watch(cli->store, NULL);
	cli_progress_free(progress);
	return ok;
}

static int run(struct cli *cli, int argc, char **argv, enum train_word word)
{
	GError *error = NULL;
	struct action_result r = {0};
	int status = cli_parse(cli, NULL, _("QUERY"), &argc, &argv);
	if (status != EX_OK || (status = cli_open(cli)) != EX_OK)
		return status;
	g_autoptr(GArray) ids = cli_find(cli, argv + 1, &status);
	if (!ids)
		return status;
	if (!train(cli, ids, word, &r, &error))
		return cli_fail(error);
	return cli_put_result(cli, &r);
}

int cli_spam(struct cli *cli, int argc, char **argv)
{
	return run(cli, argc, argv, TRAIN_SPAM);
}

int cli_ham(struct cli *cli, int argc, char **argv)
{
	return run(cli, argc, argv, TRAIN_HAM);
}

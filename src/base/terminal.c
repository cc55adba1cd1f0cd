/* SPDX-License-Identifier: MIT */
#include "base/terminal.h"

#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/local.h"
#include "base/sanitize.h"

enum { SECRET_MAX = 4096 };

static char *read_line(int fd)
{
	/* One block of its own size: a growing buffer would leave copies. */
	char line[SECRET_MAX] = "";
	size_t n = 0;
	char *answer = NULL;
	while (n < sizeof line - 1 && read(fd, line + n, 1) == 1 && line[n] != '\n')
		n++;
	if (n > 0 || line[0] == '\n') {
		line[n] = '\0';
		answer = g_strdup(line);
	}
	explicit_bzero(line, sizeof line);
	return answer;
}

static bool say(int fd, const char *prompt)
{
	g_autofree char *clean = sanitize_body(prompt, -1);
	g_autofree char *shown = local_encode(clean, -1);
	return fdio_write_all(fd, shown, strlen(shown), NULL);
}

static int open_terminal(void)
{
	return open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
}

char *terminal_ask_line(const char *prompt)
{
	int fd = open_terminal();
	if (fd < 0)
		return NULL;
	char *answer = say(fd, prompt) ? read_line(fd) : NULL;
	close(fd);
	return answer;
}

char *terminal_ask_secret(const char *prompt)
{
	struct termios before, quiet;
	int fd = open_terminal();
	if (fd < 0 || tcgetattr(fd, &before) != 0) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	tcsetattr(fd, TCSAFLUSH, &quiet);
	char *answer = say(fd, prompt) ? read_line(fd) : NULL;
	tcsetattr(fd, TCSAFLUSH, &before);
	fdio_write_all(fd, "\n", 1, NULL);
	close(fd);
	return answer;
}

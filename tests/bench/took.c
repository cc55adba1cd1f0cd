/* SPDX-License-Identifier: MIT
 *
 * took OUT COMMAND…: runs COMMAND and writes one line to the file OUT: seconds
 * of wall time, of user, of system time, peak kilobytes of its largest process,
 * exit status (256 and more: a signal).  It is small itself, because the peak
 * of a child counts the pages of its parent until it has become its program. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct rusage use;
	int status;
	FILE *out = argc > 2 ? fopen(argv[1], "we") : NULL;
	if (!out)
		return 64;
	double began = now();
	pid_t pid = fork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &use) < 0)
		return 71;
	fprintf(out, "%.6f %.6f %.6f %ld %d\n", now() - began, seconds(use.ru_utime),
		seconds(use.ru_stime), use.ru_maxrss,
		WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status));
	return fclose(out) == 0 ? 0 : 74;
}

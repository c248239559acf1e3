/* gpg_home.h - a private GnuPG for a test: keys by gpg, requests by us
 *
 * Each test program has one home; its main() is GPG_TESTS(), because GPGME
 * starts gpg through this very program (engine.h). */
#ifndef MAILSEAL_TESTS_GPG_HOME_H
#define MAILSEAL_TESTS_GPG_HOME_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/crypto/openpgp_wire.h"
#include "agent/pgp/engine.h"
#include "agent/pgp/job.h"

#define TEXT_MAX (1024 * 1024)
#define HELPER	static __attribute__((unused))	/* not all in every test */

static char gpg_home[64], gpg_scratch[80];
static struct pgp_engine gpg_engine = { "/usr/bin/gpg", gpg_home,
					gpg_scratch };

/* gpg with these arguments and `input`; what it printed, or NULL when it
 * failed.  Free it. */
HELPER char *gpg(const char *input, const char *arguments)
{
	char command[4096], *out = calloc(1, TEXT_MAX);
	size_t len;
	FILE *from;
	int fd = memfile_make("input", bytes_of(input));

	assert_non_null(out);
	assert_true(fd >= 0);
	assert_true(snprintf(command, sizeof(command), "cd %s && gpg "
			     "--homedir %s --batch --quiet --no-tty --yes "
			     "--pinentry-mode loopback --passphrase '' "
			     "%s <&%d 2>>%s/log", gpg_home, gpg_home,
			     arguments, fd, gpg_home) <
		    (int)sizeof(command));
	assert_int_equal(fcntl(fd, F_SETFD, 0), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	from = popen(command, "r");
	assert_non_null(from);
	len = fread(out, 1, TEXT_MAX - 1, from);
	out[len] = 0;
	(void)close(fd);
	if (pclose(from) != 0) {
		free(out);
		return NULL;
	}
	return out;
}

/* The same where nothing but success counts. */
HELPER void gpg_do(const char *input, const char *arguments)
{
	char *out = gpg(input, arguments);

	if (out == NULL)
		fail_msg("gpg %s failed; see %s/log", arguments, gpg_home);
	free(out);
}

/* A key of that algorithm that signs, with a part that opens. */
HELPER void gpg_make_key(const char *user_id, const char *expires)
{
	char arguments[512];

	(void)snprintf(arguments, sizeof(arguments), "--quick-gen-key '%s' "
		       "future-default default %s", user_id, expires);
	gpg_do("", arguments);
}

HELPER void gpg_fingerprint(const char *user_id, char out[64])
{
	char arguments[512], *list, *at;

	(void)snprintf(arguments, sizeof(arguments),
		       "--with-colons --list-keys '=%s'", user_id);
	list = gpg("", arguments);
	assert_non_null(list);
	at = strstr(list, "\nfpr:::::::::");
	assert_non_null(at);
	memcpy(out, at + 13, 40);
	out[40] = 0;
	free(list);
}

HELPER int gpg_home_open(void **state)
{
	(void)state;
	(void)snprintf(gpg_home, sizeof(gpg_home), "/tmp/ms-pgp.XXXXXX");
	if (mkdtemp(gpg_home) == NULL)
		return -1;
	(void)snprintf(gpg_scratch, sizeof(gpg_scratch), "%s/scratch",
		       gpg_home);
	return mkdir(gpg_scratch, 0700) == 0 ? pgp_prepare(&gpg_engine) : -1;
}

HELPER int gpg_home_close(void **state)
{
	char command[256];

	(void)state;
	(void)snprintf(command, sizeof(command), "gpgconf --homedir %s "
		       "--kill all && rm -rf %s", gpg_home, gpg_home);
	return system(command) == 0 ? 0 : -1;
}

/* --- a request */

struct ask {
	struct arena *arena;
	struct value *request;
	struct buf sentence;
	struct pgp_job job;
	int fds[3];
};

HELPER void ask_open(struct ask *ask)
{
	size_t i;

	memset(ask, 0, sizeof(*ask));
	ask->arena = arena_new(4 * 1024 * 1024);
	assert_non_null(ask->arena);
	ask->request = value_dict(ask->arena);
	buf_init(&ask->sentence, 4096);
	ask->job.engine = &gpg_engine;
	ask->job.arena = ask->arena;
	ask->job.request = ask->request;
	ask->job.fds = ask->fds;
	ask->job.report = value_dict(ask->arena);
	ask->job.sentence = &ask->sentence;
	for (i = 0; i < 3; i++)
		ask->fds[i] = -1;
}

HELPER void ask_close(struct ask *ask)
{
	size_t i;

	for (i = 0; i < 3; i++)
		if (ask->fds[i] >= 0)
			(void)close(ask->fds[i]);
	buf_free(&ask->sentence);
	arena_free(ask->arena);
}

HELPER void ask_give(struct ask *ask, size_t nth, struct bytes bytes)
{
	ask->fds[nth] = memfile_make("given", bytes);
	assert_true(ask->fds[nth] >= 0);
	assert_int_equal(lseek(ask->fds[nth], 0, SEEK_SET), 0);
}

HELPER void ask_want(struct ask *ask, size_t nth)
{
	ask->fds[nth] = memfd_create("wanted", MFD_CLOEXEC);
	assert_true(ask->fds[nth] >= 0);
}

/* What came; in the ask's arena, with a NUL behind. */
HELPER struct bytes ask_got(struct ask *ask, size_t nth)
{
	off_t size = lseek(ask->fds[nth], 0, SEEK_END);
	unsigned char *room = arena_alloc(ask->arena, (size_t)size + 1);
	struct bytes out = { room, (size_t)size };

	assert_non_null(room);
	assert_int_equal(pread(ask->fds[nth], room, (size_t)size, 0), size);
	return out;
}

/* Which failure it is; "" is none. */
HELPER const char *ask_failure(const struct ask *ask)
{
	return ask->job.failure == NULL ? "" : ask->job.failure;
}

/* The first of the report's list of dictionaries. */
HELPER const struct value *ask_first(const struct ask *ask, const char *key)
{
	const struct value *list = value_find(ask->job.report, key,
					      VALUE_LIST);

	return list == NULL ? NULL : list->first;
}

/* A text of the report's first member of that list; "" when absent. */
HELPER const char *ask_text(const struct ask *ask, const char *list,
			    const char *key)
{
	const struct value *dict = list == NULL ? ask->job.report :
				   ask_first(ask, list);
	const char *text = dict == NULL ? NULL : value_text(dict, key);

	return text == NULL ? "" : text;
}

/* `setup` opens the home and makes keys. */
#define GPG_TESTS(tests, setup, teardown) \
	int main(int argc, char **argv) \
	{ \
		(void)argc; \
		pgp_exec(argv); \
		return cmocka_run_group_tests(tests, setup, teardown); \
	}

#endif

/* scripted.h - a server of SMTP that follows a script, without a socket
 *
 * A play is a list of lines that ends with one whose `what` is PLAY_OVER.
 * scripted_wire() is the client's end; when the client reads, the server
 * first checks what it heard. Header only: every test has its own. */
#ifndef MAILSEAL_TESTS_SMTP_SCRIPTED_H
#define MAILSEAL_TESTS_SMTP_SCRIPTED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/smtp/wire.h"

#define SCRIPTED_WAITS 64

enum play_what {
	PLAY_OVER,
	PLAY_HEARS,	/* the client's next bytes are these */
	PLAY_SKIPS,	/* it said anything, up to and with these */
	PLAY_SAYS,
	PLAY_CUTS,	/* the connection is closed */
	PLAY_HANGS,	/* silence: the client's deadline passes */
	PLAY_DEAF	/* from here on writing fails */
};

struct play {
	enum play_what what;
	const char *text;
};

struct scripted {
	const struct play *play;
	size_t at;		/* in the play */
	size_t said;		/* of the current PLAY_SAYS */
	struct buf heard;
	size_t checked;		/* of heard */
	size_t fail_at;		/* PLAY_SAYS that is left out: the count */
	enum play_what fail_how;	/* PLAY_OVER: none */
	size_t says;		/* PLAY_SAYS so far */
	bool failed;		/* the client said something else */
	int64_t heard_by[SCRIPTED_WAITS], said_by[SCRIPTED_WAITS];
	size_t reads, writes;	/* deadlines that the client gave */
	size_t piece;		/* so many bytes a read; 0: all */
};

static inline void scripted_init(struct scripted *server,
				 const struct play *play)
{
	memset(server, 0, sizeof(*server));
	server->play = play;
	buf_init(&server->heard, 64 * 1024 * 1024);
}

static inline void scripted_free(struct scripted *server)
{
	buf_free(&server->heard);
}

/* Checks what was heard until the script has something to say. */
static inline void scripted_listen(struct scripted *server)
{
	const struct play *now;
	struct bytes rest;
	const void *found;
	size_t len;

	for (;; server->at++) {
		now = &server->play[server->at];
		rest = bytes_slice(buf_bytes(&server->heard), server->checked,
				   server->heard.len);
		len = now->text == NULL ? 0 : strlen(now->text);
		if (now->what == PLAY_HEARS) {
			if (!bytes_starts(rest, now->text)) {
				server->failed = true;
				print_message("wanted \"%s\", heard \"%.*s\"\n",
					      now->text, (int)rest.len,
					      (const char *)rest.data);
				return;
			}
			server->checked += len;
		} else if (now->what == PLAY_SKIPS) {
			found = memmem(rest.data, rest.len, now->text, len);
			if (found == NULL) {
				server->failed = true;
				print_message("\"%s\" was not said\n",
					      now->text);
				return;
			}
			server->checked += (size_t)((const unsigned char *)
						    found - rest.data) + len;
		} else {
			return;
		}
	}
}

static inline long scripted_read(void *ctx, unsigned char *to, size_t size,
				 int64_t deadline)
{
	struct scripted *server = ctx;
	const struct play *now;
	size_t len;

	if (server->reads < SCRIPTED_WAITS)
		server->heard_by[server->reads++] = deadline;
	if (server->said == 0)
		scripted_listen(server);
	now = &server->play[server->at];
	if (server->failed || now->what == PLAY_CUTS ||
	    now->what == PLAY_OVER)
		return 0;
	if (now->what != PLAY_SAYS)
		return ERR_TIMEOUT;
	if (server->said == 0 && server->fail_how != PLAY_OVER &&
	    server->says == server->fail_at)
		return server->fail_how == PLAY_CUTS ? ERR_GONE : ERR_TIMEOUT;
	len = strlen(now->text) - server->said;
	if (len > size)
		len = size;
	if (server->piece != 0 && len > server->piece)
		len = server->piece;
	memcpy(to, now->text + server->said, len);
	server->said += len;
	if (now->text[server->said] == 0) {
		server->at++;
		server->said = 0;
		server->says++;
	}
	return (long)len;
}

static inline int scripted_write(void *ctx, struct bytes from,
				 int64_t deadline)
{
	struct scripted *server = ctx;

	if (server->writes < SCRIPTED_WAITS)
		server->said_by[server->writes++] = deadline;
	if (server->play[server->at].what == PLAY_DEAF)
		return ERR_GONE;
	buf_add(&server->heard, from);
	assert_false(server->heard.full);
	return 0;
}

static inline struct wire scripted_wire(struct scripted *server)
{
	struct wire wire = { scripted_read, scripted_write, NULL, server };

	return wire;
}

/* The play ended, and the client said nothing else. */
static inline void scripted_assert_over(struct scripted *server)
{
	if (server->said == 0)
		scripted_listen(server);
	assert_false(server->failed);
	assert_int_equal(server->play[server->at].what, PLAY_OVER);
	assert_int_equal(server->checked, server->heard.len);
}

#endif

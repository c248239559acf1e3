/* prepare_scene.h - one message prepared for one set of accounts */
#ifndef MAILSEAL_TESTS_FLOW_PREPARE_SCENE_H
#define MAILSEAL_TESTS_FLOW_PREPARE_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/stream.h"
#include "agent/base/value.h"
#include "agent/desk/queue_file.h"
#include "agent/flow/account.h"
#include "agent/flow/prepare.h"

struct scene {
	struct arena *arena;
	struct accounts accounts;
	struct prepare_question question;
	struct prepare_answer answer;
	const char *name;		/* of the error */
	struct buf why;
	int fd;
	struct queue_file file;
	struct buf mail;
};

/* `addresses`: separated by blanks. */
static inline void scene_account(struct scene *scene, struct value *list,
				 const char *name, const char *addresses)
{
	struct value *dict = value_put_dict(scene->arena, list, NULL);
	struct value *all = value_put_list(scene->arena, dict, "addresses");
	struct bytes rest = bytes_of(addresses), one;

	value_put_text(scene->arena, dict, "name", name);
	while (rest.len > 0) {
		(void)bytes_cut(rest, ' ', &one, &rest);
		value_put_text(scene->arena, all, NULL,
			       arena_text(scene->arena, one));
	}
	value_put_text(scene->arena, dict, "host", "mail.example.org");
	value_put_number(scene->arena, dict, "port", 465);
	value_put_number(scene->arena, dict, "encrypt",
			 strcmp(name, "sealed") == 0 ? 2 : 0);
}

static inline void scene_open(struct scene *scene)
{
	struct value *settings, *list;

	memset(scene, 0, sizeof(*scene));
	scene->arena = arena_new(PREPARE_ARENA_MAX);
	assert_non_null(scene->arena);
	settings = value_dict(scene->arena);
	list = value_put_list(scene->arena, settings, "accounts");
	scene_account(scene, list, "home", "alice@example.org a@example.org");
	scene_account(scene, list, "work", "alice@work.example");
	scene_account(scene, list, "sealed", "alice@sealed.example");
	assert_int_equal(accounts_read(scene->arena, settings,
				       &scene->accounts), 0);
	scene->question.sender = "";
	scene->question.id = "0123abcd";
	scene->question.created = 1000000000;
	scene->question.order = 7;
	buf_init(&scene->why, 4096);
	buf_init(&scene->mail, 64 * 1024 * 1024);
	scene->fd = -1;
}

static inline void scene_mail_read(struct scene *scene)
{
	struct queue_mail_reader reader;
	struct sink sink = sink_of_buf(&scene->mail);
	struct source source;

	assert_int_equal(queue_file_read(scene->arena, scene->fd,
					 &scene->file), 0);
	source = queue_mail_source(&reader, scene->fd, 0,
				   scene->file.mail_size);
	assert_int_equal(stream_copy(&source, &sink), 0);
}

static inline int scene_prepare(struct scene *scene, struct bytes message,
				const char *recipients)
{
	char name[] = "/tmp/mailseal-prepare-XXXXXX";
	struct memfile file;
	int fd = memfile_make("message", message), r;

	scene->question.recipients = bytes_of(recipients);
	assert_true(fd >= 0);
	assert_int_equal(memfile_open(fd, 1 << 20, &file), 0);
	scene->fd = mkstemp(name);
	assert_true(scene->fd >= 0);
	(void)unlink(name);
	r = prepare_mail(scene->arena, &scene->accounts, &scene->question,
			 &file, scene->fd, &scene->answer, &scene->name,
			 &scene->why);
	memfile_close(&file);
	if (r == 0)
		scene_mail_read(scene);
	else
		assert_true(scene->why.len > 0);
	return r;
}

static inline void scene_close(struct scene *scene)
{
	if (scene->fd >= 0)
		(void)close(scene->fd);
	buf_free(&scene->why);
	buf_free(&scene->mail);
	arena_free(scene->arena);
}

/* The recipients, separated by blanks. */
static inline const char *scene_recipients(struct scene *scene)
{
	struct buf text;
	const char *out;
	size_t i;

	buf_init(&text, 4096);
	for (i = 0; i < scene->file.job.recipient_count; i++)
		buf_print(&text, "%s%s", i == 0 ? "" : " ",
			  scene->file.job.recipients[i].address);
	out = arena_text(scene->arena, buf_bytes(&text));
	buf_free(&text);
	return out;
}

#endif

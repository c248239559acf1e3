/* front_stage.h - a front with calls in hand, and roles that say what we like
 *
 * No bus, no processes: each role is the other end of a channel that nobody
 * reads for long, and answers to callers are counted.  Answering a call twice
 * is a use after free. */
#ifndef MAILSEAL_TEST_FRONT_STAGE_H
#define MAILSEAL_TEST_FRONT_STAGE_H

#include <dbus/dbus.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/channel.h"
#include "agent/base/config.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/bus/caller.h"
#include "agent/bus/connection.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/front.h"
#include "agent/roles/front/keys/keys.h"
#include "agent/store/store.h"

struct stage {
	struct front front;
	struct caller *callers;
	uint32_t next_caller;
	int peers[CHILD_KINDS];		/* what the roles would read */
	unsigned answered, failed, signals;
	char failure[64];		/* the name of the last one */
	char folder[64];
};

static struct stage stage;

/* --- what the bus would do */

void connection_send(struct service *service, DBusMessage *reply)
{
	(void)service;
	(void)reply;
}

void connection_refuse(struct service *service, DBusMessage *message,
		       const char *name, const char *sentence)
{
	(void)service;
	(void)message;
	(void)name;
	(void)sentence;
}

uint32_t service_caller(const struct service_call *call)
{
	return call->caller->number;
}

void service_answer(struct service_call *call, const struct value *value)
{
	(void)value;
	stage.answered++;
	caller_drop(call);
}

void service_answer_wire(struct service_call *call, enum service_shape shape,
			 const struct bytes *dicts, size_t count)
{
	(void)shape;
	(void)dicts;
	(void)count;
	stage.answered++;
	caller_drop(call);
}

void service_reply(struct service_call *call, const struct value *values,
		   const int *fds, size_t fd_count)
{
	(void)values;
	(void)fds;
	(void)fd_count;
	stage.answered++;
	caller_drop(call);
}

void service_fail(struct service_call *call, const char *name,
		  const char *sentence)
{
	if (strchr(name, '.') != NULL || sentence[0] == 0)
		abort();
	(void)snprintf(stage.failure, sizeof(stage.failure), "%s", name);
	stage.failed++;
	caller_drop(call);
}

void service_signal(struct service *service, const char *interface,
		    const char *name, const struct value *values)
{
	(void)service;
	(void)interface;
	(void)name;
	(void)values;
	stage.signals++;
}

/* --- the stage */

static inline void stage_tidy(void)
{
	DIR *folder = opendir(stage.folder);
	const struct dirent *entry;
	char path[400];

	front_keys_free(&stage.front);
	front_loop_free(&stage.front);
	store_free(stage.front.store);
	stage.front.store = NULL;
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		(void)snprintf(path, sizeof(path), "%s/%s", stage.folder,
			       entry->d_name);
		(void)remove(path);
	}
	if (folder != NULL)
		(void)closedir(folder);
	(void)rmdir(stage.folder);
}

static inline void stage_open(void)
{
	int kind, ends[2];

	memset(&stage.front, 0, sizeof(stage.front));
	(void)snprintf(stage.folder, sizeof(stage.folder),
		       "/tmp/mailseal-stage.XXXXXX");
	if (mkdtemp(stage.folder) == NULL)
		abort();
	stage.front.store = store_open(stage.folder);
	(void)atexit(stage_tidy);
	(void)setenv("XDG_DATA_HOME", stage.folder, 1);
	(void)setenv("XDG_STATE_HOME", stage.folder, 1);
	(void)setenv("XDG_CONFIG_HOME", stage.folder, 1);
	stage.front.config = config_default();
	if (front_keys_open(&stage.front) < 0)
		abort();
	for (kind = 0; kind < CHILD_KINDS; kind++) {
		if (channel_pair(ends) < 0)
			abort();
		stage.front.children[kind].fd = ends[0];
		stage.front.children[kind].life = 1;
		stage.front.children[kind].ready = true;
		stage.peers[kind] = ends[1];
	}
}

/* Nothing in hand, numbers from 1 on. */
static inline void stage_clear(void)
{
	char room[CHANNEL_FRAME_MAX];
	struct frame frame;
	int kind;

	errands_free(&stage.front);
	while (stage.callers != NULL) {
		while (stage.callers->calls != NULL)
			caller_drop(stage.callers->calls);
		caller_remove(&stage.callers, stage.callers);
	}
	for (kind = 0; kind < CHILD_KINDS; kind++)
		while (channel_receive(stage.peers[kind], room, &frame) > 0)
			frame_close(&frame);
	stage.front.next_id = 1;
	stage.next_caller = 1;
	stage.answered = stage.failed = stage.signals = 0;
	stage.failure[0] = 0;
}

static inline const struct service_method *
stage_method(const char *interface, const char *name)
{
	const struct service_method *const *table, *row;

	for (table = front_methods; *table != NULL; table++)
		for (row = *table; row->name != NULL; row++)
			if (strstr(row->interface, interface) != NULL &&
			    strcmp(row->name, name) == 0)
				return row;
	abort();
}

/* Calls it, with a text, a number, some messages and no option. */
static inline void stage_call(const char *interface, const char *name,
			      size_t messages)
{
	const struct service_method *method = stage_method(interface, name);
	struct caller *caller = caller_of(&stage.callers, ":1.1",
					  &stage.next_caller);
	struct service_call *call = caller_add(caller);
	struct arena *arena = arena_new(65536);
	struct service_args args;
	size_t i;

	if (call == NULL || arena == NULL)
		abort();
	call->method = method;
	memset(&args, 0, sizeof(args));
	args.values = value_put_list(arena, value_dict(arena), "values");
	value_put_text(arena, args.values, NULL,
		       strcmp(interface, "Contacts1") == 0 ?
		       " alice@example.org" : "example.org");
	value_put_number(arena, args.values, NULL, 0);
	args.options = value_dict(arena);
	for (i = 0; i < messages; i++)
		args.fds[args.fd_count++] = memfile_make("message",
			bytes_of("From: a@example.org\n\nx\n"));
	method->serve(&stage.front, call, &args);
	for (i = 0; i < args.fd_count; i++)
		if (args.fds[i] >= 0)
			(void)close(args.fds[i]);
	arena_free(arena);
}

/* What a role says; with a file, as many times as `files`.  False: it would be
 * hung up on. */
static inline bool stage_say(enum child_kind who, unsigned type, uint32_t id,
			     struct bytes payload, size_t files)
{
	struct frame frame;
	size_t i;
	bool may;

	memset(&frame, 0, sizeof(frame));
	frame.type = (uint8_t)type;
	frame.id = id;
	frame.payload = payload;
	for (i = 0; i < files && i < CHANNEL_FDS_MAX; i++)
		frame.fds[frame.fd_count++] = memfile_make("said", payload);
	may = front_hear(&stage.front, who, &frame);
	frame_close(&frame);
	return may;
}

#endif

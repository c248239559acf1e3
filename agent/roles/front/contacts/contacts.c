/* contacts.c - org.mailseal.Contacts1: added, removed, asked for
 *
 * The reader brings addresses into their one form and reads the books; the
 * store keeps what stands in none. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/clock.h"
#include "agent/base/config.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/bus/service.h"
#include "agent/contacts/contacts.h"
#include "agent/roles/front/errand.h"
#include "agent/roles/front/front.h"
#include "agent/store/learned.h"

#define CONTACTS	"org.mailseal.Contacts1"
#define ASK_ARENA	(64 * 1024)
#define ASK_MS		5000
#define IMPORT_MS	30000
#define BY_USER		"user"
#define BY_WRITING	"written-to"

/* --- what changes them */

static void contacts_changed(struct front *front)
{
	memory_wrote(front);
	books_send(front);
	service_signal(front->service, CONTACTS, "Changed", NULL);
}

/* 0, or an error with its sentence. */
static int contact_put(struct front *front, const char *address,
		       const char *name, const char *source,
		       const char **sentence)
{
	const struct learned learned = { address, name, source,
					 clock_wall() };
	int r = front->store == NULL ? ERR_IO :
		learned_put(front->store, &learned);

	*sentence = "The contact could not be written; mailseal status says "
		    "what is wrong with the store.";
	if (r == ERR_LIMIT)
		*sentence = "There are too many contacts that stand in no "
			    "address book; remove some, or keep them in a "
			    "book.";
	else if (r == ERR_SYNTAX)
		*sentence = "The name is too long, or no UTF-8.";
	return r;
}

/* A question to the reader: the address's one form, and what then. */
struct asked {
	void (*then)(struct front *front, struct service_call *call,
		     const struct value *report, const char *name);
	char *address;			/* as it was asked for */
	char *name;			/* NULL: none */
};

static void asked_free(struct asked *asked)
{
	free(asked->address);
	free(asked->name);
	free(asked);
}

/* Whether the reader's form of an address can be one of that: of one without
 * quotes, comments and anything beside ASCII, its case alone may differ. */
static bool is_form_of(const char *form, const char *asked)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789"
		"!#$%&'*+/=?^_`{|}~.-@";
	struct bytes text = bytes_trim(bytes_of(asked));
	size_t i;

	for (i = 0; i < text.len; i++)
		if (strchr(plain, text.data[i]) == NULL)
			return true;
	return form == NULL || bytes_is_nocase(text, form);
}

static void asked_done(struct front *front, struct errand *errand,
		       const struct value *report, struct frame *frame)
{
	struct asked *asked = errand->ctx;

	(void)frame;
	if (is_form_of(value_text(report, "address"), asked->address))
		asked->then(front, errand->call, report, asked->name);
	else if (errand->call != NULL)
		service_fail(errand->call, "Failed", "The reader answered "
			     "with another address than it was asked for; "
			     "nothing was written.");
	asked_free(asked);
}

static void asked_failed(struct front *front, struct errand *errand,
			 const char *name, const char *sentence)
{
	(void)front;
	if (errand->call != NULL)
		service_fail(errand->call, name, sentence);
	asked_free(errand->ctx);
}

static const struct errand_kind asked_kind = {
	"read an address", asked_done, asked_failed
};

static void ask(struct front *front, struct service_call *call,
		const char *address, const char *name, const char *beside,
		void (*then)(struct front *front, struct service_call *call,
			     const struct value *report, const char *name))
{
	struct arena *arena = arena_new(ASK_ARENA);
	struct asked *asked = calloc(1, sizeof(*asked));
	struct errand errand = {
		.kind = &asked_kind, .role = CHILD_READER, .call = call,
		.deadline = clock_now_ms() + ASK_MS, .message = -1,
		.ctx = asked
	};
	struct value *question;

	if (asked != NULL)
		asked->address = strdup(address);
	if (arena == NULL || asked == NULL || asked->address == NULL) {
		if (call != NULL)
			service_fail(call, "Failed", "out of memory");
		if (asked != NULL)
			asked_free(asked);
		arena_free(arena);
		return;
	}
	asked->then = then;
	asked->name = name == NULL ? NULL : strdup(name);
	question = value_dict(arena);
	value_put_text(arena, question, "address", address);
	value_put_text(arena, question, "beside", beside);
	(void)errand_start(front, &errand, FRAME_KNOWN, question, NULL, 0);
	arena_free(arena);
}

static void add_then(struct front *front, struct service_call *call,
		     const struct value *report, const char *name)
{
	const char *address = value_text(report, "address");
	const char *sentence = "The address could not be read.";
	int r = ERR_SYNTAX;

	if (address != NULL)
		r = contact_put(front, address, name == NULL ? "" : name,
				BY_USER, &sentence);
	if (r == 0)
		contacts_changed(front);
	if (call == NULL)
		return;
	if (r < 0)
		service_fail(call, r == ERR_SYNTAX ? "InvalidArgument" :
			     "Failed", sentence);
	else
		service_reply(call, NULL, NULL, 0);
}

static void on_add(void *ctx, struct service_call *call,
		   struct service_args *args)
{
	ask(ctx, call, service_args_text(args, 0), service_args_text(args, 1),
	    NULL, add_then);
}

void contacts_trust(struct front *front, const char *address)
{
	ask(front, NULL, address, NULL, NULL, add_then);
}

static void learn_then(struct front *front, struct service_call *call,
		       const struct value *report, const char *name)
{
	const struct value *known = value_find(report, "known", VALUE_TRUTH);
	const struct value *anothers = value_find(report, "anothers",
						  VALUE_TRUTH);
	const char *address = value_text(report, "address"), *sentence;

	(void)call;
	(void)name;
	/* Without contacts yet there is no "anothers". */
	if (address != NULL && known != NULL && !known->truth &&
	    anothers != NULL && !anothers->truth &&
	    contact_put(front, address, "", BY_WRITING, &sentence) == 0)
		contacts_changed(front);
}

void contacts_learn(struct front *front, const char *address,
		    const char *beside)
{
	if (front->config->learn_recipients)
		ask(front, NULL, address, NULL, beside, learn_then);
}

static void remove_then(struct front *front, struct service_call *call,
			const struct value *report, const char *name)
{
	const struct value *known = value_find(report, "known", VALUE_TRUTH);
	const char *address = value_text(report, "address");
	bool gone = front->store != NULL && address != NULL &&
		    learned_forget(front->store, address) > 0;

	(void)name;
	if (gone)
		contacts_changed(front);
	if (call == NULL)
		return;
	if (gone)
		service_reply(call, NULL, NULL, 0);
	else if (known != NULL && known->truth)
		service_fail(call, "InBook", "This contact stands in an "
			     "address book; remove it there (mailseal "
			     "contacts list tells which).");
	else
		service_fail(call, "NotKnown", "Nobody of this address is "
			     "known.");
}

static void on_remove(void *ctx, struct service_call *call,
		      struct service_args *args)
{
	ask(ctx, call, service_args_text(args, 0), NULL, NULL,
	    remove_then);
}

static void known_then(struct front *front, struct service_call *call,
		       const struct value *report, const char *name)
{
	const struct value *known = value_find(report, "known", VALUE_TRUTH);
	struct arena *arena = arena_new(ASK_ARENA);
	struct value *values, *contact;

	(void)front;
	(void)name;
	if (call == NULL || arena == NULL)
		goto out;
	values = value_put_list(arena, value_dict(arena), "values");
	value_put_truth(arena, values, NULL, known != NULL && known->truth);
	contact = value_put_dict(arena, values, NULL);
	value_put_text(arena, contact, "address",
		       value_text(report, "address"));
	value_put_text(arena, contact, "name", value_text(report, "name"));
	service_reply(call, values, NULL, 0);
out:
	arena_free(arena);
}

static void on_known(void *ctx, struct service_call *call,
		     struct service_args *args)
{
	ask(ctx, call, service_args_text(args, 0), NULL, NULL,
	    known_then);
}

/* --- Import */

struct import {
	struct front *front;
	unsigned count;
	int result;
	const char *sentence;
};

static void import_contact(void *ctx, const struct contact *contact)
{
	struct import *import = ctx;

	if (import->result == 0)
		import->result = contact_put(import->front, contact->address,
					     contact->name, BY_USER,
					     &import->sentence);
	if (import->result == 0)
		import->count++;
}

static void import_map(struct import *import, int fd)
{
	struct memfile file;

	import->result = memfile_open(fd, CONTACTS_MAP_MAX, &file);
	import->sentence = "The reader's answer was damaged; try again.";
	if (import->result < 0)
		return;
	import->result = contacts_each(file.bytes, import_contact, import) < 0
			 && import->result == 0 ? ERR_SYNTAX : import->result;
	memfile_close(&file);
}

static void import_done(struct front *front, struct errand *errand,
			const struct value *report, struct frame *frame)
{
	struct import import = { front, 0, 0, "" };
	const char *wanted = errand->ctx;
	const char *format = value_text(report, "format");
	struct arena *arena = arena_new(ASK_ARENA);
	struct value *values = NULL;

	if (arena != NULL)
		values = value_put_list(arena, value_dict(arena), "values");
	if (wanted[0] != 0 && (format == NULL ||
			       strcmp(format, wanted) != 0)) {
		import.result = ERR_SYNTAX;
		import.sentence = "The file is an address book of another "
				  "format; leave the format out.";
	} else if (frame->fd_count == 1) {
		import_map(&import, frame_take(frame, 0));
	}
	if (import.count > 0)
		contacts_changed(front);
	if (errand->call != NULL && import.result < 0)
		service_fail(errand->call, "Failed", import.sentence);
	else if (errand->call != NULL) {
		value_put_number(arena, values, NULL, import.count);
		service_reply(errand->call, values, NULL, 0);
	}
	arena_free(arena);
	free(errand->ctx);
}

static void import_failed(struct front *front, struct errand *errand,
			  const char *name, const char *sentence)
{
	char text[512];

	(void)front;
	(void)snprintf(text, sizeof(text), "The address book cannot be read: "
		       "%s.", sentence);
	if (errand->call != NULL)
		service_fail(errand->call, name, text);
	free(errand->ctx);
}

static const struct errand_kind import_kind = {
	"read an address book", import_done, import_failed
};

static void on_import(void *ctx, struct service_call *call,
		      struct service_args *args)
{
	struct errand errand = {
		.kind = &import_kind, .role = CHILD_READER, .call = call,
		.deadline = clock_now_ms() + IMPORT_MS, .message = -1,
		.ctx = strdup(service_args_text(args, 0))
	};

	if (errand.ctx == NULL) {
		service_fail(call, "Failed", "out of memory");
		return;
	}
	(void)errand_start(ctx, &errand, FRAME_PARSE, NULL, args->fds, 1);
}

const struct service_method front_contacts_methods[] = {
	{ CONTACTS, "List", NULL, contacts_list },
	{ CONTACTS, "Add", NULL, on_add },
	{ CONTACTS, "Remove", NULL, on_remove },
	{ CONTACTS, "Import", NULL, on_import },
	{ CONTACTS, "Known", NULL, on_known },
	{ NULL, NULL, NULL, NULL }
};

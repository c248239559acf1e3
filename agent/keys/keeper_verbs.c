/* keeper_verbs.c - what the front may say, and who answers */
#include <string.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/channel.h"
#include "agent/base/err.h"
#include "agent/base/value.h"
#include "agent/keys/keeper_inside.h"

#define ARGS_ARENA	(256 * 1024)

void keeper_hex(const uint8_t *bytes, size_t len, char *to)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < len; i++) {
		to[2 * i] = digits[bytes[i] >> 4];
		to[2 * i + 1] = digits[bytes[i] & 15];
	}
	to[2 * len] = '\0';
}

bool keeper_key_of(const struct value *args, uint8_t key[KEYS_ID_SIZE])
{
	const char *text = value_text(args, "key");
	char again[KEEPER_HEX_SIZE];
	size_t i;

	if (text == NULL || strlen(text) != 2 * KEYS_ID_SIZE)
		return false;
	for (i = 0; i < 2 * KEYS_ID_SIZE; i++) {
		unsigned char c = (unsigned char)text[i];
		uint8_t half = byte_is_digit(c) ? (uint8_t)(c - '0') :
						  (uint8_t)(c - 'a' + 10);

		if (i % 2 == 0)
			key[i / 2] = (uint8_t)(half << 4);
		else
			key[i / 2] |= half & 15;
	}
	keeper_hex(key, KEYS_ID_SIZE, again);
	return strcmp(again, text) == 0;
}

static int64_t milliseconds(const struct value *args, const char *key)
{
	const struct value *seconds = value_find(args, key, VALUE_NUMBER);

	/* A century is never. */
	if (seconds == NULL || seconds->number <= 0 ||
	    seconds->number > 3200000000)
		return 0;
	return seconds->number * 1000;
}

static void serve_hello(struct keeper *keeper, struct frame *frame,
			const struct value *args)
{
	const struct value *confirm = value_find(args, "confirm", VALUE_TRUTH);
	struct vault_rules rules;

	(void)frame;
	rules.idle_ms = milliseconds(args, "idle_lock");
	rules.life_ms = milliseconds(args, "life_time");
	rules.confirm = confirm != NULL && confirm->truth;
	vault_rule(keeper->vault, &rules);
}

/* A channel of an asker; one too many is hung up on. */
static void serve_client(struct keeper *keeper, struct frame *frame,
			 const struct value *args)
{
	size_t i;

	(void)args;
	for (i = 0; i < KEEPER_ASKERS_MAX; i++)
		if (keeper->askers[i] < 0) {
			keeper->askers[i] = frame_take(frame, 0);
			return;
		}
}

static void report_nothing(struct keeper *keeper, uint32_t id)
{
	struct arena *arena = arena_new(4096);

	if (arena != NULL)
		keeper->answers->report(id, value_dict(arena), NULL, 0);
	arena_free(arena);
}

/* The encrypted key out of its file. */
static int file_read(int fd, struct keyfile *file)
{
	static unsigned char text[KEYFILE_MAX + 1];
	size_t len = 0;
	ssize_t got = 1;

	while (got > 0 && len < sizeof(text)) {
		got = pread(fd, text + len, sizeof(text) - len, (off_t)len);
		if (got < 0)
			return ERR_IO;
		len += (size_t)got;
	}
	return keyfile_read((struct bytes){ text, len }, file);
}

static void serve_load(struct keeper *keeper, struct frame *frame,
		       const struct value *args)
{
	struct keyfile file = { NULL, 0 };
	uint8_t key[KEYS_ID_SIZE];
	int r = ERR_SYNTAX;

	if (keeper_key_of(args, key))
		r = file_read(frame->fds[0], &file);
	if (r == 0)
		r = vault_add(keeper->vault, key, &file);
	keyfile_free(&file);		/* empty when it was handed over */
	if (r == 0)
		report_nothing(keeper, frame->id);
	else if (r == ERR_UNSUPPORTED)
		keeper->answers->fail(frame->id, "KeyNotEncrypted",
				      "The key's file is not encrypted; import "
				      "it with \"mailseal keys import\", which "
				      "encrypts it.");
	else if (r == ERR_LIMIT)
		keeper->answers->fail(frame->id, "TooMany",
				      "There are too many keys; remove some.");
	else
		keeper->answers->fail(frame->id, "KeyDamaged",
				      "The key's file is damaged; put it back "
				      "from a backup, or import the key "
				      "again.");
}

static void serve_lock(struct keeper *keeper, struct frame *frame,
		       const struct value *args)
{
	(void)args;
	/* A dialogue that would unlock one ends too. */
	if (keeper->job.kind != JOB_NONE)
		job_fail(keeper, "Cancelled", "The keys were locked "
			 "meanwhile.");
	vault_lock_all(keeper->vault);
	report_nothing(keeper, frame->id);
}

static void serve_remove(struct keeper *keeper, struct frame *frame,
			 const struct value *args)
{
	uint8_t key[KEYS_ID_SIZE];

	if (keeper_key_of(args, key))
		vault_remove(keeper->vault, key);
	report_nothing(keeper, frame->id);
}

static void describe(const struct vault_key *key, struct arena *arena,
		     struct value *list)
{
	struct value *dict = value_put_dict(arena, list, NULL);
	char hex[KEEPER_HEX_SIZE];

	keeper_hex(key->id, KEYS_ID_SIZE, hex);
	value_put_text(arena, dict, "key", hex);
	value_put_truth(arena, dict, "unlocked", key->key != NULL);
	value_put_number(arena, dict, "usage", key->usage);
	value_put_number(arena, dict, "signatures", (int64_t)key->signatures);
	value_put_number(arena, dict, "openings", (int64_t)key->openings);
	value_put_number(arena, dict, "failures", key->failures);
	value_put_number(arena, dict, "last_use", key->last_use);
}

static void serve_list(struct keeper *keeper, struct frame *frame,
		       const struct value *args)
{
	struct arena *arena = arena_new(ARGS_ARENA);
	struct value *report, *list;
	struct vault_key *key;
	size_t i;

	(void)args;
	if (arena == NULL)
		return;
	report = value_dict(arena);
	list = value_put_list(arena, report, "keys");
	for (i = 0; (key = vault_nth(keeper->vault, i)) != NULL; i++)
		describe(key, arena, list);
	keeper->answers->report(frame->id, report, NULL, 0);
	arena_free(arena);
}

static void serve_cancel(struct keeper *keeper, struct frame *frame,
			 const struct value *args)
{
	(void)args;
	if (keeper->job.kind != JOB_NONE && keeper->job.id == frame->id)
		job_drop(keeper);
}

static const struct verb {
	enum channel_type type;
	size_t fds;
	void (*serve)(struct keeper *keeper, struct frame *frame,
		      const struct value *args);
} verbs[] = {
	{ FRAME_HELLO, 0, serve_hello },
	{ FRAME_CLIENT, 1, serve_client },
	{ FRAME_CANCEL, 0, serve_cancel },
	{ FRAME_KEY_LOAD, 1, serve_load },
	{ FRAME_KEY_LOCK, 0, serve_lock },
	{ FRAME_KEY_REMOVE, 0, serve_remove },
	{ FRAME_KEY_LIST, 0, serve_list },
	{ FRAME_KEY_UNLOCK, 1, job_unlock },
	{ FRAME_KEY_ALLOW, 1, job_allow },
	{ FRAME_KEY_GENERATE, 2, job_generate },
	{ FRAME_KEY_ADOPT, 3, job_adopt },
};

int keeper_serve(struct keeper *keeper, struct frame *frame)
{
	struct arena *arena = arena_new(ARGS_ARENA);
	struct value *args = NULL;
	size_t i;
	int r = ERR_PROTOCOL;

	if (arena == NULL)
		return ERR_MEMORY;
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (verbs[i].type == frame->type &&
		    verbs[i].fds == frame->fd_count)
			break;
	if (i < sizeof(verbs) / sizeof(verbs[0]))
		r = 0;
	if (r == 0 && frame->payload.len > 0)
		r = value_decode(arena, frame->payload, &args);
	if (r == 0)
		verbs[i].serve(keeper, frame, args);
	arena_free(arena);
	return r;
}

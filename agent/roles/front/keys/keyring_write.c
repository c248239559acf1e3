/* keyring_write.c - writing and removing key files; certificates */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/base/value.h"
#include "agent/keys/own.h"
#include "agent/roles/front/keys/keyring.h"

#define CERTIFICATE_FILE_MAX	(256 * 1024)
#define HEAD_MAX		16384		/* bytes of lines before */
#define LINE_START		"Mailseal-"

/* The words of a certificate that are kept beside it; lists of texts, texts
 * and numbers, as the clerk reports them. */
static const struct {
	const char *line, *key;
	enum value_kind kind;
} facts_kept[] = {
	{ "Certificate", "certificate", VALUE_TEXT },
	{ "Address", "addresses", VALUE_LIST },
	{ "Name", "name", VALUE_TEXT },
	{ "Issuer", "issuer", VALUE_TEXT },
	{ "Algorithm", "algorithm", VALUE_TEXT },
	{ "Bits", "bits", VALUE_NUMBER },
	{ "From", "from", VALUE_NUMBER },
	{ "Until", "until", VALUE_NUMBER },
	{ "Self-Signed", "self_signed", VALUE_TRUTH },
	{ "Usage", "usage", VALUE_LIST },
};
#define FACTS (sizeof(facts_kept) / sizeof(facts_kept[0]))

static int folder_make(const struct keyring *ring)
{
	char path[PATH_MAX];
	char *slash;

	(void)snprintf(path, sizeof(path), "%s", ring->folder);
	for (slash = strchr(path + 1, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			return ERR_IO;
		*slash = '/';
	}
	return mkdir(path, 0700) < 0 && errno != EEXIST ? ERR_IO : 0;
}

int keyring_new(const struct keyring *ring, char path[PATH_MAX])
{
	int fd;

	if (ring->folder[0] == '\0') {
		errno = ENOENT;
		return ERR_IO;
	}
	if (folder_make(ring) < 0)
		return ERR_IO;
	(void)snprintf(path, PATH_MAX, "%s/.new-XXXXXX", ring->folder);
	fd = mkostemp(path, O_CLOEXEC);		/* mode 600 */
	return fd < 0 ? ERR_IO : fd;
}

static int folder_sync(const struct keyring *ring)
{
	int fd = open(ring->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = fd < 0 || fsync(fd) < 0 ? ERR_IO : 0;

	if (fd >= 0)
		(void)close(fd);
	return r;
}

static int keep_as(const struct keyring *ring, int fd, const char *path,
		   const char *name, const char *suffix)
{
	char to[PATH_MAX];

	(void)snprintf(to, sizeof(to), "%s/%.64s%s", ring->folder, name,
		       suffix);
	if (fsync(fd) < 0 || rename(path, to) < 0)
		return ERR_IO;
	return folder_sync(ring);
}

int keyring_keep(const struct keyring *ring, int fd, const char *path,
		 const char *name)
{
	return keep_as(ring, fd, path, name, ".key");
}

static void line_put(struct buf *to, const char *name, const char *text)
{
	size_t i;

	buf_print(to, LINE_START "%s: ", name);
	for (i = 0; text[i] != '\0'; i++)
		buf_byte(to, (unsigned char)text[i] < 32 ? '?' :
			     (unsigned char)text[i]);
	buf_byte(to, '\n');
}

static void facts_put(struct buf *to, const struct value *facts)
{
	const struct value *found, *member;
	char number[32];
	size_t i;

	for (i = 0; i < FACTS; i++) {
		found = value_find(facts, facts_kept[i].key,
				   facts_kept[i].kind);
		if (found == NULL)
			continue;
		switch (facts_kept[i].kind) {
		case VALUE_TEXT:
			line_put(to, facts_kept[i].line, found->text);
			break;
		case VALUE_LIST:
			for (member = found->first; member != NULL;
			     member = member->next)
				if (member->kind == VALUE_TEXT)
					line_put(to, facts_kept[i].line,
						 member->text);
			break;
		case VALUE_NUMBER:
		case VALUE_TRUTH:
		case VALUE_DICT:
		default:
			(void)snprintf(number, sizeof(number), "%lld",
				       facts_kept[i].kind == VALUE_TRUTH ?
				       (long long)found->truth :
				       (long long)found->number);
			line_put(to, facts_kept[i].line, number);
			break;
		}
	}
}

int keyring_certify(const struct keyring *ring, const char *name,
		    const struct value *facts, struct bytes pem)
{
	char path[PATH_MAX];
	struct buf text;
	ssize_t wrote;
	int fd, r;

	buf_init(&text, CERTIFICATE_FILE_MAX);
	buf_text(&text, OWN_KEY_LINE);
	buf_text(&text, name);
	buf_byte(&text, '\n');
	facts_put(&text, facts);
	buf_add(&text, pem);
	fd = keyring_new(ring, path);
	r = fd < 0 ? ERR_IO : 0;
	if (r == 0) {
		wrote = write(fd, text.data, text.len);
		if (text.full || wrote != (ssize_t)text.len)
			r = ERR_IO;
	}
	if (r == 0)
		r = keep_as(ring, fd, path, name, ".crt");
	if (fd >= 0 && r < 0)
		(void)unlink(path);
	if (fd >= 0)
		(void)close(fd);
	buf_free(&text);
	return r;
}

/* Reads a certificate's file, whole or its beginning.  Bytes; ERR_IO. */
static ssize_t file_read(const struct keyring *ring, const char *name,
			 unsigned char *room, size_t size)
{
	char path[PATH_MAX];
	ssize_t got;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%.64s.crt", ring->folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return ERR_IO;
	got = read(fd, room, size);
	(void)close(fd);
	return got < 0 ? ERR_IO : got;
}

static void fact_take(struct arena *arena, struct value *dict, size_t nth,
		      struct bytes text, struct value *lists[FACTS])
{
	const char *key = facts_kept[nth].key;
	const char *copy = arena_text(arena, text);
	long long number;

	if (copy == NULL)
		return;
	switch (facts_kept[nth].kind) {
	case VALUE_TEXT:
		value_put_text(arena, dict, key, copy);
		break;
	case VALUE_LIST:
		if (lists[nth] == NULL)
			lists[nth] = value_put_list(arena, dict, key);
		value_put_text(arena, lists[nth], NULL, copy);
		break;
	case VALUE_NUMBER:
	case VALUE_TRUTH:
	case VALUE_DICT:
	default:
		number = bytes_number(text);
		if (number >= 0 && facts_kept[nth].kind == VALUE_TRUTH)
			value_put_truth(arena, dict, key, number == 1);
		else if (number >= 0)
			value_put_number(arena, dict, key, number);
		break;
	}
}

bool keyring_facts(const struct keyring *ring, const char *name,
		   struct arena *arena, struct value *dict)
{
	struct value *lists[FACTS] = { NULL };
	unsigned char room[HEAD_MAX];
	ssize_t got = file_read(ring, name, room, sizeof(room));
	struct bytes rest, line, key, value;
	size_t i;

	if (got < 0)
		return false;
	rest = (struct bytes){ room, (size_t)got };
	while (rest.len > 0) {
		(void)bytes_cut(rest, '\n', &line, &rest);
		if (bytes_starts(line, "-----"))
			break;
		if (!bytes_starts(line, LINE_START))
			continue;
		line = bytes_slice(line, sizeof(LINE_START) - 1, line.len);
		(void)bytes_cut(line, ':', &key, &value);
		for (i = 0; i < FACTS; i++)
			if (bytes_is(key, facts_kept[i].line))
				fact_take(arena, dict, i, bytes_trim(value),
					  lists);
	}
	return true;
}

int keyring_own(const struct keyring *ring)
{
	unsigned char *room = malloc(CERTIFICATE_FILE_MAX);
	char names[KEYRING_MAX][KEYRING_NAME];
	size_t count = keyring_names(ring, names), i;
	struct buf text;
	ssize_t got;
	int fd = ERR_IO;

	buf_init(&text, OWN_TEXT_MAX);
	for (i = 0; room != NULL && i < count; i++) {
		got = file_read(ring, names[i], room, CERTIFICATE_FILE_MAX);
		if (got <= 0 || (size_t)got > text.max - text.len - 128)
			continue;
		buf_text(&text, OWN_KEY_LINE);
		buf_text(&text, names[i]);
		buf_byte(&text, '\n');
		/* Its own such line says the same, and is read as a key
		 * without a certificate. */
		buf_add(&text, (struct bytes){ room, (size_t)got });
		buf_byte(&text, '\n');
	}
	if (room != NULL)
		fd = memfile_make("certificates", buf_bytes(&text));
	buf_free(&text);
	free(room);
	return fd;
}

bool keyring_remove(const struct keyring *ring, const char *name)
{
	static const char *const suffixes[] = { ".key", ".crt" };
	char path[PATH_MAX];
	bool removed = false;
	size_t i;

	for (i = 0; i < 2; i++) {
		(void)snprintf(path, sizeof(path), "%s/%.64s%s", ring->folder,
			       name, suffixes[i]);
		if (unlink(path) == 0)
			removed = true;
	}
	(void)folder_sync(ring);
	return removed;
}

/* identity.c - one pass of SHA-256 with line ends made CRLF */
#include "agent/flow/identity.h"

#include <openssl/evp.h>
#include <stdint.h>

#include "agent/auth/dkim_hash.h"
#include "agent/base/err.h"
#include "agent/base/memfile.h"
#include "agent/mail/canon.h"
#include "agent/mail/canon_lf.h"
#include "agent/mail/message.h"

#define OWN_FIELD	"X-Mailseal-"
#define OLD_FIELD	"X-Old-Mailseal-"	/* what a filter made of one */
#define OWN_DIGITS	16

#define STAGE_SIZE	4096	/* lines are put together: a hash of many short
				 * pieces takes longer than of one */

#define STAGE_LEFT	512	/* less room than that is not begun with */

struct hash {
	EVP_MD_CTX *context;
	bool had_cr;		/* the last byte was a CR */
	bool failed;
	size_t staged;
	unsigned char stage[STAGE_SIZE];
};

static void hash_now(struct hash *hash, struct bytes bytes)
{
	if (bytes.len > 0 &&
	    EVP_DigestUpdate(hash->context, bytes.data, bytes.len) != 1)
		hash->failed = true;
}

static void stage_out(struct hash *hash)
{
	struct bytes staged = { hash->stage, hash->staged };

	hash_now(hash, staged);
	hash->staged = 0;
}

static void hash_bytes(struct hash *hash, struct bytes bytes)
{
	if (bytes.len > STAGE_SIZE - hash->staged)
		stage_out(hash);
	if (bytes.len > STAGE_SIZE) {
		hash_now(hash, bytes);
	} else if (bytes.len > 0) {
		memcpy(hash->stage + hash->staged, bytes.data, bytes.len);
		hash->staged += bytes.len;
	}
}

static void hash_line_end(struct hash *hash)
{
	hash_bytes(hash, bytes_of("\r\n"));
}

/* Lines that end with LF alone, as far as they go; where the rest begins. */
static size_t hash_lines(struct hash *hash, struct bytes text)
{
	size_t at = 0, before;
	bool in_line = false;

	do {
		before = at;
		if (STAGE_SIZE - hash->staged < STAGE_LEFT)
			stage_out(hash);
		hash->staged += canon_lf_copy(text, &at, CANON_SIMPLE,
					      hash->stage + hash->staged,
					      STAGE_SIZE - hash->staged,
					      &in_line);
		if (!in_line && at < text.len && text.data[at] == '\n') {
			hash_line_end(hash);
			at++;
		}
	} while (at > before);
	return at;
}

/* What ends with CRLF goes in as it is, in long runs. */
static void hash_text(struct hash *hash, struct bytes text)
{
	size_t from = 0, at;

	if (text.len == 0)
		return;
	if (!hash->had_cr && canon_lf_is(text))
		text = bytes_slice(text, hash_lines(hash, text), text.len);
	if (text.len == 0)
		return;
	if (text.data[0] == '\n' && !hash->had_cr) {
		hash_line_end(hash);
		from = 1;
	}
	for (at = 0; (at = canon_bare_lf(text, at)) < text.len;) {
		hash_bytes(hash, bytes_slice(text, from, at));
		hash_line_end(hash);
		from = at + 1;
	}
	hash_bytes(hash, bytes_slice(text, from, text.len));
	hash->had_cr = text.data[text.len - 1] == '\r';
}

/* As the filter writes it: no line of it, and no part of a line, could be
 * taken for another field.  Else it counts, as an id stands for what is
 * seen. */
static bool is_plain(struct bytes field)
{
	struct bytes line;
	size_t colon, i;
	bool first = true;

	while (field.len > 0) {
		(void)bytes_cut(field, '\n', &line, &field);
		if (field.len > 0 && line.len > 0 &&
		    line.data[line.len - 1] == '\r')
			line.len--;
		for (i = 0; i < line.len; i++)
			if ((line.data[i] < 32 && line.data[i] != '\t') ||
			    line.data[i] > 126)
				return false;
		colon = bytes_find(line, ':');
		if (!first && colon < line.len &&
		    colon < bytes_find(line, '='))
			return false;
		first = false;
	}
	return true;
}

static bool is_own(const struct field *field)
{
	struct bytes digits;
	size_t i, len;

	if (bytes_starts_nocase(field->name, OWN_FIELD))
		len = strlen(OWN_FIELD);
	else if (bytes_starts_nocase(field->name, OLD_FIELD))
		len = strlen(OLD_FIELD);
	else
		return false;
	digits = bytes_slice(field->name, len, field->name.len);
	if (digits.len != OWN_DIGITS)
		return false;
	for (i = 0; i < digits.len; i++)
		if (strchr("0123456789abcdefABCDEF", digits.data[i]) == NULL)
			return false;
	return is_plain(field->whole);
}

/* The header without our own fields, the empty line with it. */
static void hash_head(struct hash *hash, const struct message *message)
{
	const unsigned char *from = message->raw.data;
	const unsigned char *end = message->body.data;
	const struct field *field;
	struct bytes part;
	size_t i;

	if (end == NULL)
		end = message->raw.data + message->raw.len;
	for (i = 0; i < message->field_count; i++) {
		field = &message->fields[i];
		if (!is_own(field))
			continue;
		part.data = from;
		part.len = (size_t)(field->whole.data - from);
		hash_text(hash, part);
		from = field->whole.data + field->whole.len;
		if (from < end && *from == '\r')
			from++;
		if (from < end && *from == '\n')
			from++;
	}
	part.data = from;
	part.len = (size_t)(end - from);
	hash_text(hash, part);
}

int identity_of(const struct message *message, const struct memfile *file,
		unsigned char *room, char out[IDENTITY_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned len = 0, i;
	struct hash hash;
	struct bytes piece;
	uint64_t offset;
	int r = ERR_MEMORY;

	hash.had_cr = hash.failed = false;
	hash.staged = 0;
	hash.context = EVP_MD_CTX_new();
	if (hash.context == NULL ||
	    EVP_DigestInit_ex(hash.context, dkim_sha256(), NULL) != 1)
		goto out;
	hash_head(&hash, message);
	offset = file->size;
	if (message->body.data != NULL)
		offset = (uint64_t)(message->body.data - file->bytes.data);
	while ((r = memfile_piece(file, offset, room, PIECE_ROOM,
				  &piece)) > 0) {
		hash_text(&hash, piece);
		offset += piece.len;
	}
	if (r < 0)
		goto out;
	r = ERR_MEMORY;
	stage_out(&hash);
	if (hash.failed || EVP_DigestFinal_ex(hash.context, sum, &len) != 1 ||
	    len * 2 + 1 != IDENTITY_TEXT)
		goto out;
	for (i = 0; i < len; i++) {
		out[2 * i] = digits[sum[i] >> 4];
		out[2 * i + 1] = digits[sum[i] & 15];
	}
	out[2 * len] = 0;
	r = 0;
out:
	EVP_MD_CTX_free(hash.context);
	return r;
}

int identity_sum(const unsigned char *bytes, size_t len, unsigned char *sum)
{
	unsigned out = 0;

	return EVP_Digest(bytes, len, sum, &out, EVP_sha256(), NULL) == 1 ?
	       0 : ERR_MEMORY;
}

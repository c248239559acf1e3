/* mailbox.c - where the keys of a mailbox stand in DNS */
#include "agent/dane/mailbox.h"

#include <openssl/evp.h>
#include <stdio.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/mail/address.h"

#define SMALL_ARENA 16384

/* The local part with its quotes undone, and the domain. */
static bool address_cut(struct arena *arena, const char *address,
			struct mailbox *out)
{
	return arena != NULL && address != NULL &&
	       address_parse(arena, bytes_of(address), out) == 0 &&
	       out->local.len > 0 && out->domain.len > 0 &&
	       out->domain.data[0] != '[';
}

static bool owner_print(const struct mailbox *mailbox, const char *label,
			enum mailbox_case how, char to[MAILBOX_OWNER_MAX])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char hex[2 * MAILBOX_DIGEST + 1], local[ADDRESS_MAX];
	size_t i, digest_len = 0;
	int len;

	if (mailbox->local.len > sizeof(local))
		return false;
	for (i = 0; i < mailbox->local.len; i++)
		local[i] = (char)(how == MAILBOX_LOWER ?
				  byte_lower(mailbox->local.data[i]) :
				  mailbox->local.data[i]);
	if (EVP_Q_digest(NULL, "SHA256", NULL, local, mailbox->local.len,
			 digest, &digest_len) != 1 ||
	    digest_len < MAILBOX_DIGEST)
		return false;
	for (i = 0; i < MAILBOX_DIGEST; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	len = snprintf(to, MAILBOX_OWNER_MAX, "%s.%s.%.*s", hex, label,
		       (int)mailbox->domain.len,
		       (const char *)mailbox->domain.data);
	return len > 0 && len < MAILBOX_OWNER_MAX;
}

bool mailbox_owner(const char *address, const char *label,
		   enum mailbox_case how, char to[MAILBOX_OWNER_MAX])
{
	struct arena *arena = arena_new(SMALL_ARENA);
	struct mailbox mailbox;
	bool fine = address_cut(arena, address, &mailbox) &&
		    owner_print(&mailbox, label, how, to);

	arena_free(arena);
	return fine;
}

bool mailbox_has_capitals(const char *address)
{
	for (; *address != 0 && *address != '@'; address++)
		if (*address >= 'A' && *address <= 'Z')
			return true;
	return false;
}

void mailbox_print_hex(struct buf *to, struct bytes bytes)
{
	size_t i;

	for (i = 0; i < bytes.len; i++)
		buf_print(to, "%02x", bytes.data[i]);
}

void mailbox_print_base64(struct buf *to, struct bytes bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned group;
	size_t i, j, left;

	for (i = 0; i < bytes.len; i += 3) {
		left = bytes.len - i;
		group = (unsigned)bytes.data[i] << 16 |
			(left > 1 ? (unsigned)bytes.data[i + 1] << 8 : 0) |
			(left > 2 ? bytes.data[i + 2] : 0U);
		for (j = 0; j < 4; j++)
			buf_byte(to, j <= left ? (unsigned char)
				 digits[group >> (18 - 6 * j) & 63] : '=');
	}
}

bool mailbox_print_generic(struct buf *to, const char *owner, unsigned type,
			   struct bytes rdata)
{
	if (rdata.len > MAILBOX_RECORD_MAX)
		return false;
	buf_print(to, "%s. IN TYPE%u \\# %zu ", owner, type, rdata.len);
	mailbox_print_hex(to, rdata);
	return !to->full;
}

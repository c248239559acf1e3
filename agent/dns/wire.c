/* wire.c - putting and taking, every length checked */
#include "agent/dns/wire.h"

#include "agent/base/buf.h"
#include "agent/base/err.h"

static void put_text(struct buf *to, const char *text, size_t most)
{
	struct bytes bytes = bytes_slice(bytes_of(text), 0, most);

	buf_u16(to, (uint16_t)bytes.len);
	buf_add(to, bytes);
}

/* Into `to` of `size` bytes, NUL added; texts hold no NUL. */
static bool take_text(struct bytes *from, char *to, size_t size)
{
	struct bytes text;
	uint16_t len;

	if (!take_u16(from, &len) || len >= size ||
	    !take_bytes(from, len, &text) || bytes_has(text, 0))
		return false;
	memcpy(to, text.data, text.len);
	to[text.len] = 0;
	return true;
}

static bool type_is_known(uint16_t type)
{
	static const uint16_t types[] = {
		DNS_A, DNS_CNAME, DNS_PTR, DNS_MX, DNS_TXT, DNS_AAAA, DNS_SRV,
		DNS_SMIMEA, DNS_TLSA, DNS_OPENPGPKEY
	};
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i] == type)
			return true;
	return false;
}

void wire_put_question(struct buf *to, const struct wire_question *question)
{
	buf_u32(to, question->id);
	buf_u16(to, (uint16_t)question->type);
	buf_u32(to, question->ms);
	buf_byte(to, question->fresh);
	put_text(to, question->name, DNS_NAME_MAX);
}

int wire_take_question(struct bytes *from, struct wire_question *out)
{
	unsigned char fresh;
	uint16_t type;

	if (from->len == 0)
		return 0;
	if (!take_u32(from, &out->id) || !take_u16(from, &type) ||
	    !take_u32(from, &out->ms) || !type_is_known(type) ||
	    !take_byte(from, &fresh) || fresh > 1 ||
	    !take_text(from, out->name, sizeof(out->name)))
		return ERR_PROTOCOL;
	out->type = (enum dns_type)type;
	out->fresh = fresh == 1;
	return 1;
}

void wire_put_answer(struct buf *to, uint32_t id,
		     const struct dns_answer *answer)
{
	size_t count = answer->state == DNS_HAVE ? answer->record_count : 0;
	size_t i;

	buf_u32(to, id);
	buf_byte(to, (unsigned char)answer->state);
	buf_byte(to, (unsigned char)answer->security);
	buf_u32(to, answer->ttl);
	buf_u32(to, answer->signed_from);
	buf_u32(to, answer->signed_until);
	put_text(to, answer->canonical, DNS_NAME_MAX);
	put_text(to, answer->why, 500);
	buf_u16(to, (uint16_t)count);
	for (i = 0; i < count; i++) {
		buf_u16(to, (uint16_t)answer->records[i].len);
		buf_add(to, answer->records[i]);
	}
}

int wire_take_answer(struct bytes from, struct wire_answer *out)
{
	struct dns_answer *answer = &out->answer;
	unsigned char state, security;
	uint16_t count, len, i;

	memset(answer, 0, sizeof(*answer));
	if (!take_u32(&from, &out->id) || !take_byte(&from, &state) ||
	    !take_byte(&from, &security) || !take_u32(&from, &answer->ttl) ||
	    !take_u32(&from, &answer->signed_from) ||
	    !take_u32(&from, &answer->signed_until) ||
	    state > DNS_SILENT || security > DNS_SECURITY_UNKNOWN ||
	    !take_text(&from, out->canonical, sizeof(out->canonical)) ||
	    !take_text(&from, out->why, sizeof(out->why)) ||
	    !take_u16(&from, &count) || count > DNS_RECORDS_MAX ||
	    (state == DNS_HAVE) != (count > 0))
		return ERR_PROTOCOL;
	for (i = 0; i < count; i++)
		if (!take_u16(&from, &len) ||
		    !take_bytes(&from, len, &out->records[i]))
			return ERR_PROTOCOL;
	if (from.len > 0)
		return ERR_PROTOCOL;
	answer->state = (enum dns_state)state;
	answer->security = (enum dns_security)security;
	answer->canonical = out->canonical;
	answer->why = out->why;
	answer->records = out->records;
	answer->record_count = count;
	return 0;
}

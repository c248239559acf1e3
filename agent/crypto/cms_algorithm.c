/* cms_algorithm.c - SEQUENCE { name, parameters }, in memory */
#include "agent/crypto/cms_algorithm.h"

#include "agent/crypto/ber.h"
#include "agent/crypto/cms_walk.h"

#define TAG_DEFAULT	12	/* octets, RFC 5084 section 3.2 */

/* Takes the next object of what is in memory; one of indefinite length goes
 * on to the end.  False: it is another one, or none. */
static bool object_take(struct bytes *from, unsigned char tag,
			struct bytes *inside)
{
	size_t at = 2, count, len;

	if (from->len < 2 || from->data[0] != tag)
		return false;
	len = from->data[1];
	if (len == 0x80) {
		len = from->len - at;
	} else if (len > 0x80) {
		count = len & 0x7fu;
		if (count > 3 || from->len < at + count)
			return false;
		for (len = 0; at < 2 + count; at++)
			len = len << 8 | from->data[at];
	}
	if (len > from->len - at)
		return false;
	*inside = bytes_slice(*from, at, at + len);
	*from = bytes_slice(*from, at + len, from->len);
	return true;
}

static bool name_take(struct bytes *from, struct cms_walk_name *out)
{
	struct bytes name;

	if (!object_take(from, BER_NAME, &name) || name.len == 0 ||
	    name.len > CMS_WALK_NAME_MAX)
		return false;
	memcpy(out->octets, name.data, name.len);
	out->len = name.len;
	return true;
}

static bool is_listed(const struct cms_walk_facts *facts,
		      const struct cms_walk_name *name)
{
	size_t i;

	for (i = 0; i < facts->digest_count; i++)
		if (facts->digests[i].len == name->len &&
		    memcmp(facts->digests[i].octets, name->octets,
			   name->len) == 0)
			return true;
	return false;
}

void cms_digests_read(struct bytes set, struct cms_walk_facts *out)
{
	struct bytes all, algorithm;
	struct cms_walk_name name;

	if (!object_take(&set, BER_SET, &all))
		return;
	while (out->digest_count < CMS_WALK_DIGESTS_MAX &&
	       object_take(&all, BER_SEQUENCE, &algorithm))
		if (name_take(&algorithm, &name) && !is_listed(out, &name))
			out->digests[out->digest_count++] = name;
}

void cms_cipher_read(struct bytes algorithm, struct cms_walk_facts *out)
{
	struct bytes inside, parameters, nonce, number;

	if (!object_take(&algorithm, BER_SEQUENCE, &inside) ||
	    !name_take(&inside, &out->cipher) ||
	    out->kind != CMS_WALK_AUTH_ENVELOPED ||
	    !object_take(&inside, BER_SEQUENCE, &parameters) ||
	    !object_take(&parameters, BER_OCTETS, &nonce))
		return;
	if (object_take(&parameters, BER_NUMBER, &number))
		out->tag_len = number.len == 1 ? number.data[0] : 0;
	else
		out->tag_len = TAG_DEFAULT;
}

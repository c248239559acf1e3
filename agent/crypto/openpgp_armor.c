/* openpgp_armor.c - ASCII armor, read strictly */
#include "agent/crypto/openpgp_armor.h"

#include "agent/base/err.h"
#include "agent/base/stream.h"
#include "agent/mail/mime_base64.h"

const char *const armor_block_name[] = {
	"PGP MESSAGE-----", "PGP SIGNATURE-----", "PGP PUBLIC KEY BLOCK-----"
};

void armor_start(struct armor *armor, enum armor_kind kind)
{
	memset(armor, 0, sizeof(*armor));
	armor->kind = kind;
	openpgp_crc_start(&armor->crc);
}

static void sum(struct armor *armor)
{
	const struct bytes out = { armor->out, armor->out_len };

	openpgp_crc_add(&armor->crc, bytes_slice(out, armor->summed,
						 out.len));
	armor->summed = armor->out_len;
}

static int flush(struct armor *armor, const struct sink *to)
{
	struct bytes piece = { armor->out, armor->out_len };

	sum(armor);
	armor->out_len = armor->summed = 0;
	return piece.len > 0 ? to->write(to->ctx, piece) : 0;
}

/* -1: none of the alphabet. */
static int base64_value(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (byte_is_digit(c))
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

static int body_char(struct armor *armor, unsigned char c,
		     const struct sink *to)
{
	int value = base64_value(c);

	if (c == '=') {
		/* The padding of one group: what is left over is no byte. */
		armor->padding++;
		return armor->padding * 2 <= armor->bit_count ?
			0 : ERR_SYNTAX;
	}
	if (value < 0 || armor->padding > 0)
		return ERR_SYNTAX;
	armor->bits = (armor->bits << 6 | (unsigned)value) & 0xffffU;
	armor->bit_count += 6;
	if (armor->bit_count < 8)
		return 0;
	armor->bit_count -= 8;
	armor->out[armor->out_len++] = (unsigned char)
		(armor->bits >> armor->bit_count & 0xffU);
	return armor->out_len == ARMOR_OUT ? flush(armor, to) : 0;
}

/* The regular part of a line; what is special about it is left. */
static int body_groups(struct armor *armor, struct bytes *line,
		       const struct sink *to)
{
	size_t got = 1;
	int r = 0;

	while (r == 0 && got > 0 && armor->bit_count == 0 &&
	       armor->padding == 0) {
		got = base64_decode_groups(line, armor->out + armor->out_len,
					   ARMOR_OUT - armor->out_len);
		armor->out_len += got;
		if (ARMOR_OUT - armor->out_len < 3)
			r = flush(armor, to);
	}
	return r;
}

/* Whether the base64 text ended with a whole group. */
static bool body_is_whole(const struct armor *armor)
{
	return armor->padding * 2 == armor->bit_count &&
	       (armor->bits & ((1U << armor->bit_count) - 1U)) == 0;
}

/* "=" and the four characters of the CRC. */
static int check_line(struct armor *armor, struct bytes line)
{
	uint32_t crc = 0;
	size_t i;
	int value;

	if (line.len != 5 || !body_is_whole(armor))
		return ERR_SYNTAX;
	for (i = 1; i < 5; i++) {
		value = base64_value(line.data[i]);
		if (value < 0)
			return ERR_SYNTAX;
		crc = crc << 6 | (uint32_t)value;
	}
	armor->place = ARMOR_CHECKED;
	sum(armor);
	return crc == openpgp_crc_sum(&armor->crc) ? 0 : ERR_SYNTAX;
}

/* "-----BEGIN " or "-----END " and this block's name. */
static bool is_mark(const struct armor *armor, struct bytes line,
		    const char *word)
{
	struct bytes left = bytes_slice(line, strlen(word), line.len);

	return bytes_starts(line, word) &&
	       bytes_is(left, armor_block_name[armor->kind]);
}

static int body_line(struct armor *armor, struct bytes line,
		     const struct sink *to)
{
	size_t i;
	int r;

	if (is_mark(armor, line, "-----END ")) {
		armor->place = ARMOR_AFTER;
		return body_is_whole(armor) ? 0 : ERR_SYNTAX;
	}
	if (armor->place == ARMOR_CHECKED)
		return ERR_SYNTAX;
	if (line.len > 0 && line.data[0] == '=' && body_is_whole(armor))
		return check_line(armor, line);
	r = body_groups(armor, &line, to);
	for (i = 0; i < line.len && r == 0; i++)
		r = body_char(armor, line.data[i], to);
	return r;
}

/* One line without its end and without white space behind it. */
static int line_take(struct armor *armor, struct bytes line,
		     const struct sink *to)
{
	while (line.len > 0 && byte_is_space(line.data[line.len - 1]))
		line.len--;
	switch (armor->place) {
	case ARMOR_BEFORE:
		if (line.len == 0)
			return 0;
		armor->place = ARMOR_HEADERS;
		return is_mark(armor, line, "-----BEGIN ") ? 0 : ERR_SYNTAX;
	case ARMOR_HEADERS:
		if (line.len == 0) {
			armor->place = ARMOR_BODY;
			return 0;
		}
		/* "Version: ..." is a stranger's text and means nothing. */
		return ++armor->lines <= ARMOR_LINES_MAX &&
		       bytes_has(line, ':') ? 0 : ERR_SYNTAX;
	case ARMOR_BODY:
	case ARMOR_CHECKED:
		return body_line(armor, line, to);
	default:
		return line.len == 0 ? 0 : ERR_SYNTAX;
	}
}

/* What stands of a line in this piece, behind what came of it before. */
static int line_keep(struct armor *armor, struct bytes *line)
{
	if (line->len > ARMOR_LINE_MAX - armor->line_len)
		return ERR_SYNTAX;
	if (line->len > 0)
		memcpy(armor->line + armor->line_len, line->data, line->len);
	armor->line_len += line->len;
	line->data = armor->line;
	line->len = armor->line_len;
	return 0;
}

int armor_push(struct armor *armor, struct bytes piece,
	       const struct sink *to)
{
	struct bytes line;
	bool ended;
	int r = 0;

	if (armor->place == ARMOR_BEFORE && armor->line_len == 0 &&
	    piece.len > 0 && (piece.data[0] & 0x80) != 0)
		armor->place = ARMOR_BINARY;
	if (armor->place == ARMOR_BINARY)
		return piece.len > 0 ? to->write(to->ctx, piece) : 0;
	while (piece.len > 0 && r == 0) {
		ended = bytes_cut(piece, '\n', &line, &piece);
		if (!ended || armor->line_len > 0)
			r = line_keep(armor, &line);
		else if (line.len > ARMOR_LINE_MAX)
			r = ERR_SYNTAX;
		if (!ended || r < 0)
			break;
		armor->line_len = 0;
		r = line_take(armor, line, to);
	}
	return r;
}

int armor_end(struct armor *armor, const struct sink *to)
{
	struct bytes line = { armor->line, armor->line_len };
	int r = 0;

	if (armor->place == ARMOR_BINARY)
		return 0;
	armor->line_len = 0;
	if (line.len > 0)
		r = line_take(armor, line, to);
	if (r == 0 && armor->place != ARMOR_AFTER)
		r = ERR_SYNTAX;
	return r == 0 ? flush(armor, to) : r;
}

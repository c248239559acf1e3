/* facts_text.c - printing facts by the tables, and reading them strictly */
#include "agent/flow/facts_text.h"

#include <stdint.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/err.h"
#include "agent/flow/facts_fields.h"
#include "agent/verdict/verdict.h"

#define FACTS_VERSION	"mailseal facts 1"
#define NUMBER_MAX	999999999999999999	/* what bytes_number() takes */

struct printer {
	struct buf to;
	enum fact_need most;		/* what is left out is above it */
};

static const void *member(const void *finding, const struct fact_field *field)
{
	return (const unsigned char *)finding + field->offset;
}

static uint64_t number_of(const void *at, enum fact_kind kind)
{
	uint64_t number = 0;
	unsigned small = 0;

	if (kind == FACT_TRUTH)
		return *(const bool *)at ? 1 : 0;
	if (kind == FACT_U64) {
		memcpy(&number, at, sizeof(number));
		return number;
	}
	memcpy(&small, at, sizeof(small));
	return small;
}

static void put_text(struct buf *to, const char *text)
{
	struct bytes rest = bytes_of(text);
	size_t i, from = 0;

	for (i = 0; i < rest.len; i++) {
		if (rest.data[i] != '\n' && rest.data[i] != '\\')
			continue;
		buf_add(to, bytes_slice(rest, from, i));
		buf_text(to, rest.data[i] == '\n' ? "\\n" : "\\\\");
		from = i + 1;
	}
	buf_add(to, bytes_slice(rest, from, rest.len));
}

/* A field that is as in an empty finding is left out. */
static void put_field(struct buf *to, const struct fact_field *field,
		      const void *finding)
{
	const void *at = member(finding, field);
	const char *text = NULL;
	int64_t number;
	uint64_t plain;

	if (field->kind == FACT_TEXT) {
		memcpy(&text, at, sizeof(text));
		if (text == NULL)
			return;
		buf_print(to, "%s ", field->name);
		put_text(to, text);
		buf_byte(to, '\n');
		return;
	}
	if (field->kind == FACT_I64) {
		memcpy(&number, at, sizeof(number));
		if (number != 0)
			buf_print(to, "%s %lld\n", field->name,
				  (long long)number);
		return;
	}
	plain = number_of(at, field->kind);
	if (plain == 0)
		return;
	if (plain > NUMBER_MAX)
		plain = NUMBER_MAX;
	if (field->kind == FACT_WORD)
		buf_print(to, "%s %s\n", field->name, field->words[plain]);
	else
		buf_print(to, "%s %llu\n", field->name,
			  (unsigned long long)plain);
}

static void put_finding(struct printer *printer, const char *name,
			const struct fact_section *section,
			const void *finding)
{
	const struct fact_field *field;

	buf_print(&printer->to, "[%s]\n", name);
	for (field = section->fields; field->name != NULL; field++)
		if (field->need <= printer->most)
			put_field(&printer->to, field, finding);
}

static void put_dmarc(struct printer *printer, const char *name,
		      const struct dmarc_finding *dmarc)
{
	size_t i;

	put_finding(printer, name, &fact_dmarc, dmarc);
	if (printer->most < FACT_DETAIL)
		return;
	for (i = 0; i < dmarc->walk_count; i++)
		put_finding(printer, "step", &fact_step, &dmarc->walk[i]);
	for (i = 0; i < dmarc->rua_count; i++)
		put_finding(printer, "rua", &fact_uri, &dmarc->rua[i]);
	for (i = 0; i < dmarc->ruf_count; i++)
		put_finding(printer, "ruf", &fact_uri, &dmarc->ruf[i]);
}

static void put_spf(struct printer *printer, const struct spf_finding *spf)
{
	size_t i;

	put_finding(printer, "spf", &fact_spf, spf);
	for (i = 0; i < spf->step_count && printer->most == FACT_DETAIL; i++)
		put_finding(printer, "question", &fact_question,
			    &spf->steps[i]);
}

static const char *print_most(struct arena *arena, const struct facts *facts,
			      enum fact_need most)
{
	struct printer printer = { .most = most };
	const char *text = NULL;
	size_t i;

	buf_init(&printer.to, FACTS_TEXT_MAX);
	buf_text(&printer.to, FACTS_VERSION "\n");
	put_finding(&printer, "facts", &fact_top, facts);
	for (i = 0; i < facts->dkim.count; i++)
		put_finding(&printer, "dkim", &fact_dkim,
			    &facts->dkim.list[i]);
	put_spf(&printer, &facts->spf);
	put_dmarc(&printer, "dmarc", &facts->dmarc);
	for (i = 0; i < facts->foreign_count; i++) {
		buf_print(&printer.to, "[foreign]\ndomain ");
		put_text(&printer.to, facts->foreign[i].domain);
		buf_byte(&printer.to, '\n');
		if (facts->foreign[i].dmarc != NULL)
			put_dmarc(&printer, "foreign-dmarc",
				  facts->foreign[i].dmarc);
	}
	if (!printer.to.full)
		text = arena_text(arena, buf_bytes(&printer.to));
	buf_free(&printer.to);
	return text;
}

const char *facts_print(struct arena *arena, const struct facts *facts)
{
	const char *text = print_most(arena, facts, FACT_DETAIL);

	return text != NULL ? text : print_most(arena, facts, FACT_NEEDED);
}

/* --- reading */

static const struct fact_field foreign_fields[] = {
	{ "domain", FACT_TEXT, FACT_NEEDED, offsetof(struct foreign, domain),
	  NULL },
	{ NULL, FACT_TEXT, FACT_NEEDED, 0, NULL }
};
static const struct fact_section fact_foreign = { "foreign", foreign_fields };

struct reading {
	struct arena *arena;
	struct facts *facts;
	struct dmarc_finding *dmarc;	/* which steps and uris belong to */
	const struct fact_section *section;
	void *finding;			/* NULL: no section yet */
};

static int next_dmarc(struct reading *reading, struct dmarc_finding *dmarc)
{
	reading->dmarc = dmarc;
	reading->section = &fact_dmarc;
	reading->finding = dmarc;
	return 0;
}

static int next_foreign_dmarc(struct reading *reading)
{
	struct facts *facts = reading->facts;
	struct dmarc_finding *dmarc;

	if (facts->foreign_count == 0)
		return ERR_SYNTAX;
	dmarc = arena_alloc(reading->arena, sizeof(*dmarc));
	if (dmarc == NULL)
		return ERR_LIMIT;
	facts->foreign[facts->foreign_count - 1].dmarc = dmarc;
	return next_dmarc(reading, dmarc);
}

static int next_of(struct reading *reading, const struct fact_section *section,
		   void *list, size_t size, size_t *count, size_t most)
{
	if (*count >= most)
		return ERR_SYNTAX;
	reading->section = section;
	reading->finding = (unsigned char *)list + (*count)++ * size;
	return 0;
}

#define NEXT(section, list, count, most) \
	next_of(reading, section, list, sizeof((list)[0]), &(count), most)

static int section_begin(struct reading *reading, struct bytes name)
{
	struct facts *facts = reading->facts;
	struct dmarc_finding *dmarc = reading->dmarc;

	if (bytes_is(name, "facts")) {
		reading->section = &fact_top;
		reading->finding = facts;
		return 0;
	}
	if (bytes_is(name, "spf")) {
		reading->section = &fact_spf;
		reading->finding = &facts->spf;
		return 0;
	}
	if (bytes_is(name, "dkim"))
		return NEXT(&fact_dkim, facts->dkim.list, facts->dkim.count,
			    DKIM_SIGNATURES_MAX);
	if (bytes_is(name, "foreign"))
		return NEXT(&fact_foreign, facts->foreign,
			    facts->foreign_count, FOREIGN_MAX);
	if (bytes_is(name, "dmarc"))
		return next_dmarc(reading, &facts->dmarc);
	if (bytes_is(name, "foreign-dmarc"))
		return next_foreign_dmarc(reading);
	if (bytes_is(name, "question"))
		return NEXT(&fact_question, facts->spf.steps,
			    facts->spf.step_count, SPF_STEPS_MAX);
	if (dmarc == NULL)
		return ERR_SYNTAX;
	if (bytes_is(name, "step"))
		return NEXT(&fact_step, dmarc->walk, dmarc->walk_count,
			    DMARC_WALK_MAX);
	if (bytes_is(name, "rua"))
		return NEXT(&fact_uri, dmarc->rua, dmarc->rua_count,
			    DMARC_URIS_MAX);
	if (bytes_is(name, "ruf"))
		return NEXT(&fact_uri, dmarc->ruf, dmarc->ruf_count,
			    DMARC_URIS_MAX);
	return ERR_SYNTAX;
}

static const char *take_text(struct arena *arena, struct bytes value)
{
	char *text = arena_alloc(arena, value.len + 1);
	size_t from, to = 0;

	if (text == NULL || bytes_has(value, 0))
		return NULL;
	for (from = 0; from < value.len; from++) {
		text[to] = (char)value.data[from];
		if (value.data[from] == '\\') {
			from++;
			if (from == value.len || (value.data[from] != 'n' &&
						  value.data[from] != '\\'))
				return NULL;
			text[to] = value.data[from] == 'n' ? '\n' : '\\';
		}
		to++;
	}
	return text;
}

static int set_number(void *at, enum fact_kind kind, long long number)
{
	uint64_t plain = (uint64_t)number;
	unsigned small = (unsigned)number;

	if (number < 0)
		return ERR_SYNTAX;
	if (kind == FACT_U64) {
		memcpy(at, &plain, sizeof(plain));
	} else if (kind == FACT_TRUTH) {
		if (number > 1)
			return ERR_SYNTAX;
		*(bool *)at = number == 1;
	} else {
		if (number > INT32_MAX)
			return ERR_SYNTAX;
		memcpy(at, &small, sizeof(small));
	}
	return 0;
}

static int set_field(struct reading *reading, const struct fact_field *field,
		     struct bytes value)
{
	void *at = (unsigned char *)reading->finding + field->offset;
	bool negative = bytes_starts(value, "-");
	const char *text;
	long long number;

	if (field->kind == FACT_TEXT) {
		text = take_text(reading->arena, value);
		memcpy(at, &text, sizeof(text));
		return text == NULL ? ERR_SYNTAX : 0;
	}
	if (field->kind == FACT_WORD) {
		for (number = 0; field->words[number] != NULL; number++)
			if (bytes_is(value, field->words[number]))
				return set_number(at, field->kind, number);
		return ERR_SYNTAX;
	}
	number = bytes_number(bytes_slice(value, negative ? 1 : 0, value.len));
	if (field->kind != FACT_I64)
		return negative ? ERR_SYNTAX :
				  set_number(at, field->kind, number);
	if (number < 0)
		return ERR_SYNTAX;
	if (negative)
		number = -number;
	memcpy(at, &number, sizeof(number));
	return 0;
}

static int line_take(struct reading *reading, struct bytes line)
{
	const struct fact_field *field;
	struct bytes name, value;

	if (bytes_starts(line, "[") && line.data[line.len - 1] == ']')
		return section_begin(reading,
				     bytes_slice(line, 1, line.len - 1));
	if (reading->finding == NULL || !bytes_cut(line, ' ', &name, &value))
		return ERR_SYNTAX;
	for (field = reading->section->fields; field->name != NULL; field++)
		if (bytes_is(name, field->name))
			return set_field(reading, field, value);
	return ERR_SYNTAX;
}

int facts_parse(struct arena *arena, struct bytes text, struct facts **out)
{
	struct reading reading = { arena, NULL, NULL, NULL, NULL };
	struct bytes line;
	size_t i;
	int r = 0;

	*out = NULL;
	reading.facts = arena_alloc(arena, sizeof(*reading.facts));
	if (reading.facts == NULL)
		return ERR_LIMIT;
	if (!bytes_cut(text, '\n', &line, &text) ||
	    !bytes_is(line, FACTS_VERSION))
		return ERR_SYNTAX;
	while (r == 0 && text.len > 0)
		r = bytes_cut(text, '\n', &line, &text) ?
		    line_take(&reading, line) : ERR_SYNTAX;
	for (i = 0; r == 0 && i < reading.facts->foreign_count; i++)
		if (reading.facts->foreign[i].domain == NULL)
			r = ERR_SYNTAX;
	if (r == 0)
		*out = reading.facts;
	return r;
}

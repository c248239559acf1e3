/* test_judgement.c - what is kept of a message, and replays */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/base/err.h"
#include "agent/store/certificate.h"
#include "agent/store/judgement.h"
#include "agent/store/learned.h"
#include "tests/unit/store/store_desk.h"

static struct judgement_kept sample(unsigned char first)
{
	struct judgement_kept kept = { { first, 2, 3 }, "alice@example.org",
				       "genuine", true, 100, 200,
				       bytes_of("what was found") };

	return kept;
}

static int put(const struct judgement_kept *kept)
{
	static const char *const name = "id@example.org";

	return judgement_put(store, kept, &name, 1);
}

static void it_comes_back(void **test)
{
	struct judgement_kept kept = sample(1), out;

	(void)test;
	assert_int_equal(judgement_find(store, kept.id, arena, &out), 0);
	assert_int_equal(put(&kept), 0);
	assert_int_equal(judgement_find(store, kept.id, arena, &out), 1);
	assert_memory_equal(out.id, kept.id, JUDGEMENT_ID);
	assert_string_equal(out.address, kept.address);
	assert_string_equal(out.verdict, "genuine");
	assert_true(out.final);
	assert_int_equal(out.seen, 100);
	assert_int_equal(out.judged, 200);
	assert_int_equal(out.facts.len, kept.facts.len);
	assert_memory_equal(out.facts.data, kept.facts.data, out.facts.len);
}

static void a_final_one_stays(void **test)
{
	struct judgement_kept kept = sample(1), out;

	(void)test;
	kept.final = false;
	kept.verdict = "unverified";
	assert_int_equal(put(&kept), 0);
	kept.final = true;
	kept.verdict = "authenticated";
	kept.seen = kept.judged = 300;
	kept.facts = bytes_of("now");
	assert_int_equal(put(&kept), 0);
	assert_int_equal(judgement_find(store, kept.id, arena, &out), 1);
	assert_string_equal(out.verdict, "authenticated");
	assert_int_equal(out.seen, 100);	/* the first time */
	assert_int_equal(out.judged, 300);
	assert_int_equal(out.facts.len, 3);
	kept.final = false;
	kept.verdict = "unverified";
	kept.facts = bytes_of("temporary");
	assert_int_equal(put(&kept), 0);
	assert_int_equal(judgement_find(store, kept.id, arena, &out), 1);
	assert_string_equal(out.verdict, "authenticated");
	assert_int_equal(out.facts.len, 3);
}

static void the_worst_comes_first(void **test)
{
	static const char *const words[] = {
		"genuine", "unverified", "spoofed", "authenticated",
		"suspicious"
	};
	static const char *const order[] = {
		"spoofed", "suspicious", "unverified", "authenticated",
		"genuine"
	};
	struct judgement_kept out[JUDGEMENT_SAME_MAX], kept;
	unsigned char i;

	(void)test;
	for (i = 0; i < 5; i++) {
		kept = sample(i);
		kept.verdict = words[i];
		assert_int_equal(put(&kept), 0);
	}
	assert_int_equal(judgement_find_all(store, "id@example.org", arena,
					    out, JUDGEMENT_SAME_MAX), 5);
	for (i = 0; i < 5; i++)
		assert_string_equal(out[i].verdict, order[i]);
	assert_int_equal(judgement_find_all(store, "id@example.org", arena,
					    out, 2), 2);
	assert_string_equal(out[0].verdict, "spoofed");
	assert_int_equal(judgement_find_all(store, "other@example.org", arena,
					    out, 2), 0);
}

/* Whichever of them a mail client takes. */
static void found_by_every_name(void **test)
{
	static const char *const names[] = { "evil@example.net",
					     "id@example.org",
					     "id@example.org" };
	struct judgement_kept out[2], kept = sample(1);

	(void)test;
	assert_int_equal(put(&kept), 0);
	kept = sample(2);
	kept.verdict = "spoofed";
	assert_int_equal(judgement_put(store, &kept, names, 3), 0);
	assert_int_equal(judgement_find_all(store, "id@example.org", arena,
					    out, 2), 2);
	assert_string_equal(out[0].verdict, "spoofed");
	assert_int_equal(judgement_find_all(store, "evil@example.net", arena,
					    out, 2), 1);
	assert_int_equal(judgement_forget(store, kept.id), 1);
	assert_int_equal(judgement_find_all(store, "evil@example.net", arena,
					    out, 2), 0);
}

/* Many copies push no bad one out. */
static void more_than_there_is_room(void **test)
{
	struct judgement_kept out[JUDGEMENT_SAME_MAX], kept;
	unsigned char i;

	(void)test;
	for (i = 0; i < 200; i++) {
		kept = sample(i);
		kept.verdict = i == 199 ? "spoofed" : "genuine";
		assert_int_equal(put(&kept), 0);
	}
	assert_int_equal(judgement_find_all(store, "id@example.org", arena,
					    out, JUDGEMENT_SAME_MAX),
			 JUDGEMENT_SAME_MAX);
	assert_string_equal(out[0].verdict, "spoofed");
}

static void what_cannot_be_is_refused(void **test)
{
	struct judgement_kept kept;
	char text[JUDGEMENT_TEXT_MAX + 2];
	unsigned char *big = calloc(1, JUDGEMENT_FACTS_MAX + 1);
	const char *name;

	(void)test;
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	kept = sample(1);
	kept.verdict = "fine";
	assert_int_equal(put(&kept), ERR_SYNTAX);
	kept = sample(1);
	name = "\xFF";
	assert_int_equal(judgement_put(store, &kept, &name, 1), ERR_SYNTAX);
	kept.address = "\xFF";
	assert_int_equal(put(&kept), ERR_SYNTAX);
	kept = sample(1);
	kept.address = text;
	assert_int_equal(put(&kept), ERR_SYNTAX);
	kept = sample(1);
	kept.facts.len = 0;
	assert_int_equal(put(&kept), ERR_SYNTAX);
	kept = sample(1);
	kept.facts.data = big;
	kept.facts.len = JUDGEMENT_FACTS_MAX + 1;
	assert_int_equal(put(&kept), ERR_SYNTAX);
	kept.facts.len = JUDGEMENT_FACTS_MAX;
	assert_int_equal(put(&kept), 0);
	assert_int_equal(judgement_count(store), 1);
	free(big);
}

static void no_memory_is_an_error(void **test)
{
	struct arena *small = arena_new(16);
	struct judgement_kept kept = sample(1), out;

	(void)test;
	assert_int_equal(put(&kept), 0);
	assert_int_equal(judgement_find(store, kept.id, small, &out),
			 ERR_LIMIT);
	arena_free(small);
	assert_int_equal(judgement_find(store, kept.id, arena, &out), 1);
}

static void one_is_forgotten(void **test)
{
	struct judgement_kept kept = sample(1);

	(void)test;
	assert_int_equal(put(&kept), 0);
	assert_int_equal(judgement_forget(store, kept.id), 1);
	assert_int_equal(judgement_forget(store, kept.id), 0);
	assert_int_equal(judgement_count(store), 0);
}

static void an_address_is_forgotten(void **test)
{
	struct learned learned = { "alice@example.org", "", "written-to", 1 };
	struct certificate_kept certificate = { "alice@example.org", { 1 },
		bytes_of("der"), "mail", 1, 1, 0, 0 };
	struct judgement_kept kept = sample(1);

	(void)test;
	assert_int_equal(put(&kept), 0);
	kept = sample(2);
	kept.address = "bob@example.org";
	assert_int_equal(put(&kept), 0);
	assert_int_equal(learned_put(store, &learned), 0);
	assert_int_equal(certificate_put(store, &certificate), 0);
	assert_int_equal(store_forget_address(store, "alice@example.org"), 3);
	assert_int_equal(store_forget_address(store, ""), 0);
	assert_int_equal(judgement_count(store), 1);
}

/* Forgotten means gone from the file, too. */
static void nothing_is_left_in_the_file(void **test)
{
	struct judgement_kept kept = sample(1);
	char path[FOLDER_ROOM], *whole;
	size_t len;
	FILE *file;

	(void)test;
	kept.facts = bytes_of("a-word-that-stands-nowhere-else");
	assert_int_equal(put(&kept), 0);
	store_free(store);
	store = store_open(folder);
	assert_int_equal(judgement_forget(store, kept.id), 1);
	store_free(store);
	folder_path(path, folder, "store.db");
	whole = calloc(1, 1024 * 1024);
	file = fopen(path, "r");
	assert_non_null(file);
	len = fread(whole, 1, 1024 * 1024, file);
	assert_int_equal(fclose(file), 0);
	assert_true(len > 4096);
	assert_null(memmem(whole, len, "stands-nowhere", 14));
	free(whole);
	store = store_open(folder);
}

static void count_one(void *ctx, const unsigned char *id)
{
	unsigned *bits = ctx;

	*bits |= 1u << id[0];
}

static void ids_are_walked(void **test)
{
	struct judgement_kept kept;
	int64_t after = 0;
	unsigned bits = 0;
	unsigned char i;

	(void)test;
	for (i = 0; i < 10; i++) {
		kept = sample(i);
		assert_int_equal(put(&kept), 0);
	}
	assert_int_equal(judgement_ids(store, &after, 6, count_one, &bits), 6);
	assert_int_equal(judgement_ids(store, &after, 6, count_one, &bits), 4);
	assert_int_equal(judgement_ids(store, &after, 6, count_one, &bits), 0);
	assert_int_equal(bits, 0x3FF);
}

static void a_replay_is_seen(void **test)
{
	unsigned char sum[SIGNATURE_SUM] = { 1 }, body[SIGNATURE_SUM] = { 2 };
	unsigned char other[SIGNATURE_SUM] = { 3 };

	(void)test;
	assert_int_equal(signature_is_replay(store, sum, body), 0);
	assert_int_equal(signature_put(store, sum, body, 10), 0);
	assert_int_equal(signature_is_replay(store, sum, body), 0);
	assert_int_equal(signature_is_replay(store, sum, other), 1);
	assert_int_equal(signature_put(store, sum, body, 11), 0);
	assert_int_equal(signature_put(store, sum, other, 12), 1);
	assert_int_equal(signature_put(store, sum, other, 13), 1);
	assert_int_equal(signature_put(store, sum, body, 14), 0);
	assert_int_equal(signature_put(store, other, other, 15), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(it_comes_back),
		DESK_TEST(a_final_one_stays),
		DESK_TEST(the_worst_comes_first),
		DESK_TEST(found_by_every_name),
		DESK_TEST(more_than_there_is_room),
		DESK_TEST(what_cannot_be_is_refused),
		DESK_TEST(no_memory_is_an_error),
		DESK_TEST(one_is_forgotten),
		DESK_TEST(an_address_is_forgotten),
		DESK_TEST(nothing_is_left_in_the_file),
		DESK_TEST(ids_are_walked),
		DESK_TEST(a_replay_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_folders.c - real Maildirs and MH folders in which mail arrives */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "agent/base/err.h"
#include "agent/desk/folders.h"

static char top[64];
static struct folders *folders;

static const char *path(const char *below)
{
	static char room[4][512];
	static unsigned turn;
	char *out = room[turn++ % 4];

	(void)snprintf(out, sizeof(room[0]), "%s/%s", top, below);
	return out;
}

static void deliver(const char *below)
{
	FILE *file = fopen(path(below), "w");

	assert_non_null(file);
	(void)fputs(below, file);
	assert_int_equal(fclose(file), 0);
}

static void move(const char *from, const char *to)
{
	assert_int_equal(rename(path(from), path(to)), 0);
}

static int setup(void **state)
{
	static const char *const made[] = {
		"box", "box/cur", "box/new", "box/tmp", "mh", "other"
	};
	size_t i;

	(void)state;
	(void)snprintf(top, sizeof(top), "/tmp/folders.XXXXXX");
	if (mkdtemp(top) == NULL)
		return -1;
	for (i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		if (mkdir(path(made[i]), 0700) < 0)
			return -1;
	folders = folders_new();
	return folders == NULL;
}

static int drop(const char *name, const struct stat *about, int kind,
		struct FTW *where)
{
	(void)about;
	(void)kind;
	(void)where;
	return remove(name);
}

static int teardown(void **state)
{
	(void)state;
	folders_free(folders);
	return nftw(top, drop, 8, FTW_DEPTH | FTW_PHYS);
}

/* The content of the next file (where it was delivered); "": there is none. */
static const char *next(enum folder_arrival arrival)
{
	static char text[512];
	struct folder_file file;
	ssize_t got = 0;
	int found = 0;

	folders_readable(folders);
	while (found == 0 && folders_busy(folders))
		found = folders_next(folders, &file);
	if (found == 1) {
		assert_int_equal(file.arrival, arrival);
		got = read(file.fd, text, sizeof(text) - 1);
		assert_true(got >= 0);
		(void)close(file.fd);
	}
	text[got] = 0;
	return text;
}

static void mail_arrives_once(void **state)
{
	FILE *file;

	(void)state;
	assert_int_equal(folders_add(folders, path("box"), -1), 0);
	deliver("box/tmp/1");
	move("box/tmp/1", "box/new/1");
	assert_string_equal(next(FOLDER_ARRIVED), "box/tmp/1");
	/* read, flagged, thrown away: nothing new */
	move("box/new/1", "box/cur/1:2,S");
	move("box/cur/1:2,S", "box/cur/1:2,FS");
	assert_string_equal(next(FOLDER_ARRIVED), "");
	assert_int_equal(unlink(path("box/cur/1:2,FS")), 0);
	assert_string_equal(next(FOLDER_ARRIVED), "");
	/* delivered by a link, as some do */
	deliver("box/tmp/2");
	assert_int_equal(link(path("box/tmp/2"), path("box/new/2")), 0);
	assert_string_equal(next(FOLDER_ARRIVED), "box/tmp/2");
	/* made in place: not before it is whole */
	file = fopen(path("box/new/4"), "w");
	(void)fputs("box/new/", file);
	(void)fflush(file);
	assert_string_equal(next(FOLDER_ARRIVED), "");
	(void)fputs("4", file);
	(void)fclose(file);
	assert_string_equal(next(FOLDER_ARRIVED), "box/new/4");
	assert_string_equal(next(FOLDER_ARRIVED), "");
	/* gone before it was looked at */
	deliver("box/tmp/3");
	move("box/tmp/3", "box/new/3");
	assert_int_equal(unlink(path("box/new/3")), 0);
	assert_string_equal(next(FOLDER_ARRIVED), "");
}

static void renamed_before_it_was_looked_at(void **state)
{
	(void)state;
	assert_int_equal(folders_add(folders, path("box"), -1), 0);
	deliver("box/tmp/1");
	move("box/tmp/1", "box/new/1");
	deliver("box/tmp/2");
	move("box/tmp/2", "box/cur/2:2,S");	/* copied by another client */
	assert_string_equal(next(FOLDER_ARRIVED), "box/tmp/1");
	assert_string_equal(next(FOLDER_ARRIVED), "box/tmp/2");
	assert_string_equal(next(FOLDER_ARRIVED), "");
}

static void a_sweep_finds_what_was_missed(void **state)
{
	const struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };
	char name[32];
	unsigned found = 0;
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		(void)snprintf(name, sizeof(name), "box/cur/%d:2,S", i);
		deliver(name);
	}
	assert_int_equal(utimensat(AT_FDCWD, path("box/cur/7:2,S"), old, 0),
			 0);
	assert_int_equal(folders_add(folders, path("box"),
				     (int64_t)time(NULL) - 60), 0);
	while (next(FOLDER_SWEPT)[0] != 0)
		found++;
	assert_int_equal(found, 1000);	/* its inode changed just now */
	assert_int_equal(folders_add(folders, path("box"),
				     (int64_t)time(NULL) + 60), 0);
	assert_string_equal(next(FOLDER_SWEPT), "");
}

static void numbers_are_mail_in_an_mh_folder(void **state)
{
	(void)state;
	deliver("mh/1");
	deliver("mh/.mh_sequences");
	assert_int_equal(folders_add(folders, path("mh"), 0), 0);
	assert_string_equal(next(FOLDER_SWEPT), "mh/1");
	deliver("mh/2");
	deliver("mh/tmp.x");
	deliver("mh/.mh_sequences");
	assert_string_equal(next(FOLDER_ARRIVED), "mh/2");
	assert_string_equal(next(FOLDER_ARRIVED), "");
}

static void what_is_no_folder_is_refused(void **state)
{
	(void)state;
	deliver("other/file.txt");
	deliver("plain");
	assert_int_equal(folders_add(folders, path("other"), -1),
			 ERR_REFUSED);
	assert_int_equal(folders_add(folders, path("nowhere"), -1), ERR_IO);
	assert_int_equal(folders_add(folders, path("plain"), -1), ERR_IO);
}

/* More than the queue holds, while nobody takes any: none is lost. */
static void a_flood_is_swept(void **state)
{
	char name[32];
	struct folder_file file;
	unsigned found = 0, idle = 0;
	int i;

	(void)state;
	assert_int_equal(folders_add(folders, path("box"), -1), 0);
	for (i = 0; i < FOLDERS_QUEUE + 500; i++) {
		(void)snprintf(name, sizeof(name), "box/new/%d", i);
		deliver(name);
		if (i % 1000 == 0)
			folders_readable(folders);
	}
	folders_readable(folders);
	while (folders_busy(folders) && idle < 100000) {
		if (folders_next(folders, &file) == 1) {
			found++;
			(void)close(file.fd);
		} else {
			idle++;
		}
	}
	/* The sweep sees those of the queue again; the store knows them. */
	assert_true(found >= FOLDERS_QUEUE + 500);
}

static void other_things_are_no_mail(void **state)
{
	(void)state;
	assert_int_equal(folders_add(folders, path("box"), 0), 0);
	assert_int_equal(mkdir(path("box/new/folder"), 0700), 0);
	assert_int_equal(mkfifo(path("box/new/pipe"), 0600), 0);
	assert_int_equal(symlink("/dev/zero", path("box/new/zero")), 0);
	deliver("box/new/.hidden");
	assert_string_equal(next(FOLDER_ARRIVED), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(mail_arrives_once, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			renamed_before_it_was_looked_at, setup, teardown),
		cmocka_unit_test_setup_teardown(a_sweep_finds_what_was_missed,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			numbers_are_mail_in_an_mh_folder, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_no_folder_is_refused,
						setup, teardown),
		cmocka_unit_test_setup_teardown(a_flood_is_swept, setup,
						teardown),
		cmocka_unit_test_setup_teardown(other_things_are_no_mail,
						setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

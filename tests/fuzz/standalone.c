/* standalone.c - runs a fuzz target where libFuzzer is not at hand
 *
 * prog FILE...         runs the files
 * prog --smoke SEEDS [DICTIONARY]
 *                      runs every file of the folder (which may be missing),
 *                      then mutations of them, the same ones every time, with
 *                      the dictionary's words (as libFuzzer reads them; it
 *                      may be missing too) put in
 * Does not do: look at coverage; that is libFuzzer's. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SEEDS_MAX	256
#define INPUT_MAX	(64 * 1024)	/* octets of one input */
#define ROUNDS_MAX	20000		/* mutated inputs */
#define WORDS_MAX	256		/* of a dictionary */
#define WORD_MAX	64		/* octets of one */
#define CHANGES_MAX	8		/* changes to one input */
#define SECONDS_MAX	1.0		/* of CPU, after at least ROUNDS_MIN */
#define ROUNDS_MIN	500

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	uint8_t *data;
	size_t len;
};

static uint64_t next_number(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static size_t below(uint64_t *state, size_t end)
{
	return end == 0 ? 0 : (size_t)(next_number(state) % end);
}

/* From a block of exactly its size, so that one octet too far is seen. */
static void run(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	if (copy == NULL)
		exit(EXIT_FAILURE);
	if (len > 0)
		memcpy(copy, data, len);
	(void)LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static int file_read(const char *path, struct input *out)
{
	FILE *file = fopen(path, "rb");

	out->data = NULL;
	out->len = 0;
	if (file == NULL)
		return -1;
	out->data = malloc(INPUT_MAX);
	if (out->data != NULL)
		out->len = fread(out->data, 1, INPUT_MAX, file);
	(void)fclose(file);
	return out->data == NULL ? -1 : 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In the order of their names: the same run on every file system. */
static size_t seeds_read(const char *folder, struct input *seeds)
{
	DIR *dir = opendir(folder);
	char *paths[SEEDS_MAX];
	struct dirent *entry;
	size_t count = 0, used = 0, i;

	if (dir == NULL)
		return 0;
	while (count < SEEDS_MAX && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' &&
		    asprintf(&paths[count], "%s/%s", folder,
			     entry->d_name) >= 0)
			count++;
	(void)closedir(dir);
	qsort(paths, count, sizeof(paths[0]), by_name);
	for (i = 0; i < count; i++) {
		if (file_read(paths[i], &seeds[used]) == 0)
			used++;
		free(paths[i]);
	}
	return used;
}

/* Makes room for, or takes out, `len` octets at `at`. */
static void insert(struct input *input, size_t at, size_t len)
{
	if (len > INPUT_MAX - input->len)
		return;
	memmove(input->data + at + len, input->data + at, input->len - at);
	input->len += len;
}

static void take_out(struct input *input, size_t at, size_t len)
{
	memmove(input->data + at, input->data + at + len,
		input->len - at - len);
	input->len -= len;
}

/* The words of a dictionary. */
struct words {
	struct word {
		size_t len;
		uint8_t octets[WORD_MAX];
	} list[WORDS_MAX];
	size_t count;
};

/* One octet of a word as it is written: itself, \\ or \xNN. */
static uint8_t octet_take(const char **at)
{
	char digits[3] = { 0, 0, 0 };

	if (**at != '\\')
		return (uint8_t)*(*at)++;
	(*at)++;
	if (**at != 'x' || (*at)[1] == 0 || (*at)[2] == 0)
		return (uint8_t)*(*at)++;
	memcpy(digits, *at + 1, 2);
	*at += 3;
	return (uint8_t)strtoul(digits, NULL, 16);
}

/* Lines "word" or name="word"; # begins a comment. */
static void words_read(const char *path, struct words *words)
{
	FILE *file = path == NULL ? NULL : fopen(path, "r");
	char line[512];
	const char *at;
	struct word *word;

	words->count = 0;
	while (file != NULL && words->count < WORDS_MAX &&
	       fgets(line, sizeof(line), file) != NULL) {
		at = strchr(line, '"');
		if (line[0] == '#' || at == NULL)
			continue;
		word = &words->list[words->count++];
		word->len = 0;
		for (at++; *at != 0 && *at != '"' && word->len < WORD_MAX;)
			word->octets[word->len++] = octet_take(&at);
	}
	if (file != NULL)
		(void)fclose(file);
}

static void put_word(struct input *input, size_t at, const struct words *words,
		     uint64_t *state)
{
	const struct word *word = &words->list[below(state, words->count)];
	size_t before = input->len;

	insert(input, at, word->len);
	if (input->len > before)
		memcpy(input->data + at, word->octets, word->len);
}

static void change(struct input *input, const struct input *other,
		   const struct words *words, uint64_t *state)
{
	static const char marks[] =
		"\r\n\t \0:;=<>()\"\\@,.[]*?/_-%{}~\x80\xff";
	size_t at = below(state, input->len + 1);
	size_t len = 1 + below(state, 16), from, before;

	if (len > input->len - at)
		len = input->len - at;
	switch (below(state, words->count > 0 ? 8 : 6)) {
	case 0:				/* flip */
		if (at < input->len)
			input->data[at] ^= (uint8_t)(1u << below(state, 8));
		break;
	case 1:				/* a character that means something */
		if (at < input->len)
			input->data[at] = (uint8_t)
				marks[below(state, sizeof(marks) - 1)];
		break;
	case 2:				/* insert */
		before = input->len;
		insert(input, at, 1);
		if (input->len > before)
			input->data[at] = (uint8_t)
				marks[below(state, sizeof(marks) - 1)];
		break;
	case 3:				/* delete */
		take_out(input, at, len);
		break;
	case 4:				/* duplicate */
		before = input->len;
		insert(input, at, len);
		if (input->len > before && len > 0)
			memcpy(input->data + at, input->data + at + len, len);
		break;
	case 6:
	case 7:
		put_word(input, at, words, state);
		break;
	default:			/* splice: the end of another seed */
		from = below(state, other->len + 1);
		len = other->len - from;
		if (len > INPUT_MAX - at)
			len = INPUT_MAX - at;
		if (len > 0)
			memcpy(input->data + at, other->data + from, len);
		input->len = at + len;
		break;
	}
}

static int smoke(const char *folder, const char *dictionary)
{
	static struct words words;
	uint8_t nothing[1] = { 0 };
	struct input seeds[SEEDS_MAX + 1], input = { NULL, 0 };
	const struct input *seed;
	uint64_t state = 0x9e3779b97f4a7c15u;
	size_t count = seeds_read(folder, seeds), round, i;
	clock_t start = clock();

	words_read(dictionary, &words);
	input.data = malloc(INPUT_MAX);
	if (input.data == NULL)
		return EXIT_FAILURE;
	for (i = 0; i < count; i++)
		run(seeds[i].data, seeds[i].len);
	seeds[count].data = nothing;	/* and the empty input */
	seeds[count].len = 0;
	run(nothing, 0);
	for (round = 0; round < ROUNDS_MAX; round++) {
		if (round >= ROUNDS_MIN && (double)(clock() - start) >
		    SECONDS_MAX * CLOCKS_PER_SEC)
			break;
		seed = &seeds[below(&state, count + 1)];
		memcpy(input.data, seed->data, seed->len);
		input.len = seed->len;
		for (i = 1 + below(&state, CHANGES_MAX); i > 0; i--)
			change(&input, &seeds[below(&state, count + 1)],
			       &words, &state);
		run(input.data, input.len);
	}
	for (i = 0; i < count; i++)
		free(seeds[i].data);
	free(input.data);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct input input;
	int i;

	if (argc >= 3 && argc <= 4 && strcmp(argv[1], "--smoke") == 0)
		return smoke(argv[2], argv[3]);
	for (i = 1; i < argc; i++) {
		if (file_read(argv[i], &input) < 0) {
			perror(argv[i]);
			return EXIT_FAILURE;
		}
		run(input.data, input.len);
		free(input.data);
	}
	return EXIT_SUCCESS;
}

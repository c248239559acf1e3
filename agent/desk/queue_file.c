/* queue_file.c - writing and reading one submission's file */
#include "agent/desk/queue_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/base/arena.h"
#include "agent/base/buf.h"
#include "agent/base/descriptor.h"
#include "agent/base/err.h"
#include "agent/base/stream.h"

#define HEAD_FORMAT	"mailseal-queue 1 %020llu %010llu "
#define HEAD_WORD	"mailseal-queue 1 "
#define LOG_ROOM	16384	/* bytes, and for each recipient: */
#define LOG_RECIPIENT	1024

static int read_all(int fd, unsigned char *to, size_t len, uint64_t offset)
{
	ssize_t got = descriptor_read(fd, to, len, offset);

	if (got < 0)
		return ERR_IO;
	return (size_t)got == len ? 0 : ERR_SYNTAX;
}

/* --- writing */

int queue_writer_open(struct queue_writer *writer, int fd)
{
	unsigned char blank[QUEUE_HEAD];
	struct bytes bytes = { blank, sizeof(blank) };

	memset(writer, 0, sizeof(*writer));
	writer->fd = fd;
	buf_init(&writer->held, 2 * STREAM_PIECE);
	memset(blank, ' ', sizeof(blank));
	/* What an earlier attempt left is not to stand behind the job. */
	return lseek(fd, 0, SEEK_SET) < 0 || ftruncate(fd, 0) < 0 ? ERR_IO :
	       descriptor_write(fd, bytes);
}

static int writer_flush(struct queue_writer *writer)
{
	int r = descriptor_write(writer->fd, buf_bytes(&writer->held));

	buf_clear(&writer->held);
	return r;
}

static int writer_take(void *ctx, struct bytes piece)
{
	struct queue_writer *writer = ctx;
	int r = 0;

	writer->size += piece.len;
	if (writer->held.len + piece.len > STREAM_PIECE)
		r = writer_flush(writer);
	if (r == 0 && piece.len > STREAM_PIECE)
		return descriptor_write(writer->fd, piece);
	buf_add(&writer->held, piece);
	return r == 0 && writer->held.full ? ERR_MEMORY : r;
}

struct sink queue_writer_sink(struct queue_writer *writer)
{
	struct sink sink = { writer_take, writer };

	return sink;
}

static int head_write(int fd, uint64_t mail, size_t job)
{
	char head[QUEUE_HEAD + 1];
	int len = snprintf(head, sizeof(head), HEAD_FORMAT,
			   (unsigned long long)mail,
			   (unsigned long long)job);

	memset(head + len, ' ', sizeof(head) - 1 - (size_t)len);
	head[QUEUE_HEAD - 1] = '\n';
	if (lseek(fd, 0, SEEK_SET) < 0)
		return ERR_IO;
	return descriptor_write(fd, (struct bytes){ (unsigned char *)head,
					     QUEUE_HEAD });
}

/* Best effort: not every file system can. */
static void room_keep(int fd, uint64_t end, size_t recipients)
{
	off_t room = LOG_ROOM + (off_t)recipients * LOG_RECIPIENT;

	(void)fallocate(fd, FALLOC_FL_KEEP_SIZE, (off_t)end, room);
}

int queue_writer_close(struct queue_writer *writer,
		       const struct queue_job *job)
{
	struct buf text;
	uint64_t end;
	int r;

	buf_init(&text, QUEUE_TEXT_MAX);
	r = queue_job_print(job, &text);
	if (r == 0)
		r = writer_flush(writer);
	if (r == 0)
		r = descriptor_write(writer->fd, buf_bytes(&text));
	end = QUEUE_HEAD + writer->size + text.len;
	if (r == 0)
		room_keep(writer->fd, end, job->recipient_count);
	if (r == 0)
		r = head_write(writer->fd, writer->size, text.len);
	if (r == 0 && fdatasync(writer->fd) < 0)
		r = ERR_IO;
	buf_free(&text);
	return r;
}

void queue_writer_free(struct queue_writer *writer)
{
	buf_free(&writer->held);
}

/* --- reading */

static int head_read(int fd, uint64_t *mail, size_t *job)
{
	unsigned char room[QUEUE_HEAD];
	struct bytes head = { room, sizeof(room) }, word;
	long long number;
	int r = read_all(fd, room, sizeof(room), 0);

	if (r < 0)
		return r;
	if (!bytes_starts(head, HEAD_WORD) || room[QUEUE_HEAD - 1] != '\n')
		return ERR_SYNTAX;
	head = bytes_slice(head, strlen(HEAD_WORD), head.len);
	(void)bytes_cut(head, ' ', &word, &head);
	/* bytes_number takes 18 digits. */
	number = word.len == 20 ?
		 bytes_number(bytes_slice(word, 2, word.len)) : -1;
	if (number < 0 || !bytes_starts(word, "00"))
		return ERR_SYNTAX;
	*mail = (uint64_t)number;
	(void)bytes_cut(head, ' ', &word, &head);
	number = bytes_number(word);
	if (number <= 0 || number > QUEUE_TEXT_MAX)
		return ERR_SYNTAX;
	*job = (size_t)number;
	return 0;
}

/* `size` bytes at `offset` into the arena. */
static int part_read(struct arena *arena, int fd, uint64_t offset, size_t size,
		     struct bytes *out)
{
	unsigned char *room = arena_alloc(arena, size + 1);

	out->data = room;
	out->len = size;
	if (room == NULL)
		return ERR_LIMIT;
	return read_all(fd, room, size, offset);
}

int queue_file_read(struct arena *arena, int fd, struct queue_file *out)
{
	struct bytes text, log;
	struct stat about;
	uint64_t start, end;
	size_t size;
	int r;

	memset(out, 0, sizeof(*out));
	r = head_read(fd, &out->mail_size, &size);
	if (r < 0)
		return r;
	if (fstat(fd, &about) < 0)
		return ERR_IO;
	start = QUEUE_HEAD + out->mail_size;
	end = start + size;
	if (about.st_size < 0 || (uint64_t)about.st_size < end)
		return ERR_SYNTAX;
	if ((uint64_t)about.st_size - end > QUEUE_LOG_MAX)
		return ERR_LIMIT;
	r = part_read(arena, fd, start, size, &text);
	if (r == 0)
		r = queue_job_parse(arena, text, out->mail_size, &out->job);
	if (r == 0)
		r = part_read(arena, fd, end,
			      (size_t)((uint64_t)about.st_size - end), &log);
	if (r == 0)
		r = queue_log_read(arena, log, out->job.recipient_count,
				   &out->state);
	return r;
}

static int mail_read(void *ctx, unsigned char *room, size_t size)
{
	struct queue_mail_reader *reader = ctx;
	uint64_t left = reader->size - reader->at;
	ssize_t got;

	if (size > left)
		size = (size_t)left;
	if (size > INT_MAX)
		size = INT_MAX;
	if (size == 0)
		return 0;
	do
		got = pread(reader->fd, room, size,
			    (off_t)(reader->start + reader->at));
	while (got < 0 && errno == EINTR);
	if (got <= 0)
		return ERR_IO;		/* it became shorter */
	reader->at += (uint64_t)got;
	return (int)got;
}

static int mail_rewind(void *ctx)
{
	((struct queue_mail_reader *)ctx)->at = 0;
	return 0;
}

struct source queue_mail_source(struct queue_mail_reader *reader, int fd,
				uint64_t offset, uint64_t size)
{
	struct source source = { mail_read, mail_rewind, reader };

	reader->fd = fd;
	reader->start = QUEUE_HEAD + offset;
	reader->size = size;
	reader->at = 0;
	return source;
}

/* --- the log */

int queue_log_add(int fd, const struct buf *records, enum queue_safety safety)
{
	int r = records->full ? ERR_LIMIT :
		descriptor_write(fd, buf_bytes(records));

	if (r == 0 && safety == QUEUE_ON_DISK && fdatasync(fd) < 0)
		r = ERR_IO;
	return r;
}

int queue_file_lock(int fd)
{
	int r;

	do
		r = flock(fd, LOCK_EX | LOCK_NB);
	while (r < 0 && errno == EINTR);
	return r == 0 ? 0 : ERR_REFUSED;
}

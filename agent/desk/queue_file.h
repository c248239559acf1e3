/* queue_file.h - one submission, one file
 *
 * A head of 64 bytes ("mailseal-queue 1", two sizes, blanks, a line end), the
 * mail (protected, lines end with CRLF), the job (queue_job.h), and behind it
 * the log (queue_log.h) that grows.  The head is written last: a file without
 * one is none.  One file, so that keeping, failing and removing a submission
 * are one rename or unlink each.
 * Works on descriptors that somebody else opened. */
#ifndef MAILSEAL_DESK_QUEUE_FILE_H
#define MAILSEAL_DESK_QUEUE_FILE_H

#include "agent/desk/queue_job.h"
#include "agent/desk/queue_log.h"

struct sink;
struct source;

#define QUEUE_HEAD	64	/* bytes */

/* --- Writing; `fd` is open for reading and writing, and empty. */

struct queue_writer {
	int fd;
	uint64_t size;		/* of the mail so far */
	struct buf held;	/* not yet written */
};

/* 0; ERR_IO; ERR_MEMORY. */
int queue_writer_open(struct queue_writer *writer, int fd);
/* Takes pieces of the mail; ERR_IO: errno tells (a full disk). */
struct sink queue_writer_sink(struct queue_writer *writer);
/* Job and head, and room for the log, so that a disk that fills up later
 * does not keep an answer from being recorded; all of it is on the disk
 * afterwards.  0; ERR_IO; ERR_SYNTAX, ERR_LIMIT: of queue_job_print(). */
int queue_writer_close(struct queue_writer *writer,
		       const struct queue_job *job);
void queue_writer_free(struct queue_writer *writer);	/* `fd` stays */

/* --- Reading. */

struct queue_file {
	struct queue_job job;
	struct queue_state state;
	uint64_t mail_size;
};

/* Everything but the mail, into `arena`. 0; ERR_IO; ERR_SYNTAX: no such file,
 * or not written to its end; ERR_LIMIT. */
int queue_file_read(struct arena *arena, int fd, struct queue_file *out);

/* A piece of the mail as a source; `reader` lives as long. */
struct queue_mail_reader {
	int fd;
	uint64_t start, size, at;
};
struct source queue_mail_source(struct queue_mail_reader *reader, int fd,
				uint64_t offset, uint64_t size);

/* --- The log. */

/* Adds records to a descriptor that was opened with O_APPEND. */
enum queue_safety { QUEUE_WRITTEN, QUEUE_ON_DISK };
int queue_log_add(int fd, const struct buf *records, enum queue_safety safety);

/* Whoever works on a file holds it; a lock ends with its last descriptor,
 * whatever becomes of the processes.  0; ERR_REFUSED: somebody does. */
int queue_file_lock(int fd);

#endif

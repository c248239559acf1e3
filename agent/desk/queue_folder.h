/* queue_folder.h - the queue on the disk
 *
 * Under the agent's state folder:
 *	queue/new/NAME		being written; swept at start
 *	queue/jobs/ID		what is to be sent
 *	queue/failed/ID		what will not be tried again
 *	queue/done/ID		receipts, so that a repeated id is harmless
 *	queue/drafts/ID		receipts being written; swept at start
 * Names are ids (queue_job.h).  Every call may wait for the disk: it belongs
 * in a thread that may. */
#ifndef MAILSEAL_DESK_QUEUE_FOLDER_H
#define MAILSEAL_DESK_QUEUE_FOLDER_H

#include <stdint.h>

#include "agent/base/bytes.h"

struct buf;

#define QUEUE_RECEIPT_MAX	(128 * 1024)	/* bytes of one receipt */

enum queue_place { QUEUE_NEW, QUEUE_JOBS, QUEUE_FAILED, QUEUE_DONE,
		   QUEUE_DRAFTS, QUEUE_PLACES };

struct queue_folder {
	int places[QUEUE_PLACES];	/* descriptors of the folders */
};

/* Makes what is missing under the folder `state`, empties new/ and drafts/.
 * 0; ERR_IO with errno. */
int queue_folder_open(struct queue_folder *folder, const char *state);
void queue_folder_close(struct queue_folder *folder);

/* A new, empty file in new/, readable and writable by this user alone; -1. */
int queue_folder_make(struct queue_folder *folder, const char *id);

/* From one place to another, durably: the file's own content was synced
 * before.  0; ERR_IO. */
int queue_folder_move(struct queue_folder *folder, const char *id,
		      enum queue_place from, enum queue_place to);
/* Gone; that it is not there is no error. 0; ERR_IO. */
int queue_folder_remove(struct queue_folder *folder, const char *id,
			enum queue_place place);
/* What was removed stays so after a power cut.  0; ERR_IO. */
int queue_folder_sync(struct queue_folder *folder, enum queue_place place);

/* For reading and adding to the log; -1: not there, or no file. */
int queue_folder_file(struct queue_folder *folder, const char *id,
		      enum queue_place place);

/* A receipt: whole or not at all, and on the disk.  0; ERR_IO. */
int queue_receipt_write(struct queue_folder *folder, const char *id,
			struct bytes text);
/* 0; ERR_IO: with ENOENT there is none, with another errno nobody knows;
 * ERR_SYNTAX: something else has its name; ERR_LIMIT. */
int queue_receipt_read(struct queue_folder *folder, const char *id,
		       struct buf *to);
/* Removes receipts whose file is older (seconds since 1970). */
void queue_receipts_sweep(struct queue_folder *folder, int64_t before);

/* Calls `found` for every id there; stops at a negative answer, which it
 * gives back. */
int queue_folder_each(struct queue_folder *folder, enum queue_place place,
		      int (*found)(void *ctx, const char *id), void *ctx);

#endif

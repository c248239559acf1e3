/* hostile_files.h - descriptors that are no message, or hardly one */
#ifndef MAILSEAL_TESTS_HOSTILE_FILES_H
#define MAILSEAL_TESTS_HOSTILE_FILES_H

#include <stddef.h>

#define HOSTILE_PLAIN_MAIL	5	/* from the end: a small mail */

/* FOLDER/NAME with that text; negative: errno tells. */
int hostile_file(const char *folder, const char *name, const char *text);

/* Pipes, folders, devices, files that change and such; ends the program when
 * one cannot be had.  Their number; to be called once. */
size_t hostile_files(const char *folder, const int **out);

#endif

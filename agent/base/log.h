/* log.h - the only place that prints
 *
 * Lines go to standard error, one a call, "mailseald[reader]: ..."; under
 * systemd each begins with the journal's priority mark (sd-daemon(3)).
 * Control characters are made visible, so that nothing read from mail or DNS
 * acts on a terminal.  Never log a secret, a message or a whole address. */
#ifndef MAILSEAL_BASE_LOG_H
#define MAILSEAL_BASE_LOG_H

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO,
		 LOG_LEVEL_DEBUG };

/* Called once, before there are threads.  `name` is kept, not copied. */
void log_open(const char *name, enum log_level most);

void log_line(enum log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif

/* pinentry_steps.c - what is said to a pinentry, in which order */
#include "agent/keys/pinentry_inside.h"

#include <stdio.h>
#include <string.h>

void pinentry_text(char *to, size_t room, const char *from)
{
	size_t len = 0;

	for (; from != NULL && *from != '\0' && len + 4 < room; from++) {
		if (*from == '%' || *from == '\n') {
			(void)snprintf(to + len, 4, "%%%02X",
				       (unsigned char)*from);
			len += 3;
		} else if ((unsigned char)*from < 32 || *from == 127) {
			to[len++] = '?';
		} else {
			to[len++] = *from;
		}
	}
	to[len] = '\0';
}

void pinentry_say(struct pinentry *pinentry, const char *command,
		  const char *text)
{
	(void)snprintf(pinentry->out, sizeof(pinentry->out) - 1, "%s%s",
		       command, text);
	pinentry->out_len = strlen(pinentry->out);
	pinentry->out[pinentry->out_len++] = '\n';
	pinentry->out_sent = 0;
}

/* Says what this step has to say; false: nothing. */
static bool step_say(struct pinentry *pinentry)
{
	char number[24];
	bool fresh = !pinentry->asking_again;
	const char *ask = pinentry->kind == PINENTRY_CONFIRM ? "CONFIRM" :
							      "GETPIN";

	switch (pinentry->step) {
	case STEP_GREETING:
		return false;
	case STEP_GRAB:
		pinentry_say(pinentry, "OPTION no-grab", "");
		return true;
	case STEP_TTY:
		pinentry_say(pinentry, "OPTION ttyname=", pinentry->tty);
		return pinentry->tty[0] != '\0';
	case STEP_TERM:
		pinentry_say(pinentry, "OPTION ttytype=", pinentry->term);
		return pinentry->term[0] != '\0';
	case STEP_DISPLAY:
		pinentry_say(pinentry, "OPTION display=", pinentry->display);
		return pinentry->display[0] != '\0';
	case STEP_CHARSET:
		pinentry_say(pinentry, "OPTION lc-ctype=C.UTF-8", "");
		return true;
	case STEP_TITLE:
		pinentry_say(pinentry, "SETTITLE ", pinentry->title);
		return pinentry->title[0] != '\0';
	case STEP_DESCRIPTION:
		pinentry_say(pinentry, "SETDESC ", pinentry->description);
		return true;
	case STEP_PROMPT:
		pinentry_say(pinentry, "SETPROMPT ",
			     fresh ? pinentry->prompt : "Once more:");
		return pinentry->kind != PINENTRY_CONFIRM;
	case STEP_TIMEOUT:
		(void)snprintf(number, sizeof(number), "%d",
			       PINENTRY_WAIT_MS / 1000);
		pinentry_say(pinentry, "SETTIMEOUT ", number);
		return true;
	case STEP_REPEAT:
		pinentry_say(pinentry, "SETREPEAT Once more:", "");
		return pinentry->kind == PINENTRY_NEW && fresh;
	case STEP_ERROR:
		pinentry_say(pinentry, "SETERROR ", pinentry->error);
		return pinentry->error[0] != '\0' && fresh;
	case STEP_ASK:
	default:
		pinentry_say(pinentry, ask, "");
		return true;
	}
}

void pinentry_step(struct pinentry *pinentry, enum step step)
{
	pinentry->step = step;
	while (!step_say(pinentry))
		pinentry->step++;
	if (pinentry->step == STEP_ASK) {
		pinentry->secret_len = 0;
		pinentry->repeated = false;
		pinentry->error[0] = '\0';
	}
}

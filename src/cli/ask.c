/* Questions at the terminal. Where there is none, nobody is asked. */
#include "cli/verb.h"

#include "app/exchange.h"
#include "report/exchange_words.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/* A line without its end, all of it, so that the rest of a long one does not answer the next question; false where there is none. */
static bool read_line(char line[APP_ANSWER_SIZE])
{
	size_t length;

	if (!fgets(line, APP_ANSWER_SIZE, stdin))
		return false;
	length = strcspn(line, "\n");
	if (!line[length])
		for (int c = getchar(); c != '\n' && c != EOF;)
			c = getchar();
	line[length] = 0;
	return true;
}

static bool read_yes(void)
{
	char line[APP_ANSWER_SIZE];

	return read_line(line) && (*line == 'y' || *line == 'Y');
}

static bool ask_about(char name[APP_ANSWER_SIZE], const struct public_key *key)
{
	char fingerprint[KEY_FINGERPRINT_SIZE], words[KEY_WORDS_SIZE];

	key_fingerprint(fingerprint, key);
	key_words(words, key);
	fprintf(stderr,
		"A clinic that is not known here has signed this.\n"
		"  fingerprint  %s\n  in words     %s\n"
		"Call it and have it read out its words (`follitone store init`). Are they the "
		"same? [y/N] ",
		fingerprint, words);
	if (!read_yes())
		return false;
	fprintf(stderr, "A name to keep it under [its first words]: ");
	return read_line(name);
}

asker *ask_trust(void)
{
	return is_terminal() ? ask_about : NULL;
}

bool ask_leave(const struct app_leaving *leaving, int count)
{
	struct text shown = {0};

	if (!is_terminal())
		return false;
	for (int i = 0; i < count; i++)
		words_leaving(&shown, &leaving[i].stamp, &leaving[i].fields);
	if (!text_failed(&shown))
		fprintf(stderr, "%sShare this? It cannot be called back. [y/N] ", shown.data);
	text_clear(&shown);
	return read_yes();
}

/* Each file stands by itself in memory, so that whoever fills one may add the next. */
#include "cli/outputs.h"

#include "base/file.h"
#include "report/json.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct output {
	char path[ZONE_PATH_SIZE];
	struct text bytes;
};

static bool make_room(struct outputs *outputs)
{
	const size_t count = (size_t)outputs->count + 1;
	struct output **item = realloc(outputs->item, count * sizeof *item);
	const char **path;

	if (!item)
		return false;
	outputs->item = item;
	path = realloc(outputs->path, count * sizeof *path);
	if (!path)
		return false;
	outputs->path = path;
	return true;
}

struct text *outputs_add(struct outputs *outputs, const char *path, struct error *err)
{
	struct output *added = make_room(outputs) ? calloc(1, sizeof *added) : NULL;

	if (!added) {
		error_memory(err);
		return NULL;
	}
	text_copy(added->path, sizeof added->path, path);
	outputs->item[outputs->count] = added;
	outputs->path[outputs->count++] = added->path;
	return &added->bytes;
}

struct text *outputs_add_zone(struct outputs *outputs, const char *output, int zone,
			      const char *name, int session, struct error *err)
{
	const char *ending = strrchr(output, '.');
	char path[ZONE_PATH_SIZE];

	return zone_path(path, output, ending ? ending : "", zone, name, session, err)
		       ? NULL
		       : outputs_add(outputs, path, err);
}

enum status outputs_write(const struct outputs *outputs, struct error *err)
{
	struct file_content *file = calloc((size_t)outputs->count + 1, sizeof *file);
	enum status status = file ? STATUS_OK : error_memory(err);

	for (int i = 0; file && i < outputs->count; i++)
		file[i] = (struct file_content){.path = outputs->item[i]->path,
						.bytes = outputs->item[i]->bytes.data,
						.length = outputs->item[i]->bytes.length};
	if (!status)
		status = file_write_all(file, outputs->count, err);
	free(file);
	return status;
}

enum status outputs_say(struct answer *answer, const struct outputs *outputs, bool json,
			struct error *err)
{
	if (json)
		return json_files(&answer->text, outputs->path, outputs->count, &answer->notes,
				  err);
	for (int i = 0; i < outputs->count; i++)
		text_addf(&answer->text, "%s\n", outputs->path[i]);
	return STATUS_OK;
}

void outputs_clear(struct outputs *outputs)
{
	for (int i = 0; i < outputs->count; i++) {
		text_clear(&outputs->item[i]->bytes);
		free(outputs->item[i]);
	}
	free(outputs->item);
	free(outputs->path);
	*outputs = (struct outputs){0};
}

enum status zone_path(char path[ZONE_PATH_SIZE], const char *output, const char *ending, int zone,
		      const char *name, int session, struct error *err)
{
	size_t stem = strlen(output), tail = strlen(ending);
	char zone_word[RECIPE_NAME_SIZE], session_word[16] = "";
	int length;

	if (stem > tail && strcmp(output + stem - tail, ending) == 0)
		stem -= tail;
	text_copy(zone_word, sizeof zone_word, name);
	for (char *c = zone_word; *c; c++)
		*c = (*c & 0x80) || isalnum((unsigned char)*c) ? (char)tolower((unsigned char)*c)
							       : '-';
	if (session)
		snprintf(session_word, sizeof session_word, "-%d", session);
	length = snprintf(path, ZONE_PATH_SIZE, "%.*s-%d-%s%s%s", (int)stem, output, zone,
			  zone_word, session_word, ending);
	return length < ZONE_PATH_SIZE
		       ? STATUS_OK
		       : error_set(err, STATUS_REFUSED, "%.80s…: the path is too long", output);
}

/* One pass over the text, settings in blocks of memory that are freed together. The settings are libconfig's own, public,
 * structures, so that all who read them need not know who made them.
 *
 * libconfig 1.5 takes 320 us for a recipe of 11 kB (a third of it in its scanner, the rest in an allocation or two for each
 * setting), this 25 us. */
#include "formats/config_quick.h"

#include "base/number.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 32 << 10, OPEN_MOST = 4096, DEPTH_MOST = 16, MEMBERS_MOST = 256 };

struct block {
	struct block *next;
	size_t used;
	max_align_t bytes[];
};

struct quick {
	struct config_input *in;
	const char *at; /* NULL: it is not plain */
	unsigned line;
	int depth;
	config_setting_t
		*open[OPEN_MOST]; /* settings of groups and lists that are not closed yet */
	unsigned opened;
};

static bool give_up(struct quick *quick)
{
	quick->at = NULL;
	return false;
}

static void *take_memory(struct quick *quick, size_t size)
{
	struct block *block = quick->in->quick;

	size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	if (!block || block->used + size > BLOCK_SIZE) {
		block = malloc(sizeof *block + (size > BLOCK_SIZE ? size : BLOCK_SIZE));
		if (!block) {
			give_up(quick);
			return NULL;
		}
		block->used = 0;
		block->next = quick->in->quick;
		quick->in->quick = block;
	}
	block->used += size;
	return (char *)block->bytes + block->used - size;
}

void config_quick_free(struct config_input *in)
{
	while (in->quick) {
		struct block *block = in->quick;

		in->quick = block->next;
		free(block);
	}
}

static char *copy_bytes(struct quick *quick, const char *from, size_t length)
{
	char *copy = take_memory(quick, length + 1);

	if (copy) {
		memcpy(copy, from, length);
		copy[length] = 0;
	}
	return copy;
}

/* --- words ------------------------------------------------------------------------------------ */

/* Over blanks and comments up to the end of their line. */
static char skip(struct quick *quick)
{
	for (;; quick->at++) {
		if (*quick->at == '#' || (quick->at[0] == '/' && quick->at[1] == '/'))
			quick->at += strcspn(quick->at, "\n");
		if (*quick->at == '\n')
			quick->line++;
		else if (*quick->at != ' ' && *quick->at != '\t' && *quick->at != '\r')
			return *quick->at;
	}
}

static bool take(struct quick *quick, char c)
{
	if (skip(quick) != c)
		return give_up(quick);
	quick->at++;
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char *take_name(struct quick *quick)
{
	const char *start = quick->at;

	if (!is_letter(*start)) {
		give_up(quick);
		return NULL;
	}
	while (is_letter(*quick->at) || is_digit(*quick->at) || *quick->at == '_' ||
	       *quick->at == '-')
		quick->at++;
	return copy_bytes(quick, start, (size_t)(quick->at - start));
}

/* Control characters, DEL among them, are left to libconfig. */
static bool take_string(struct quick *quick, config_setting_t *setting)
{
	const char *start = ++quick->at;
	char *to;

	while (*quick->at != '"') {
		if ((unsigned char)*quick->at < ' ' || *quick->at == 127)
			return give_up(quick);
		if (*quick->at == '\\' && *++quick->at != '"' && *quick->at != '\\')
			return give_up(quick);
		quick->at++;
	}
	setting->type = CONFIG_TYPE_STRING;
	setting->value.sval = copy_bytes(quick, start, (size_t)(quick->at - start));
	if (!setting->value.sval)
		return false;
	quick->at++;
	to = setting->value.sval;
	for (const char *from = to; *from; from++)
		*to++ = *from == '\\' ? *++from : *from;
	*to = 0;
	if (skip(quick) == '"') /* two in a row are one */
		return give_up(quick);
	if (!setting->name) /* libconfig has looked for a second one before it takes down the line */
		setting->line = quick->line;
	return true;
}

static const char *skip_digits(const char *s)
{
	while (is_digit(*s))
		s++;
	return s;
}

static bool read_number(struct quick *quick, config_setting_t *setting, size_t length)
{
	char text[NUMBER_TEXT_SIZE];
	double value;

	if (length >= sizeof text)
		return give_up(quick);
	memcpy(text, quick->at, length);
	text[length] = 0;
	if (!number_read(&value, text))
		return give_up(quick);
	if (setting->type == CONFIG_TYPE_INT)
		setting->value.ival = (int)value;
	else
		setting->value.fval = value;
	quick->at += length;
	return true;
}

/* Where it is whole, of at most nine digits (config.c says why), and not octal. */
static bool take_number(struct quick *quick, config_setting_t *setting)
{
	const char *start = quick->at, *digits = start + (*start == '-');
	const char *end = skip_digits(digits);

	if (end == digits)
		return give_up(quick);
	setting->type = CONFIG_TYPE_INT;
	if (*end == '.' && is_digit(end[1])) {
		setting->type = CONFIG_TYPE_FLOAT;
		end = skip_digits(end + 1);
	}
	if (*end == 'e') {
		const char *power = end + 1 + (end[1] == '-' || end[1] == '+');

		setting->type = CONFIG_TYPE_FLOAT;
		end = skip_digits(power);
		if (end == power)
			return give_up(quick);
	}
	if (is_letter(*end) || *end == '.' || *end == '_')
		return give_up(quick);
	if (setting->type == CONFIG_TYPE_INT &&
	    (end - digits > 9 || (*digits == '0' && end - digits > 1)))
		return give_up(quick);
	return read_number(quick, setting, (size_t)(end - start));
}

static bool take_boolean(struct quick *quick, config_setting_t *setting)
{
	size_t length = strncmp(quick->at, "true", 4) == 0    ? 4
			: strncmp(quick->at, "false", 5) == 0 ? 5
							      : 0;

	setting->type = CONFIG_TYPE_BOOL;
	setting->value.ival = length == 4;
	quick->at += length;
	if (!length || is_letter(*quick->at) || is_digit(*quick->at) || *quick->at == '_' ||
	    *quick->at == '-' || *quick->at == '*')
		return give_up(quick);
	return true;
}

/* --- settings --------------------------------------------------------------------------------- */

static config_setting_t *open_setting(struct quick *quick, config_setting_t *parent)
{
	config_setting_t *setting = take_memory(quick, sizeof *setting);

	if (!setting)
		return NULL;
	if (quick->opened == OPEN_MOST) {
		give_up(quick);
		return NULL;
	}
	memset(setting, 0, sizeof *setting);
	setting->parent = parent;
	setting->config = &quick->in->config;
	setting->line = quick->line;
	quick->open[quick->opened++] = setting;
	return setting;
}

/* What was opened since there were `first` open ones are the members of `parent`. */
static bool close_members(struct quick *quick, config_setting_t *parent, unsigned first)
{
	unsigned count = quick->opened - first;
	struct config_list_t *list = take_memory(quick, sizeof *list);
	config_setting_t **element = take_memory(quick, (count + 1) * sizeof *element);

	if (!list || !element)
		return false;
	memcpy(element, quick->open + first, count * sizeof *element);
	*list = (struct config_list_t){.length = count, .elements = element};
	parent->value.list = list;
	quick->opened = first;
	return true;
}

static bool take_value(struct quick *quick, config_setting_t *setting);

/* Over a group from its '{' to behind its '}', whatever is in it. */
static bool pass_over(struct quick *quick, config_setting_t *group)
{
	int depth = 0;

	group->type = CONFIG_TYPE_GROUP;
	do {
		quick->at += strcspn(quick->at, "{}\"\n/#");
		switch (*quick->at++) {
		case '{':
			depth++;
			break;
		case '}':
			depth--;
			break;
		case '\n':
			quick->line++;
			break;
		case '"':
			for (; (unsigned char)*quick->at >= ' ' && *quick->at != '"'; quick->at++)
				quick->at += quick->at[0] == '\\' && quick->at[1];
			if (*quick->at++ != '"')
				return give_up(quick);
			break;
		case '/':
			if (*quick->at != '/')
				return give_up(quick);
			/* fall through */
		case '#':
			quick->at += strcspn(quick->at, "\n");
			break;
		default: /* the end of the text */
			return give_up(quick);
		}
	} while (depth > 0);
	return close_members(quick, group, quick->opened);
}

static bool is_left_out(const struct quick *quick, const config_setting_t *member)
{
	return quick->in->skip && *quick->at == '{' &&
	       text_is_word_of(member->name, quick->in->skip);
}

/* Up to what closes the group; the root is one that ends with the text. */
static bool take_members(struct quick *quick, config_setting_t *group, char end)
{
	unsigned first = quick->opened;

	group->type = CONFIG_TYPE_GROUP;
	while (skip(quick) != end) {
		config_setting_t *member = open_setting(quick, group);

		if (!member || !(member->name = take_name(quick)) ||
		    quick->opened - first > MEMBERS_MOST)
			return give_up(quick);
		for (unsigned i = first; i + 1 < quick->opened; i++)
			if (*quick->open[i]->name == *member->name &&
			    strcmp(quick->open[i]->name, member->name) == 0)
				return give_up(quick);
		if (!take(quick, '='))
			return false;
		skip(quick);
		if (!(is_left_out(quick, member) ? pass_over(quick, member)
						 : take_value(quick, member)) ||
		    !take(quick, ';'))
			return false;
	}
	return close_members(quick, group, first);
}

/* The entries of a list or an array, up to `end`. */
static bool take_entries(struct quick *quick, config_setting_t *list, char end)
{
	while (skip(quick) != end) {
		config_setting_t *entry = open_setting(quick, list);

		if (!entry || !take_value(quick, entry))
			return false;
		if (skip(quick) == end)
			return true;
		if (!take(quick, ',') || skip(quick) == end)
			return give_up(quick);
	}
	return true;
}

static bool take_list(struct quick *quick, config_setting_t *list)
{
	unsigned first = quick->opened;

	list->type = CONFIG_TYPE_LIST;
	return take_entries(quick, list, ')') && close_members(quick, list, first);
}

/* Scalars of one type. */
static bool take_array(struct quick *quick, config_setting_t *array)
{
	unsigned first = quick->opened;

	array->type = CONFIG_TYPE_ARRAY;
	if (!take_entries(quick, array, ']'))
		return false;
	for (unsigned i = first; i < quick->opened; i++) {
		config_setting_t *entry = quick->open[i];

		if (entry->type != quick->open[first]->type || entry->type < CONFIG_TYPE_INT ||
		    entry->type > CONFIG_TYPE_BOOL)
			return give_up(quick);
	}
	return close_members(quick, array, first);
}

static bool take_inside(struct quick *quick, config_setting_t *setting, char begin)
{
	bool taken;

	if (quick->depth == DEPTH_MOST)
		return give_up(quick);
	quick->depth++;
	quick->at++;
	taken = begin == '{'   ? take_members(quick, setting, '}')
		: begin == '(' ? take_list(quick, setting)
			       : take_array(quick, setting);
	quick->depth--;
	if (taken)
		quick->at++;
	return taken;
}

static bool take_value(struct quick *quick, config_setting_t *setting)
{
	char begin = skip(quick);

	if (!setting->name)
		setting->line = quick->line;
	if (begin == '{' || begin == '(' || begin == '[')
		return take_inside(quick, setting, begin);
	if (begin == '"')
		return take_string(quick, setting);
	if (is_letter(begin))
		return take_boolean(quick, setting);
	return take_number(quick, setting);
}

bool config_quick_read(struct config_input *in, const char *text)
{
	struct quick quick = {.in = in, .at = text, .line = 1};

	in->quick = NULL;
	in->root = take_memory(&quick, sizeof *in->root);
	if (in->root)
		*in->root = (config_setting_t){.config = &in->config};
	if (in->root && take_members(&quick, in->root, 0))
		return true;
	config_quick_free(in);
	return false;
}

/* The text becomes a list of words that know their line, the list a table as other formats have, and the
 * table readings; so numbers are read and refused by the same rules. */
#include "formats/numbers.h"

#include "base/file.h"
#include "base/number.h"
#include "formats/csv.h"
#include "formats/decode.h"
#include "formats/table.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fewer numbers are no reading: 400–700 nm by 20. */
enum { READING_LEAST = 16 };

/* How many reflectances instruments and their programs give without saying where. */
static const struct grid usual_grids[] = {
	{400, 20, 16}, {400, 10, 31}, {380, 10, 36}, {360, 10, 39}, {380, 10, 41}, {360, 10, 43},
	{400, 5, 61},  {380, 5, 71},  {380, 5, 81},  {400, 1, 301}, {380, 1, 351}, {380, 1, 401},
};

static bool is_separator(char c)
{
	return c == ';' || c == ':' || c == '=' || isspace((unsigned char)c);
}

/* The next word and its length; 0 behind the last of the text. */
static size_t next_word(const char **cursor)
{
	size_t length = 0;

	while (is_separator(**cursor))
		++*cursor;
	while ((*cursor)[length] && !is_separator((*cursor)[length]))
		length++;
	return length;
}

static const char *skip_header(const char *text)
{
	while (*text == '#' || isspace((unsigned char)*text))
		text += *text == '#' ? strcspn(text, "\r\n") : 1;
	return text;
}

/* A wavelength, not a reflectance: 200 to 1100, where reflectances end at 150 percent. */
static bool is_wavelength(const char *word)
{
	double nm;

	return isdigit((unsigned char)*word) && wavelength_read(&nm, word);
}

/* Words of digits, and at most two others: the typing errors, which are then named. */
bool numbers_recognise(const char *text)
{
	const char *cursor = skip_header(text);
	size_t numeric = 0, other = 0, length;

	while ((length = next_word(&cursor)) > 0) {
		bool digits = strspn(cursor, "0123456789.,+-eE%") == length &&
			      memchr(cursor, 'e', length) != cursor;

		if (numeric == 0 && !digits)
			return false;
		if (length != 2 || strncmp(cursor, "nm", 2)) {
			numeric += digits || strspn(cursor, "0123456789nm") == length;
			other += !digits && strspn(cursor, "0123456789nm") != length;
		}
		for (size_t i = 0; digits && i + 1 < length; i++)
			numeric += cursor[i] == ',';
		cursor += length;
	}
	return numeric >= 2 && (other == 0 || (other <= 2 && numeric >= READING_LEAST));
}

/* --- words ---------------------------------------------------------------------------------- */

struct word {
	char *text;
	int line;
};

struct numbers {
	struct word *word;
	size_t count;
	size_t percents; /* words with a % behind them */
	struct table table;
	const char *path;
	struct notes *notes;
};

/* Digits on both sides and no point in the word: it may be a decimal one. */
static bool may_be_decimal(const char *comma, const char *word, size_t length)
{
	return comma > word && comma + 1 < word + length && isdigit((unsigned char)comma[-1]) &&
	       isdigit((unsigned char)comma[1]) && !memchr(word, '.', length);
}

/* Commas are decimal ones where there is no point and no word has two, else they separate; a text that
 * could be read both ways is refused. */
static enum status settle_commas(struct text *text, const char *path, struct error *err)
{
	const char *cursor = skip_header(text->data);
	bool point = strchr(cursor, '.') != NULL, several = false, decimal = false;
	size_t length;

	while ((length = next_word(&cursor)) > 0) {
		size_t commas = 0;

		for (size_t i = 0; i + 1 < length; i++)
			if (cursor[i] == ',') {
				commas++;
				decimal |= may_be_decimal(cursor + i, cursor, length);
			}
		several |= commas > 1;
		cursor += length;
	}
	if (decimal && (several || point))
		return error_set(
			err, STATUS_REFUSED,
			"%s: commas between the numbers%s: are they decimal commas? Blanks "
			"or semicolons between the numbers are needed",
			path, point ? " and decimal points too" : " and no decimal point");
	for (char *c = (char *)skip_header(text->data); *c; c++)
		if (*c == ',')
			*c = point || is_separator(c[1]) || c[1] == 0 ? ' ' : '.';
	return STATUS_OK;
}

static enum status add_word(struct numbers *numbers, size_t *room, char *word, int line,
			    struct error *err)
{
	size_t length = strlen(word);

	if (text_same(word, "nm"))
		return STATUS_OK;
	if (numbers->count == *room) {
		size_t wanted = *room ? 2 * *room : 64;
		struct word *grown = realloc(numbers->word, wanted * sizeof *grown);

		if (!grown)
			return error_memory(err);
		numbers->word = grown;
		*room = wanted;
	}
	if (word[length - 1] == '%')
		word[length - 1] = 0;
	numbers->percents += word[length - 1] == 0;
	numbers->word[numbers->count++] = (struct word){word, line};
	return STATUS_OK;
}

/* "5.0 %": the sign belongs to the word before. */
static enum status take_percent(struct numbers *numbers, int line, struct error *err)
{
	if (numbers->count == 0)
		return error_set(err, STATUS_REFUSED, "%s:%d: a %% without a number before it",
				 numbers->path, line);
	numbers->percents++;
	return STATUS_OK;
}

/* All reflectances in percent or none; what the header says must be true. */
static enum status settle_percent(struct numbers *numbers, struct error *err)
{
	size_t reflectances = 0;

	for (size_t i = 0; i < numbers->count; i++)
		reflectances += !is_wavelength(numbers->word[i].text);
	if (*numbers->table.quantity && numbers->table.scale == SCALE_UNDECLARED)
		return error_set(err, STATUS_REFUSED,
				 "%s: unit “%s”, reflectance 0..1 or reflectance percent is needed",
				 numbers->path, numbers->table.quantity);
	if (numbers->percents == 0)
		return STATUS_OK;
	if (numbers->percents != reflectances)
		return error_set(err, STATUS_REFUSED,
				 "%s: a %% behind %zu of %zu numbers; behind all or none is needed",
				 numbers->path, numbers->percents, reflectances);
	if (numbers->table.scale == SCALE_UNIT)
		return error_set(err, STATUS_REFUSED,
				 "%s: the header says 0..1, and the numbers have a %% behind them",
				 numbers->path);
	numbers->table.scale = SCALE_PERCENT;
	return STATUS_OK;
}

static enum status split(struct numbers *numbers, struct text *text, struct error *err)
{
	char *cursor = text->data, *line, *rest, *word;
	size_t room = 0;
	int number = 0;

	while ((line = text_next_line(&cursor, &number))) {
		if (*line == '#' && numbers->count == 0) {
			if (csv_header_read(&numbers->table, line, numbers->path, number, err))
				return err->status;
			continue;
		}
		for (rest = line; (word = strsep(&rest, ";:= \t\v\f"));)
			if (*word &&
			    (strcmp(word, "%") == 0 ? take_percent(numbers, number, err)
						    : add_word(numbers, &room, word, number, err)))
				return err->status;
	}
	return settle_percent(numbers, err);
}

/* --- the table ------------------------------------------------------------------------------ */

/* How many words stand on the line of word `first`. */
static size_t words_on_line(const struct numbers *numbers, size_t first)
{
	size_t i = first;

	while (i < numbers->count && numbers->word[i].line == numbers->word[first].line)
		i++;
	return i - first;
}

/* True where every line holds as many words as the first. */
static bool is_even(const struct numbers *numbers)
{
	size_t width = words_on_line(numbers, 0);

	for (size_t i = 0; i < numbers->count; i += width)
		if (words_on_line(numbers, i) != width)
			return false;
	return true;
}

static enum status add_words(struct numbers *numbers, size_t first, size_t count, struct error *err)
{
	for (size_t i = first; i < first + count; i++)
		if (table_add_cell(&numbers->table, numbers->word[i].text, numbers->word[i].line,
				   err))
			return err->status;
	return STATUS_OK;
}

static enum status add_name(struct numbers *numbers, int reading, struct error *err)
{
	char name[32];

	snprintf(name, sizeof name, "reading %d", reading);
	return table_add_cell(&numbers->table, name, 1, err);
}

static enum status add_header(struct numbers *numbers, const struct grid *grid, struct error *err)
{
	char nm[32];

	for (int i = 0; i < grid->count; i++) {
		snprintf(nm, sizeof nm, "%g", grid_wavelength_nm(grid, i));
		if (table_add_cell(&numbers->table, nm, 1, err))
			return err->status;
	}
	return STATUS_OK;
}

/* Rows of `width` words from `first` on, a name before each. */
static enum status add_readings(struct numbers *numbers, size_t first, size_t width,
				struct error *err)
{
	int reading = 1;

	numbers->table.columns = width + 1;
	for (; first < numbers->count; first += width)
		if (add_name(numbers, reading++, err) || add_words(numbers, first, width, err))
			return err->status;
	return STATUS_OK;
}

static enum status wavelengths_on_first_line(struct numbers *numbers, struct error *err)
{
	size_t width = words_on_line(numbers, 0);

	if (!is_even(numbers))
		return error_set(err, STATUS_REFUSED,
				 "%s:%d: %zu wavelengths, and not every line below holds as many "
				 "reflectances",
				 numbers->path, numbers->word[0].line, width);
	if (table_add_cell(&numbers->table, "name", numbers->word[0].line, err) ||
	    add_words(numbers, 0, width, err))
		return err->status;
	return add_readings(numbers, width, width, err);
}

static enum status wavelength_on_each_line(struct numbers *numbers, struct error *err)
{
	size_t width = words_on_line(numbers, 0);

	if (!is_even(numbers) || width < 2)
		return error_set(
			err, STATUS_REFUSED,
			"%s:%d: a wavelength; as many reflectances are needed behind it on "
			"each line",
			numbers->path, numbers->word[0].line);
	numbers->table.columns = width;
	if (table_add_cell(&numbers->table, "name", 1, err))
		return err->status;
	for (size_t c = 1; c < width; c++)
		if (add_name(numbers, (int)c, err))
			return err->status;
	if (add_words(numbers, 0, numbers->count, err))
		return err->status;
	return table_transpose(&numbers->table, err);
}

static enum status reflectances_alone(struct numbers *numbers, struct error *err)
{
	size_t width = words_on_line(numbers, 0);
	const struct grid *grid = NULL;

	if (!is_even(numbers) || width < READING_LEAST)
		width = numbers->count;
	for (size_t i = 0; i < sizeof usual_grids / sizeof *usual_grids; i++)
		if ((size_t)usual_grids[i].count == width)
			grid = &usual_grids[i];
	if (!grid)
		return error_set(err, STATUS_REFUSED,
				 "%s: %zu numbers without their wavelengths; 31 are understood "
				 "(400–700 nm by 10), 36 (380–730), 16 (400–700 by 20) and others "
				 "that instruments give, or wavelengths are needed",
				 numbers->path, width);
	notes_addf(numbers->notes, "%s: no wavelengths stated; %d numbers taken for %g–%g nm by %g",
		   file_name(numbers->path), grid->count, grid->start_nm, grid_end_nm(grid),
		   grid->step_nm);
	if (table_add_cell(&numbers->table, "name", 1, err) || add_header(numbers, grid, err))
		return err->status;
	return add_readings(numbers, 0, width, err);
}

static enum status lay_out(struct numbers *numbers, struct error *err)
{
	size_t width = words_on_line(numbers, 0), wavelengths = 0;

	if (!is_wavelength(numbers->word[0].text))
		return reflectances_alone(numbers, err);
	while (wavelengths < width && is_wavelength(numbers->word[wavelengths].text))
		wavelengths++;
	return wavelengths == width && width >= READING_LEAST
		       ? wavelengths_on_first_line(numbers, err)
		       : wavelength_on_each_line(numbers, err);
}

enum status numbers_readings_read(struct reading_list *list, struct text *text, const char *path,
				  struct notes *notes, struct error *err)
{
	struct numbers numbers = {.path = path, .notes = notes};
	enum status status = settle_commas(text, path, err);

	if (!status)
		status = split(&numbers, text, err);
	if (!status && numbers.count == 0)
		status = error_set(err, STATUS_REFUSED, "%s: no numbers in it", path);
	if (!status)
		status = lay_out(&numbers, err);
	if (!status)
		status = readings_from_table(list, &numbers.table, path, notes, err);
	free(numbers.word);
	table_clear(&numbers.table);
	return status;
}

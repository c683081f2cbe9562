/* One fuzz target for every format that strangers' bytes come in. The target is the name of the
 * program, behind "fuzz_": fuzz_cgats, fuzz_cxf … (see `targets`). Built twice: with libFuzzer
 * (`make fuzz SECONDS=n`), and with the main() below, which replays files, so that `make check` keeps
 * what was once found. */
#include "exchange/bundle.h"
#include "exchange/pack_check.h"
#include "exchange/signed_recipe.h"
#include "formats/case_file.h"
#include "formats/cgats.h"
#include "formats/compact.h"
#include "formats/csv.h"
#include "formats/cxf.h"
#include "formats/decode.h"
#include "formats/drawdown_file.h"
#include "formats/mif.h"
#include "formats/numbers.h"
#include "formats/pigment_file.h"
#include "formats/qtx.h"
#include "formats/recipe_file.h"
#include "formats/spotread.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_recipe(struct text *text)
{
	struct recipe *recipe = malloc(sizeof *recipe);
	struct text again = {0};
	struct error err;

	/* what was read and was not edited can be written */
	if (recipe && !recipe_parse(recipe, text, "fuzz", &err) && !recipe->edited &&
	    recipe_print(&again, recipe, &err))
		abort();
	text_clear(&again);
	free(recipe);
}

/* A line that was read is written and read again as the same. */
static void read_line(struct text *text)
{
	struct pigment_line line, again;
	struct text printed, twice;
	struct error err;

	if (pigment_line_parse(&line, text, "fuzz", &err))
		return;
	if (pigment_line_print(&printed, &line, &err) ||
	    pigment_line_parse(&again, &printed, "fuzz", &err) ||
	    pigment_line_print(&twice, &again, &err) || strcmp(printed.data, twice.data))
		abort();
	pigment_line_clear(&line);
	pigment_line_clear(&again);
	text_clear(&printed);
	text_clear(&twice);
}

/* In a folder that is not there, so that none of its files is. */
static void read_sheet(struct text *text)
{
	struct drawdown_sheet sheet;
	struct notes notes = {0};
	struct error err;

	if (!drawdown_sheet_parse(&sheet, text, "/nowhere/fuzz", &notes, &err))
		drawdown_sheet_clear(&sheet);
	notes_clear(&notes);
}

static void read_case(struct text *text)
{
	struct case_file read;
	struct error err;

	if (!case_parse(&read, text, "/nowhere/fuzz", &err))
		case_clear(&read);
}

static void read_spotread(struct text *text)
{
	struct spotread_answer answer;
	struct error err;

	spotread_parse(&answer, text->data, &err);
}

/* The head, and the pack that follows it, as far as they are looked at before libgit2 sees them. */
static void read_bundle(struct text *text)
{
	struct offer_list offers;
	struct error err;
	size_t pack;

	if (bundle_take(&offers, &pack, text, "fuzz", NULL, &err)) {
		pack_check(text->data, text->length, "fuzz", &err);
		return;
	}
	if (offers.count == 0 || pack > text->length)
		abort();
	pack_check(text->data + pack, text->length - pack, "fuzz", &err);
	offer_list_clear(&offers);
}

/* What is taken is as it was written: nobody can sign but with a key. */
static void read_signed(struct text *text)
{
	struct recipe *recipe = malloc(sizeof *recipe);
	struct public_key signer;
	struct error err;

	if (recipe)
		signed_recipe_parse(recipe, &signer, text, "fuzz", &err);
	free(recipe);
}

/* What a code holds can be written; the line that it is of matters little. */
static void read_code(struct text *text)
{
	static struct pigment_line line;
	struct recipe *recipe = malloc(sizeof *recipe);
	struct text again = {0};
	struct compact compact;
	struct error err;

	if (line.count == 0 && pigment_line_read(&line, "example", &err))
		abort();
	if (recipe && !compact_read(&compact, text->data, "fuzz", &err) && compact.whole &&
	    !compact_recipe(recipe, &compact, &line, "fuzz", &err) &&
	    recipe_print_unpredicted(&again, recipe, &err))
		abort();
	text_clear(&again);
	free(recipe);
}

static const struct target {
	const char *name;
	void (*read)(struct text *text);
	/* of a format of readings, `read` is NULL */
	enum status (*read_readings)(struct reading_list *list, struct text *text, const char *path,
				     struct notes *notes, struct error *err);
} targets[] = {
	{"cgats", NULL, cgats_readings_read},
	{"cxf", NULL, cxf_readings_read},
	{"qtx", NULL, qtx_readings_read},
	{"mif", NULL, mif_readings_read},
	{"csv", NULL, csv_readings_read},
	{"numbers", NULL, numbers_readings_read},
	{"spotread", read_spotread, NULL},
	{"recipe", read_recipe, NULL},
	{"line", read_line, NULL},
	{"sheet", read_sheet, NULL},
	{"case", read_case, NULL},
	{"bundle", read_bundle, NULL},
	{"signed", read_signed, NULL},
	{"code", read_code, NULL},
};

static void read_readings(const struct target *target, struct text *text)
{
	struct reading_list list = {0};
	struct notes notes = {0};
	struct reading reading;
	struct error err;

	if (!text_decode(text, "fuzz", &err) && text->length > 0)
		target->read_readings(&list, text, "fuzz", &notes, &err);
	for (size_t i = 0; i < list.count; i++)
		reading_list_get(&reading, &list, i);
	reading_list_clear(&list);
	notes_clear(&notes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct target *target = targets;
	struct text text = {0};

	while (strcmp(target->name, FUZZ_TARGET))
		target++;
	text_add(&text, (const char *)data, size);
	if (!text_failed(&text) && size > 0) {
		if (target->read)
			target->read(&text);
		else
			read_readings(target, &text);
	}
	text_clear(&text);
	return 0;
}

#ifdef FUZZ_REPLAY
#include "base/file.h"

/* Replays each file of the command line; reaching the end is the test. */
int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct text text;
		struct error err;

		if (file_read(&text, argv[i], FILE_READ_MOST, &err))
			return 1;
		LLVMFuzzerTestOneInput((const uint8_t *)text.data, text.length);
		text_clear(&text);
	}
	return 0;
}
#endif

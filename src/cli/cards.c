/* The verb card: of one recipe or several, into files, as text, to a printer. */
#include "cli/outputs.h"
#include "match/client.h"
#include "report/card_words.h"

#include <stdlib.h>
#include <string.h>

struct cards {
	struct recipe *recipe[CARDS_MAX];
	struct card card[CARDS_MAX];
	struct text code[CARDS_MAX];
	struct device *printer; /* of a proof */
	int count;
	char today[CLOCK_DAY_SIZE];
	struct outputs files;
};

static void cards_free(struct cards *cards)
{
	for (int i = 0; cards && i < cards->count; i++) {
		free(cards->recipe[i]);
		text_clear(&cards->code[i]);
	}
	if (cards) {
		outputs_clear(&cards->files);
		device_close(cards->printer);
	}
	free(cards);
}

/* --- what is asked ---------------------------------------------------------------------------- */

/* Before anything is read. */
static enum status check_request(const struct invocation *call, struct error *err)
{
	enum picture_format format;
	bool pdf = call->print;

	if (call->client && client_code_check(call->client, err))
		return err->status;
	for (int i = 0; i < call->output_count; i++) {
		if (picture_format_of(&format, call->output[i], "a card", true, err))
			return err->status;
		pdf |= format == PICTURE_PDF;
		if (call->patches && format != PICTURE_PDF)
			return error_set(err, STATUS_REFUSED,
					 "%s: --patches adds a page, which only a .pdf has",
					 call->output[i]);
	}
	if (call->copies && !pdf)
		return error_set(err, STATUS_USAGE,
				 "card: --copies is for --print, or for pages of a .pdf");
	return STATUS_OK;
}

/* The one more card that was named. */
static enum status read_card(struct cards *cards, const char *name, const char *folder,
			     struct answer *answer, const struct invocation *call,
			     struct error *err)
{
	const int i = cards->count;
	struct recipe *recipe = malloc(sizeof *recipe);
	bool drawn = call->output_count || call->print;

	if (!recipe)
		return error_memory(err);
	cards->recipe[cards->count++] = recipe;
	if (app_recipe(recipe, NULL, folder, name, call->pigments, &answer->notes, err) ||
	    (drawn && app_code(&cards->code[i], recipe, err)))
		return err->status;
	cards->card[i] = (struct card){.recipe = recipe,
				       .code = cards->code[i].data,
				       .paper = call->paper,
				       .cup_ml = call->match.cup_ml > 0.0 ? call->match.cup_ml
									  : CUP_USUAL_ML,
				       .client = call->client,
				       .today = cards->today,
				       .printer = cards->printer,
				       .patches = call->patches};
	return STATUS_OK;
}

static enum status read_cards(struct cards *cards, struct answer *answer,
			      const struct invocation *call, struct error *err)
{
	char folder[4096];

	if (app_store_folder(folder, call->store, err))
		return err->status;
	if (call->printer_profile && app_printer(&cards->printer, call->printer_profile, err))
		return err->status;
	clock_day(cards->today, 0);
	for (int i = 0; i < call->operand_count; i++)
		if (read_card(cards, call->operand[i], folder, answer, call, err))
			return err->status;
	return STATUS_OK;
}

/* --- drawing ---------------------------------------------------------------------------------- */

/* Every card `copies` times: its copies lie together. */
static enum status draw_pages(struct text *out, const struct cards *cards, int copies,
			      struct notes *notes, struct error *err)
{
	struct card *page = calloc((size_t)(cards->count * copies), sizeof *page);
	enum status status = page ? STATUS_OK : error_memory(err);

	for (int i = 0; page && i < cards->count * copies; i++)
		page[i] = cards->card[i / copies];
	if (!status)
		status = cards_draw(out, page, cards->count * copies, PICTURE_PDF, notes, err);
	free(page);
	return status;
}

static void write_texts(struct text *out, const struct cards *cards)
{
	for (int i = 0; i < cards->count; i++) {
		text_adds(out, i ? "\n" : "");
		card_text(out, &cards->card[i]);
	}
}

/* The next file; where there are several cards and a file holds one, called by its zone. */
static struct text *next_file(struct cards *cards, const char *output, int of_card,
			      struct error *err)
{
	const struct recipe *recipe;

	if (of_card < 0 || cards->count == 1)
		return outputs_add(&cards->files, output, err);
	recipe = cards->recipe[of_card];
	return outputs_add_zone(&cards->files, output, of_card + 1,
				*recipe->zone ? recipe->zone : recipe->stamp.name,
				recipe->plan.session, err);
}

static enum status draw_output(struct cards *cards, const char *output,
			       const struct invocation *call, struct notes *notes,
			       struct error *err)
{
	enum picture_format format;
	bool each;

	if (picture_format_of(&format, output, "a card", true, err))
		return err->status;
	each = format == PICTURE_PNG || format == PICTURE_SVG;
	for (int i = 0; i < (each ? cards->count : 1); i++) {
		struct text *text = next_file(cards, output, each ? i : -1, err);

		if (!text)
			return err->status;
		if (format == PICTURE_TEXT)
			write_texts(text, cards);
		else if (each ? cards_draw(text, &cards->card[i], 1, format, notes, err)
			      : draw_pages(text, cards, call->copies ? call->copies : 1, notes,
					   err))
			return err->status;
	}
	return STATUS_OK;
}

/* What is said of several drawings of a card is said once. */
static void add_once(struct notes *notes, struct notes *drawn)
{
	for (size_t i = 0; i < drawn->count; i++)
		if (i == 0 || strcmp(drawn->line[i], drawn->line[i - 1]))
			notes_addf(notes, "%s", drawn->line[i]);
	notes_clear(drawn);
}

/* --- printing --------------------------------------------------------------------------------- */

static enum status print_cards(const struct cards *cards, const struct invocation *call,
			       struct notes *notes, struct error *err)
{
	static const char *const media[PAPERS] = {
		[PAPER_A4] = "A4",
		[PAPER_A5] = "A5",
		[PAPER_A6] = "A6",
		[PAPER_LETTER] = "Letter",
		[PAPER_LABEL] = "Custom.62x100mm",
	};
	const char *name = cards->recipe[0]->stamp.name;
	const struct app_print_request request = {
		.printer = call->printer,
		.title = *name ? name : "Recipe",
		.media = media[call->paper],
		.copies = call->copies ? call->copies : 1,
	};
	struct text pdf = {0};
	enum status status = draw_pages(&pdf, cards, 1, notes, err);

	if (!status)
		status = app_print(&pdf, &request, notes, err);
	text_clear(&pdf);
	return status;
}

/* --- the verb --------------------------------------------------------------------------------- */

static enum status say(struct answer *answer, const struct cards *cards,
		       const struct invocation *call, struct error *err)
{
	if (call->json || cards->files.count)
		return outputs_say(answer, &cards->files, call->json, err);
	if (!call->print)
		write_texts(&answer->text, cards);
	return STATUS_OK;
}

/* A line's notice once, however many cards have it. */
static void note_synthetic(struct answer *answer, const struct cards *cards)
{
	for (int i = 0; i < cards->count; i++) {
		const struct recipe *recipe = cards->recipe[i];
		bool said = false;

		for (int k = 0; k < i; k++)
			said |= strcmp(cards->recipe[k]->line.name, recipe->line.name) == 0;
		if (recipe->line.synthetic && !said)
			notes_addf(&answer->notes, "%s: %s", recipe->line.name,
				   recipe->line.notice);
	}
}

enum status run_card(struct answer *answer, struct invocation *call, struct error *err)
{
	struct cards *cards = calloc(1, sizeof *cards);
	struct notes drawn = {0};
	enum status status = cards ? check_request(call, err) : error_memory(err);

	if (!status)
		status = read_cards(cards, answer, call, err);
	for (int i = 0; i < call->output_count && !status; i++)
		status = draw_output(cards, call->output[i], call, &drawn, err);
	if (!status)
		status = outputs_write(&cards->files, err);
	if (!status && call->print)
		status = print_cards(cards, call, &drawn, err);
	add_once(&answer->notes, &drawn);
	if (!status) {
		note_synthetic(answer, cards);
		for (int i = 0; i < cards->count && cards->printer; i++)
			app_proof(&answer->notes, cards->printer, call->printer_profile,
				  cards->recipe[i]);
		status = say(answer, cards, call, err);
	}
	cards_free(cards);
	return status;
}

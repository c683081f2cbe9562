/* Cards stand in their own size, A5, so that the cup on them is true; previews as wide as the page, two on one where they fit. */
#include "report/case_report.h"

#include "report/card.h"
#include "report/case_pages.h"
#include "report/language.h"
#include "report/preview_sheet.h"

#include <math.h>
#include <stdio.h>

#define PREVIEW_GAP 22.0

/* --- cards ------------------------------------------------------------------------------------------ */

static enum status draw_card(struct pages *pages, const struct dossier *dossier,
			     const struct dossier_zone *zone, int k, double cup_ml,
			     struct error *err)
{
	char today[CLOCK_DAY_SIZE];
	const struct card card = {.recipe = &zone->recipe[k],
				  .code = zone->code,
				  .paper = PAPER_A5,
				  .cup_ml = cup_ml,
				  .client = *dossier->code ? dossier->code : NULL,
				  .today = today};
	const struct paper_size *size = &card_paper_sizes[card.paper];
	const double x = (pages->canvas->width - size->width) / 2.0;
	const double y = pages->top - 8.0 +
			 fmax((pages->bottom - pages->top + 8.0 - size->height) / 2.0, 0.0);
	enum status status;

	text_copy_bytes(today, sizeof today, dossier->made, CLOCK_DAY_SIZE - 1);
	if (pages->counting)
		return STATUS_OK;
	cairo_save(pages->canvas->cairo);
	cairo_translate(pages->canvas->cairo, x, y);
	status = card_page(pages->canvas, &card, err);
	cairo_restore(pages->canvas->cairo);
	cairo_set_source_rgb(pages->canvas->cairo, 0.6, 0.6, 0.6);
	canvas_frame(pages->canvas, x, y, size->width, size->height, 0.5);
	cairo_set_source_rgb(pages->canvas->cairo, 0, 0, 0);
	return status;
}

static enum status draw_cards(struct pages *pages, const struct dossier *dossier, double cup_ml,
			      struct error *err)
{
	char title[RECIPE_NAME_SIZE + 64];

	for (int z = 0; z < dossier->zones; z++)
		for (int k = 0; k < dossier->zone[z].recipes; k++) {
			const struct dossier_zone *zone = &dossier->zone[z];

			pages_begin(pages);
			if (z == 0 && k == 0)
				pages->section = canvas_outline(pages->canvas, 0, _("Cards"));
			if (zone->plan)
				snprintf(title, sizeof title, _("%s, session %d"), zone->name,
					 k + 1);
			else
				snprintf(title, sizeof title, "%s", zone->name);
			pages_entry(pages, title);
			if (draw_card(pages, dossier, zone, k, cup_ml, err))
				return err->status;
		}
	return STATUS_OK;
}

/* --- previews --------------------------------------------------------------------------------------- */

static void draw_preview(struct pages *pages, const struct dossier_zone *zone, double scale)
{
	const struct recipe *recipe = zone->recipe;
	const struct preview_words words = {.name = zone->name,
					    .zone = zone->zone,
					    .technique = zone->technique,
					    .version = zone->plan ? 0 : recipe->stamp.version,
					    .sessions = zone->plan ? zone->recipes : 0,
					    .notice = recipe->line.synthetic ? recipe->line.notice
									     : "",
					    .made = recipe->stamp.made};

	if (pages->counting)
		return;
	cairo_save(pages->canvas->cairo);
	cairo_translate(pages->canvas->cairo, pages->left, pages->y);
	cairo_scale(pages->canvas->cairo, scale, scale);
	preview_draw_sheet(pages->canvas, zone->preview, &words);
	cairo_restore(pages->canvas->cairo);
	cairo_set_source_rgb(pages->canvas->cairo, 0, 0, 0);
}

static void draw_previews(struct pages *pages, const struct dossier *dossier)
{
	bool any = false;

	for (int z = 0; z < dossier->zones; z++) {
		const struct dossier_zone *zone = &dossier->zone[z];
		double scale, height;

		if (!zone->preview)
			continue;
		if (!any)
			pages_section(pages, _("What it will look like"));
		any = true;
		scale = fmin(pages_width(pages) / preview_sheet_width(),
			     (pages->bottom - pages->top) / preview_sheet_height(zone->preview));
		height = scale * preview_sheet_height(zone->preview);
		pages_need(pages, height);
		pages_entry(pages, zone->name);
		draw_preview(pages, zone, scale);
		pages->y += height + PREVIEW_GAP;
	}
}

/* --- the whole -------------------------------------------------------------------------------------- */

static enum status draw_all(struct pages *pages, const struct dossier *dossier, double cup_ml,
			    struct error *err)
{
	report_summary(pages, dossier);
	report_readings(pages, dossier);
	report_zones(pages, dossier);
	if (draw_cards(pages, dossier, cup_ml, err))
		return err->status;
	draw_previews(pages, dossier);
	report_sources(pages, dossier);
	report_assumptions(pages, dossier);
	return STATUS_OK;
}

static bool is_synthetic(const struct dossier *dossier)
{
	for (int z = 0; z < dossier->zones; z++)
		for (int k = 0; k < dossier->zone[z].recipes; k++)
			if (dossier->zone[z].recipe[k].line.synthetic)
				return true;
	return false;
}

static enum status draw_once(struct canvas *canvas, int *count, const struct dossier *dossier,
			     const char *running, enum card_paper paper, double cup_ml,
			     struct error *err)
{
	char day[CLOCK_DAY_SIZE];
	struct pages pages;
	enum status status;

	text_copy_bytes(day, sizeof day, dossier->made, CLOCK_DAY_SIZE - 1);
	canvas_open(canvas, PICTURE_PDF, card_paper_sizes[paper].width,
		    card_paper_sizes[paper].height, running, dossier->made);
	pages_open(&pages, canvas, running,
		   is_synthetic(dossier) ? _("synthetic pigments: not for use on people") : "", day,
		   *count);
	status = draw_all(&pages, dossier, cup_ml, err);
	*count = pages.page;
	return status;
}

enum status case_report(struct text *out, const struct dossier *dossier, enum card_paper paper,
			double cup_ml, struct error *err)
{
	struct text running = {0};
	struct canvas canvas;
	enum status status;
	int count = 0;

	*out = (struct text){0};
	text_addf(&running, _("Case report: %s"), dossier->title);
	if (*dossier->code)
		text_addf(&running, _("  ·  client %s"), dossier->code);
	if (text_failed(&running)) {
		text_clear(&running);
		return error_memory(err);
	}
	status = draw_once(&canvas, &count, dossier, running.data, paper, cup_ml, err);
	canvas_drop(&canvas);
	if (!status) {
		status = draw_once(&canvas, &count, dossier, running.data, paper, cup_ml, err);
		if (status)
			canvas_drop(&canvas);
		else
			status = canvas_close(&canvas, out, err);
	}
	text_clear(&running);
	return status;
}

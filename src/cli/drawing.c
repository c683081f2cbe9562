/* What draws and what reads pictures stands in a module beside the program, drawing.so, which is opened when one of these is asked for: with
 * it come fifty shared libraries (cairo, pango, gdk-pixbuf, qpdf and theirs) that most requests never use, and the loading of which took
 * longer than everything else in a request (README, "What to believe"). Tests are linked with the functions themselves. */
#include "cli/verb.h"

#include "formats/picture.h"
#include "report/card.h"
#include "report/case_report.h"
#include "report/chart.h"
#include "report/control_page.h"
#include "report/preview_sheet.h"
#include "report/sheet.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool find_beside(char path[BESIDE_PATH_SIZE], const char *built, const char *installed)
{
	const char *const places[] = {built, installed};
	char program[BESIDE_PATH_SIZE / 2];
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
	char *name = NULL;

	if (length > 0) {
		program[length] = 0;
		name = strrchr(program, '/');
	}
	for (size_t i = 0; name && i < sizeof places / sizeof *places; i++) {
		snprintf(path, BESIDE_PATH_SIZE, "%.*s/%s", (int)(name - program), program,
			 places[i]);
		if (access(path, F_OK) == 0)
			return true;
	}
	return false;
}

static void *open_module(struct error *err)
{
	char path[BESIDE_PATH_SIZE];
	void *module;

	if (!find_beside(path, "drawing.so", "../lib/follitone/drawing.so")) {
		error_set(err, STATUS_ENVIRONMENT,
			  "drawing.so, which draws, is not beside the program: install it again");
		return NULL;
	}
	module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!module)
		error_set(err, STATUS_ENVIRONMENT, "%s", dlerror());
	return module;
}

/* POSIX has a function come as a pointer to data. */
static bool find(void *function, const char *name, struct error *err)
{
	static void *module;
	void *found;

	if (!module)
		module = open_module(err);
	found = module ? dlsym(module, name) : NULL;
	if (module && !found)
		error_set(err, STATUS_ENVIRONMENT,
			  "drawing.so is of another version than the program");
	memcpy(function, &found, sizeof found);
	return found;
}

enum status cards_draw(struct text *out, const struct card *card, int count,
		       enum picture_format format, struct notes *notes, struct error *err)
{
	enum status (*draw)(struct text *, const struct card *, int, enum picture_format,
			    struct notes *, struct error *);

	return find(&draw, "cards_draw", err) ? draw(out, card, count, format, notes, err)
					      : err->status;
}

enum status control_page_draw(struct text *out, enum card_paper paper, const struct device *printer,
			      enum picture_format format, struct error *err)
{
	enum status (*draw)(struct text *, enum card_paper, const struct device *,
			    enum picture_format, struct error *);

	return find(&draw, "control_page_draw", err) ? draw(out, paper, printer, format, err)
						     : err->status;
}

enum status chart_draw(struct text *out, const struct dilution_chart *chart, int first, int count,
		       enum card_paper paper, enum picture_format format, struct error *err)
{
	enum status (*draw)(struct text *, const struct dilution_chart *, int, int, enum card_paper,
			    enum picture_format, struct error *);

	return find(&draw, "chart_draw", err) ? draw(out, chart, first, count, paper, format, err)
					      : err->status;
}

enum status case_report(struct text *out, const struct dossier *dossier, enum card_paper paper,
			double cup_ml, struct error *err)
{
	enum status (*draw)(struct text *, const struct dossier *, enum card_paper, double,
			    struct error *);

	return find(&draw, "case_report", err) ? draw(out, dossier, paper, cup_ml, err)
					       : err->status;
}

enum status sheet_plot(struct text *out, const struct colours *colours, const char *title,
		       bool pairs, enum picture_format format, struct error *err)
{
	enum status (*draw)(struct text *, const struct colours *, const char *, bool,
			    enum picture_format, struct error *);

	return find(&draw, "sheet_plot", err) ? draw(out, colours, title, pairs, format, err)
					      : err->status;
}

enum status sheet_swatches(struct text *out, const struct colours *colours, const char *title,
			   enum picture_format format, struct error *err)
{
	enum status (*draw)(struct text *, const struct colours *, const char *,
			    enum picture_format, struct error *);

	return find(&draw, "sheet_swatches", err) ? draw(out, colours, title, format, err)
						  : err->status;
}

enum status preview_sheet(struct text *out, const struct preview *preview,
			  const struct preview_words *words, enum picture_format format,
			  struct error *err)
{
	enum status (*draw)(struct text *, const struct preview *, const struct preview_words *,
			    enum picture_format, struct error *);

	return find(&draw, "preview_sheet", err) ? draw(out, preview, words, format, err)
						 : err->status;
}

enum status picture_read(struct picture *out, const struct text *bytes,
			 const struct picture_region *region, const char *path, struct error *err)
{
	enum status (*read)(struct picture *, const struct text *, const struct picture_region *,
			    const char *, struct error *);

	return find(&read, "picture_read", err) ? read(out, bytes, region, path, err) : err->status;
}

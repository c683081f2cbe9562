#include "report/ink.h"

#include "colour/device.h"

#include <math.h>

static bool open_screen(struct ink *ink)
{
	struct error no_swatch;

	return ink->screen || !device_open(&ink->screen, NULL, 0, "sRGB", DEVICE_SHOWING,
					   INTENT_RELATIVE, &no_swatch);
}

void ink_swatch(struct text *out, const struct lab *lab)
{
	struct shown_colour shown;

	if (!out->ink || !open_screen(out->ink))
		return;
	device_show(&shown, out->ink->screen, lab);
	text_addf(out, "  \033[48;2;%ld;%ld;%ldm  \033[0m%s", lround(255.0 * shown.value[0]),
		  lround(255.0 * shown.value[1]), lround(255.0 * shown.value[2]),
		  shown.out_of_gamut ? "!" : "");
	out->ink->missed |= shown.out_of_gamut;
}

void ink_clear(struct ink *ink)
{
	device_close(ink->screen);
	*ink = (struct ink){.screen = NULL};
}

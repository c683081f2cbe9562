/* Four bounded parameters, each scaled to 0..1 (logarithmic where it spans decades), fitted in ln
 * R so that dark bands count as much as light ones. NLopt's BOBYQA: bounded, derivative-free,
 * deterministic, stopped by parameter tolerance or an evaluation count, never by time.
 *
 * Epidermis thickness and melanin share only occur as their product; 0.06 mm is the middle of
 * published means (0.05 to 0.1 mm) and makes the share comparable with the literature's 1 to 45
 * %. */
#include "pigment/skin.h"

#include "pigment/kubelka_munk.h"

#include <math.h>
#include <nlopt.h>

#define EPIDERMIS_MM 0.06
#define HAEMOGLOBIN_MOL_PER_L (150.0 / 64500.0) /* 150 g/l, 64,500 g/mol */
#define LN_10 2.302585092994046

enum { MELANIN, BLOOD, SATURATION, SCATTERING, PARAMETERS };

/* Thick skin's reflectance depends on K / S alone, so a reading tells the scale of S only through
 * the little that is known of K's; left to itself the fit wanders from 0.6 to 4 over the 67 NIST
 * subjects. It is held to the published dermis by a prior of ln(scale) = 0 +- 0.3, weighed against
 * bands that the model misses by about 8 % and of which some 8 are independent: 0.08^2 / 8 /
 * 0.3^2. */
#define SCATTERING_PRIOR (0.08 * 0.08 / 8.0 / (0.3 * 0.3))

/* Physiological limits: melanin 1.3 to 43 % and blood 0.2 to 7 % in Jacques (1998), a little
 * widened. */
static const struct {
	const char *name;
	double least, most;
	bool logarithmic;
} limits[PARAMETERS] = {
	{"melanin share", 0.003, 0.5, true},
	{"blood share", 0.0005, 0.15, true},
	{"oxygen saturation", 0.0, 1.0, false},
	{"scattering scale", 0.2, 4.0, true},
};

struct fit {
	const struct spectrum *bare;
	const struct haemoglobin *haemoglobin;
	struct surface surface;
	double oxygenated[SPECTRUM_SAMPLES_MAX]; /* mu_a of whole blood, 1/mm */
	double deoxygenated[SPECTRUM_SAMPLES_MAX];
};

static double parameter(int which, double unit)
{
	double least = limits[which].least, most = limits[which].most;

	return limits[which].logarithmic ? least * pow(most / least, unit)
					 : least + (most - least) * unit;
}

static double base_per_mm(double nm)
{
	return 0.1 * (0.244 + 85.3 * exp(-(nm - 154.0) / 66.2));
}

static double melanosome_per_mm(double nm)
{
	return 0.1 * 6.6e11 * pow(nm, -3.33);
}

static double reduced_scattering_per_mm(double nm)
{
	return 0.1 * (2e5 * pow(nm, -1.5) + 2e12 * pow(nm, -4.0));
}

static void compute_layers(struct skin *skin, const struct fit *fit, const double *unit)
{
	skin->melanin_share = parameter(MELANIN, unit[MELANIN]);
	skin->blood_share = parameter(BLOOD, unit[BLOOD]);
	skin->saturation = parameter(SATURATION, unit[SATURATION]);
	skin->scattering_scale = parameter(SCATTERING, unit[SCATTERING]);
	for (int i = 0; i < skin->grid.count; i++) {
		double nm = grid_wavelength_nm(&skin->grid, i), base = base_per_mm(nm);
		double epidermis = skin->melanin_share * melanosome_per_mm(nm) +
				   (1.0 - skin->melanin_share) * base;
		double blood = skin->saturation * fit->oxygenated[i] +
			       (1.0 - skin->saturation) * fit->deoxygenated[i];
		double dermis = skin->blood_share * blood + (1.0 - skin->blood_share) * base;
		double scattering = skin->scattering_scale * reduced_scattering_per_mm(nm);

		skin->epidermis_transmittance[i] = exp(-2.0 * epidermis * EPIDERMIS_MM);
		skin->k_per_mm[i] = 2.0 * dermis;
		skin->s_per_mm[i] = fmax(0.75 * scattering - 0.25 * dermis, 1e-3);
	}
}

double skin_reflectance(const struct skin *skin, int band)
{
	double t = skin->epidermis_transmittance[band];

	return surface_apply(
		&skin->surface,
		t * t * km_reflectance_opaque(skin->k_per_mm[band], skin->s_per_mm[band]));
}

/* Mean square of ln(model / reading). */
static double mean_square(const struct skin *skin, const struct spectrum *bare)
{
	double sum = 0.0;

	for (int i = 0; i < skin->grid.count; i++) {
		double d = log(skin_reflectance(skin, i) / bare->value[i]);

		sum += d * d / skin->grid.count;
	}
	return sum;
}

static double penalty(unsigned count, const double *unit, double *gradient, void *data)
{
	const struct fit *fit = data;
	struct skin skin = {.grid = fit->bare->grid, .surface = fit->surface};
	double scale;

	(void)count;
	(void)gradient;
	compute_layers(&skin, fit, unit);
	scale = log(skin.scattering_scale);
	return mean_square(&skin, fit->bare) + SCATTERING_PRIOR * scale * scale;
}

/* What the four parameters could not explain goes into K_d. Where even a dermis that absorbs
 * nothing is too dark under the fitted epidermis, that band's epidermis is made as clear as the
 * reading needs. */
static void absorb_residual(struct skin *skin, const struct spectrum *bare)
{
	const double least_loss = 1e-6;

	for (int i = 0; i < skin->grid.count; i++) {
		double inner = surface_remove(&skin->surface, bare->value[i]);
		double t = skin->epidermis_transmittance[i], opaque = inner / (t * t);

		if (opaque > 1.0 - least_loss) {
			opaque = fmax(inner, 1.0 - least_loss);
			skin->epidermis_transmittance[i] = sqrt(inner / opaque);
		}
		skin->k_per_mm[i] = skin->s_per_mm[i] * km_ratio(opaque);
	}
}

static bool is_at_limit(double unit)
{
	return unit < 1e-4 || unit > 1.0 - 1e-4;
}

/* A poor fit is the sign of a reading that is not skin: of the 67 NIST subjects the worst comes to
 * 0.17 (tests/unit/test_skin.c prints it), hair to several times that. A grey card is met better, by a skin with
 * nothing in it: two parameters at their limits, where none of those subjects has one. */
static void note_doubts(const struct skin *skin, const double *unit, const char *label,
			struct notes *notes)
{
	int at_limit = 0;

	for (int i = 0; i < PARAMETERS; i++)
		at_limit += is_at_limit(unit[i]);
	if (skin->misfit > 0.2)
		notes_addf(notes,
			   "%s: this does not look like bare skin (the model misses it by %.0f %%)",
			   label, 100.0 * skin->misfit);
	else if (at_limit >= 2)
		notes_addf(notes,
			   "%s: this does not look like bare skin (%d of its %d parameters are at "
			   "their limits)",
			   label, at_limit, PARAMETERS);
	for (int i = 0; i < PARAMETERS; i++)
		if (is_at_limit(unit[i]))
			notes_addf(notes, "%s: the fitted %s is at its limit, %g", label,
				   limits[i].name, parameter(i, unit[i]));
}

static enum status check_reading(const struct spectrum *bare, const struct surface *surface,
				 const char *label, struct error *err)
{
	for (int i = 0; i < bare->grid.count; i++) {
		double inner = surface_remove(surface, bare->value[i]);

		if (!(inner > 0.0 && inner < 1.0))
			return error_set(err, STATUS_REFUSED,
					 "%s: reflectance %g at %g nm cannot be bare skin, between "
					 "%.3f and 1 "
					 "is possible",
					 label, bare->value[i], grid_wavelength_nm(&bare->grid, i),
					 surface->k1);
	}
	return STATUS_OK;
}

enum status skin_fit(struct skin *skin, const struct spectrum *bare,
		     const struct haemoglobin *haemoglobin, const struct surface *surface,
		     const char *label, struct notes *notes, struct error *err)
{
	struct fit fit = {.bare = bare, .haemoglobin = haemoglobin, .surface = *surface};
	double unit[PARAMETERS] = {0.4, 0.5, 0.7, 0.5}, minimum;
	struct spectrum carried;
	nlopt_result result;
	nlopt_opt search;

	if (check_reading(bare, surface, label, err))
		return err->status;
	*skin = (struct skin){.grid = bare->grid, .surface = *surface};
	spectrum_resample(&carried, &haemoglobin->oxygenated, &bare->grid);
	for (int i = 0; i < bare->grid.count; i++)
		fit.oxygenated[i] = 0.1 * LN_10 * HAEMOGLOBIN_MOL_PER_L * carried.value[i];
	spectrum_resample(&carried, &haemoglobin->deoxygenated, &bare->grid);
	for (int i = 0; i < bare->grid.count; i++)
		fit.deoxygenated[i] = 0.1 * LN_10 * HAEMOGLOBIN_MOL_PER_L * carried.value[i];
	search = nlopt_create(NLOPT_LN_BOBYQA, PARAMETERS);
	if (!search)
		return error_memory(err);
	nlopt_set_min_objective(search, penalty, &fit);
	nlopt_set_lower_bounds1(search, 0.0);
	nlopt_set_upper_bounds1(search, 1.0);
	nlopt_set_initial_step1(search, 0.1);
	nlopt_set_xtol_abs1(search, 1e-7);
	nlopt_set_maxeval(search, 2000);
	result = nlopt_optimize(search, unit, &minimum);
	nlopt_destroy(search);
	if (result < 0 && result != NLOPT_ROUNDOFF_LIMITED)
		return error_set(err, STATUS_NO_ANSWER, "%s: the skin fit failed (%s)", label,
				 nlopt_result_to_string(result));
	compute_layers(skin, &fit, unit);
	skin->misfit = sqrt(mean_square(skin, bare));
	absorb_residual(skin, bare);
	note_doubts(skin, unit, label, notes);
	return STATUS_OK;
}

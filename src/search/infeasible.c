/* What a recipe needs at the least, against what the limits allow.
 *
 * Ratios tie pigments into groups that are used together or not at all, in a multiple of one vector of drops.
 * So each group has one least dose: the smallest multiple that keeps the step and every pigment's least; more
 * of it needs more of everything. Where pigments are forced, the least recipe is their groups' least doses
 * together, else that of any one group; the least diluent goes with it. Something fits exactly where one of
 * these keeps all limits.
 *
 * Example. 1 drop of carbon black (0.05 ml) with 200 drops of water (10 ml) in a cup of 1 ml: only the cup is
 * exceeded. A cup of 10.05 ml would do, or at most 19 drops of water (0.05 + 0.95 ml). */
#include "search/infeasible.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

/* Of volumes, as the search has it. */
#define ML_TOLERANCE 1e-9

/* The most that can be asked for. */
#define ML_MOST 1000.0

/* --- groups ----------------------------------------------------------------------------------- */

struct groups {
	int of[LINE_PIGMENTS_MAX]; /* the group of each pigment: the number of one in it */
	/* within its group: 100 to the power of the ratios at most */
	long long part[LINE_PIGMENTS_MAX];
	bool contradicts[LINE_PIGMENTS_MAX]; /* by group */
};

static long long common_divisor(long long a, long long b)
{
	return b ? common_divisor(b, a % b) : a;
}

/* Brings the group of `b` into that of `a`, in the ratio. Parts keep no common divisor: neither group has one, nor
 * have the two factors. */
static void tie(struct groups *groups, const struct search_ratio *ratio, int count)
{
	int a = ratio->pigment[0], b = ratio->pigment[1], to = groups->of[a], from = groups->of[b];
	long long of_a = groups->part[b] * ratio->parts[0];
	long long of_b = groups->part[a] * ratio->parts[1];
	long long common = common_divisor(of_a, of_b);

	if (to == from) {
		groups->contradicts[to] |= of_a != of_b;
		return;
	}
	for (int p = 0; p < count; p++) {
		if (groups->of[p] == to)
			groups->part[p] *= of_a / common;
		else if (groups->of[p] == from)
			groups->part[p] *= of_b / common;
		if (groups->of[p] == from)
			groups->of[p] = to;
	}
	groups->contradicts[to] |= groups->contradicts[from];
}

static void find_groups(struct groups *groups, const struct search_limits *limits, int count)
{
	for (int p = 0; p < count; p++) {
		groups->of[p] = p;
		groups->part[p] = 1;
		groups->contradicts[p] = false;
	}
	for (int r = 0; r < limits->ratios; r++)
		tie(groups, &limits->ratio[r], count);
}

/* --- what is needed --------------------------------------------------------------------------- */

/* The least of one choice of groups. */
struct need {
	bool forced;
	double drops[LINE_PIGMENTS_MAX]; /* 0: not used */
	double all_drops, pigment_ml, ml;
	int pigments, ratios;
	unsigned over; /* a bit for each enum limit that it exceeds */
	int overs;     /* … of which so many, each pigment's most counting by itself */
	int barred;    /* of the pigments that it needs */
};

static double least_drops(const struct search_limits *limits, int p)
{
	return limits->least[p] > 1 ? limits->least[p] : 1;
}

static void add_group(struct need *need, int group, const struct groups *groups,
		      const struct search_limits *limits, const struct pigment_line *line)
{
	double times = 1.0;

	for (int p = 0; p < line->count; p++)
		if (groups->of[p] == group)
			times = fmax(times, ceil(least_drops(limits, p) / (double)groups->part[p]));
	times = ceil(times / limits->pigment_step) * limits->pigment_step;
	for (int p = 0; p < line->count; p++) {
		if (groups->of[p] != group)
			continue;
		need->drops[p] = times * (double)groups->part[p];
		need->all_drops += need->drops[p];
		need->pigment_ml += need->drops[p] / line->pigment[p].bottle.drops_per_ml;
		need->pigments++;
		need->barred += limits->most[p] == 0;
	}
	need->over |= groups->contradicts[group] ? 1u << LIMIT_RATIO : 0;
}

static void set_over(struct need *need, enum limit limit, bool over)
{
	if (over) {
		need->over |= 1u << limit;
		need->overs++;
	}
}

static int pigments_most(const struct search_limits *limits)
{
	return limits->pigments_max < SEARCH_PIGMENTS_MAX ? limits->pigments_max
							  : SEARCH_PIGMENTS_MAX;
}

static void judge(struct need *need, const struct search_limits *limits,
		  const struct pigment_line *line)
{
	need->ml = need->pigment_ml + limits->diluent_min / line->diluent.bottle.drops_per_ml;
	need->overs = need->over != 0;
	for (int r = 0; r < limits->ratios; r++)
		need->ratios += need->drops[limits->ratio[r].pigment[0]] > 0.0;
	for (int p = 0; p < line->count; p++)
		set_over(need, LIMIT_MOST, need->drops[p] > limits->most[p]);
	set_over(need, LIMIT_PIGMENTS, need->pigments > pigments_most(limits));
	set_over(need, LIMIT_DROPS, need->all_drops > limits->drops_max);
	set_over(need, LIMIT_PIGMENT_ML,
		 limits->pigment_ml_max > 0.0 &&
			 need->pigment_ml > limits->pigment_ml_max + ML_TOLERANCE);
	set_over(need, LIMIT_CUP, limits->cup_ml > 0.0 && need->ml > limits->cup_ml + ML_TOLERANCE);
	set_over(need, LIMIT_DILUENT, limits->diluent_min > limits->diluent_max);
}

/* The need of all groups that hold a forced pigment; where there are none, that of the first group from *from
 * on, which is moved past it. False after the last. */
static bool next_need(struct need *need, int *from, const struct groups *groups,
		      const struct search_limits *limits, const struct pigment_line *line)
{
	bool wanted[LINE_PIGMENTS_MAX] = {false};

	*need = (struct need){0};
	for (int p = 0; p < line->count; p++)
		if (limits->forced[p])
			wanted[groups->of[p]] = need->forced = true;
	while (!need->forced && *from < line->count && groups->of[*from] != *from)
		++*from;
	if (*from >= line->count)
		return false;
	for (int g = 0; g < line->count; g++)
		if (need->forced ? wanted[g] : g == *from)
			add_group(need, g, groups, limits, line);
	judge(need, limits, line);
	*from = need->forced ? line->count : *from + 1;
	return true;
}

/* True where `a` is nearer to fitting. */
static bool is_nearer(const struct need *a, const struct need *b)
{
	if (a->overs != b->overs)
		return a->overs < b->overs;
	if (a->barred != b->barred)
		return a->barred < b->barred;
	return a->all_drops < b->all_drops;
}

/* The one that is nearest to fitting. A line holds at least one pigment. */
static void nearest_need(struct need *nearest, const struct search_limits *limits,
			 const struct pigment_line *line)
{
	struct groups groups;
	struct need need;
	int from = 0;

	find_groups(&groups, limits, line->count);
	next_need(nearest, &from, &groups, limits, line);
	while (next_need(&need, &from, &groups, limits, line))
		if (is_nearer(&need, nearest))
			*nearest = need;
}

bool limits_leave_something(const struct search_limits *limits, const struct pigment_line *line)
{
	struct need need;

	nearest_need(&need, limits, line);
	return need.over == 0;
}

/* --- what would do ---------------------------------------------------------------------------- */

void remedy_apply(struct search_limits *limits, const struct remedy *remedy)
{
	int value = (int)remedy->value, which = remedy->which;

	switch (remedy->limit) {
	case LIMIT_PIGMENTS:
		limits->pigments_max = value;
		break;
	case LIMIT_DROPS:
		limits->drops_max = value;
		break;
	case LIMIT_PIGMENT_ML:
		limits->pigment_ml_max = remedy->value;
		break;
	case LIMIT_CUP:
		limits->cup_ml = remedy->value;
		break;
	case LIMIT_DILUENT:
		limits->diluent_min = value;
		break;
	case LIMIT_STEP:
		limits->pigment_step = value;
		break;
	case LIMIT_MOST:
		limits->most[which] = value;
		break;
	case LIMIT_LEAST:
		limits->least[which] = value;
		break;
	case LIMIT_RATIO:
		limits->ratios--;
		memmove(&limits->ratio[which], &limits->ratio[which + 1],
			(size_t)(limits->ratios - which) * sizeof limits->ratio[0]);
		break;
	case LIMIT_FORCED:
		limits->forced[which] = false;
		break;
	case LIMITS:
		break;
	}
}

static bool does(const struct search_limits *limits, const struct pigment_line *line,
		 const struct remedy *remedy)
{
	struct search_limits changed = *limits;

	remedy_apply(&changed, remedy);
	return limits_leave_something(&changed, line);
}

/* The first value from `from` to `to` that does by itself; `to` is the one that does the most. */
static void seek(struct infeasible *out, struct remedy remedy, int from, int to,
		 const struct search_limits *limits, const struct pigment_line *line)
{
	int step = from <= to ? 1 : -1;

	remedy.value = to;
	if (!does(limits, line, &remedy))
		return;
	for (remedy.value = from; !does(limits, line, &remedy); remedy.value += step)
		;
	out->remedy[out->remedies++] = remedy;
}

/* To the hundredth of a millilitre that is said. */
static double round_up_ml(double ml)
{
	return ceil(100.0 * ml - 50.0 * ML_TOLERANCE) / 100.0;
}

/* The least volume that does by itself. */
static void seek_ml(struct infeasible *out, enum limit limit, const struct search_limits *limits,
		    const struct pigment_line *line)
{
	struct search_limits lifted = *limits;
	struct groups groups;
	struct need need;
	double least = INFINITY;
	int from = 0;

	remedy_apply(&lifted, &(struct remedy){.limit = limit}); /* 0: no limit */
	find_groups(&groups, &lifted, line->count);
	while (next_need(&need, &from, &groups, &lifted, line))
		if (need.over == 0)
			least = fmin(least, limit == LIMIT_CUP ? need.ml : need.pigment_ml);
	if (least <= ML_MOST)
		out->remedy[out->remedies++] =
			(struct remedy){.limit = limit, .value = round_up_ml(least)};
}

/* Those that do by themselves. */
static void find_single(struct infeasible *out, const struct search_limits *limits,
			const struct pigment_line *line)
{
	const int diluent = limits->diluent_min < limits->diluent_max ? limits->diluent_min
								      : limits->diluent_max;

	if (limits->pigments_max < SEARCH_PIGMENTS_MAX)
		seek(out, (struct remedy){.limit = LIMIT_PIGMENTS}, limits->pigments_max + 1,
		     SEARCH_PIGMENTS_MAX, limits, line);
	if (limits->drops_max < SEARCH_DROPS_MAX)
		seek(out, (struct remedy){.limit = LIMIT_DROPS}, limits->drops_max + 1,
		     SEARCH_DROPS_MAX, limits, line);
	if (limits->pigment_ml_max > 0.0)
		seek_ml(out, LIMIT_PIGMENT_ML, limits, line);
	if (limits->cup_ml > 0.0)
		seek_ml(out, LIMIT_CUP, limits, line);
	if (limits->diluent_min > 0)
		seek(out, (struct remedy){.limit = LIMIT_DILUENT}, diluent, 0, limits, line);
	if (limits->pigment_step > 1)
		seek(out, (struct remedy){.limit = LIMIT_STEP}, limits->pigment_step - 1, 1, limits,
		     line);
	for (int p = 0; p < line->count; p++)
		if (limits->most[p] < SEARCH_DROPS_MAX)
			seek(out, (struct remedy){LIMIT_MOST, p, 0.0}, limits->most[p] + 1,
			     SEARCH_DROPS_MAX, limits, line);
	for (int p = 0; p < line->count; p++)
		if (limits->least[p] > 1)
			seek(out, (struct remedy){LIMIT_LEAST, p, 0.0}, limits->least[p] - 1, 1,
			     limits, line);
	for (int r = 0; r < limits->ratios; r++)
		seek(out, (struct remedy){LIMIT_RATIO, r, 0.0}, 0, 0, limits, line);
	for (int p = 0; p < line->count; p++)
		if (limits->forced[p])
			seek(out, (struct remedy){LIMIT_FORCED, p, 0.0}, 0, 0, limits, line);
}

/* Everything that the need exceeds, lifted to it. */
static void find_joint(struct infeasible *out, const struct need *need,
		       const struct search_limits *limits, const struct pigment_line *line)
{
	const struct remedy all[] = {
		{LIMIT_PIGMENTS, 0, need->pigments},
		{LIMIT_DROPS, 0, need->all_drops},
		{LIMIT_PIGMENT_ML, 0, round_up_ml(need->pigment_ml)},
		{LIMIT_CUP, 0, round_up_ml(need->ml)},
		{LIMIT_DILUENT, 0, limits->diluent_max},
	};
	struct search_limits changed = *limits;

	if (need->pigments > SEARCH_PIGMENTS_MAX || need->all_drops > SEARCH_DROPS_MAX ||
	    need->ml > ML_MOST)
		return;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (need->over & 1u << all[i].limit)
			out->remedy[out->remedies++] = all[i];
	for (int p = 0; p < line->count; p++)
		if (need->drops[p] > limits->most[p])
			out->remedy[out->remedies++] =
				(struct remedy){LIMIT_MOST, p, need->drops[p]};
	for (int i = 0; i < out->remedies; i++)
		remedy_apply(&changed, &out->remedy[i]);
	out->together = limits_leave_something(&changed, line);
	if (!out->together)
		out->remedies = 0;
}

void infeasible_find(struct infeasible *out, const struct search_limits *limits,
		     const struct pigment_line *line)
{
	struct need need;

	out->remedies = 0;
	out->together = false;
	find_single(out, limits, line);
	if (out->remedies > 0)
		return;
	nearest_need(&need, limits, line);
	find_joint(out, &need, limits, line);
}

/* --- in words --------------------------------------------------------------------------------- */

/* What it takes to say what is in the way. */
struct words {
	struct text *out;
	const struct need *need;
	const struct search_limits *limits;
	const struct pigment_line *line;
};

static const char *plural(double count)
{
	return count == 1.0 ? "" : "s";
}

static const char *id_of(const struct words *words, int p)
{
	return words->line->pigment[p].bottle.id;
}

/* A pigment that may have fewer drops than it needs. */
static void say_most(const struct words *words)
{
	const struct need *need = words->need;
	const int *most = words->limits->most;
	int p = 0;

	while (need->drops[p] <= most[p])
		p++;
	if (!need->forced && need->barred)
		text_addf(words->out, "every pigment of the line is barred or not in stock%s",
			  words->limits->ratios ? ", or in a ratio with one that is" : "");
	else if (most[p] == 0 && words->limits->forced[p])
		text_addf(words->out, "%s is both forced and barred (or not in stock)",
			  id_of(words, p));
	else if (most[p] == 0)
		text_addf(words->out,
			  "%s is in a ratio with a forced pigment and barred (or not in stock)",
			  id_of(words, p));
	else
		text_addf(words->out, "%s %s %.0f drop%s, no more than %d allowed or in stock",
			  id_of(words, p), words->limits->forced[p] ? "is forced with" : "needs",
			  need->drops[p], plural(need->drops[p]), most[p]);
}

static void say_pigments(const struct words *words)
{
	const struct need *need = words->need;

	text_addf(words->out, need->ratios ? "%d pigments are %sin ratios" : "%d pigments are %s",
		  need->pigments,
		  !need->forced  ? ""
		  : need->ratios ? "forced or with those "
				 : "forced");
	text_addf(words->out, " and at most %d allowed", pigments_most(words->limits));
	if (need->pigments > SEARCH_PIGMENTS_MAX)
		text_addf(words->out, " (recipes of at most %d are searched for)",
			  SEARCH_PIGMENTS_MAX);
}

/* Whose drops they are: a ratio's where there is but one, with nothing else. */
static void say_drops(const struct words *words)
{
	const struct need *need = words->need;
	const struct search_ratio *ratio = words->limits->ratio;

	while (need->ratios == 1 && need->drops[ratio->pigment[0]] == 0.0)
		ratio++;
	if (need->ratios == 1 && need->pigments == 2)
		text_addf(words->out, "%s:%s %d:%d needs", id_of(words, ratio->pigment[0]),
			  id_of(words, ratio->pigment[1]), ratio->parts[0], ratio->parts[1]);
	else if (need->forced)
		text_addf(words->out, "the forced pigments%s need",
			  need->ratios ? ", with their ratios," : "");
	else
		text_adds(words->out, "a recipe needs");
	text_addf(words->out, " at least %.0f drop%s", need->all_drops, plural(need->all_drops));
	if (words->limits->pigment_step > 1)
		text_addf(words->out, " in steps of %d", words->limits->pigment_step);
	text_addf(words->out, " and at most %d %s allowed", words->limits->drops_max,
		  words->limits->drops_max == 1 ? "is" : "are");
}

static void say_pigment_ml(const struct words *words)
{
	const struct need *need = words->need;

	text_addf(words->out,
		  "the least pigment (%.0f drop%s) is %.2f ml and at most %g ml of it are allowed",
		  need->all_drops, plural(need->all_drops), round_up_ml(need->pigment_ml),
		  words->limits->pigment_ml_max);
}

static void say_cup(const struct words *words)
{
	const struct need *need = words->need;
	int diluent = words->limits->diluent_min;

	text_addf(words->out,
		  "the least pigment (%.0f drop%s) and the least diluent (%d drop%s) are %.2f ml "
		  "and the cup holds %g ml",
		  need->all_drops, plural(need->all_drops), diluent, plural(diluent),
		  round_up_ml(need->ml), words->limits->cup_ml);
}

static void say_diluent(const struct words *words)
{
	text_addf(words->out, "the least diluent (%d drops) is more than the most (%d)",
		  words->limits->diluent_min, words->limits->diluent_max);
}

static void say_ratio(const struct words *words)
{
	bool first = true;

	text_adds(words->out, "the ratios of ");
	for (int p = 0; p < words->line->count; p++) {
		bool held = false;

		for (int r = 0; r < words->limits->ratios; r++)
			held |= words->limits->ratio[r].pigment[0] == p ||
				words->limits->ratio[r].pigment[1] == p;
		if (held && words->need->drops[p] > 0.0) {
			text_addf(words->out, "%s%s", first ? "" : ", ", id_of(words, p));
			first = false;
		}
	}
	text_adds(words->out, " contradict each other");
}

/* Everything that is exceeded. */
static void say_over(const struct words *words)
{
	static const struct {
		enum limit limit;
		void (*say)(const struct words *words);
	} all[] = {
		{LIMIT_RATIO, say_ratio},           {LIMIT_MOST, say_most},
		{LIMIT_PIGMENTS, say_pigments},     {LIMIT_DROPS, say_drops},
		{LIMIT_PIGMENT_ML, say_pigment_ml}, {LIMIT_CUP, say_cup},
		{LIMIT_DILUENT, say_diluent},
	};
	bool first = true;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		if (!(words->need->over & 1u << all[i].limit))
			continue;
		text_adds(words->out, first ? "" : ", and ");
		all[i].say(words);
		first = false;
	}
}

/* Names that are said of "one of"; the others do as well. */
enum { NAMES_SAID = 8, REMEDIES_SAID = 3 };

static void say_names(const struct words *words, const struct remedy *remedy, int count)
{
	text_adds(words->out, count > 1 ? "one of " : "");
	for (int i = 0; i < count && i < NAMES_SAID; i++)
		text_addf(words->out, "%s%s", i ? ", " : "", id_of(words, remedy[i].which));
	text_adds(words->out, count > NAMES_SAID ? " …" : "");
}

static void say_ratio_names(const struct words *words, const struct remedy *remedy, int count)
{
	text_adds(words->out,
		  count > 1 ? "leaving out one of the ratios " : "leaving out the ratio ");
	for (int i = 0; i < count; i++) {
		const struct search_ratio *ratio = &words->limits->ratio[remedy[i].which];

		text_addf(words->out, "%s%s:%s", i ? ", " : "", id_of(words, ratio->pigment[0]),
			  id_of(words, ratio->pigment[1]));
	}
}

/* `count` remedies of one limit and value, each of which would do. */
static void say_remedy(const struct words *words, const struct remedy *remedy, int count)
{
	double value = remedy->value;

	switch (remedy->limit) {
	case LIMIT_PIGMENTS:
		text_addf(words->out, "allowing %.0f pigments", value);
		break;
	case LIMIT_DROPS:
		text_addf(words->out, "allowing %.0f drops", value);
		break;
	case LIMIT_PIGMENT_ML:
		text_addf(words->out, "allowing %.2f ml of pigment", value);
		break;
	case LIMIT_CUP:
		text_addf(words->out, "a cup of %.2f ml", value);
		break;
	case LIMIT_DILUENT:
		text_addf(words->out, "at most %.0f drop%s of diluent", value, plural(value));
		break;
	case LIMIT_STEP:
		text_addf(words->out, "steps of %.0f drop%s", value, plural(value));
		break;
	case LIMIT_MOST:
		text_addf(words->out, "allowing %.0f drop%s of ", value, plural(value));
		say_names(words, remedy, count);
		break;
	case LIMIT_LEAST:
		text_addf(words->out, "asking for %.0f drop%s of ", value, plural(value));
		say_names(words, remedy, count);
		break;
	case LIMIT_RATIO:
		say_ratio_names(words, remedy, count);
		break;
	case LIMIT_FORCED:
		text_adds(words->out, "not forcing ");
		say_names(words, remedy, count);
		break;
	case LIMITS:
		break;
	}
}

static void say_single(const struct words *words, const struct infeasible *found)
{
	int said = 0;

	for (int i = 0, count; i < found->remedies && said < REMEDIES_SAID; i += count) {
		for (count = 1; i + count < found->remedies &&
				found->remedy[i + count].limit == found->remedy[i].limit &&
				found->remedy[i + count].value == found->remedy[i].value;
		     count++)
			;
		text_adds(words->out, said ? ", or " : "; ");
		say_remedy(words, &found->remedy[i], count);
		text_adds(words->out, said ? "" : " would do");
		said++;
	}
}

static void say_joint(const struct words *words, const struct infeasible *found)
{
	for (int i = 0; i < found->remedies; i++) {
		text_adds(words->out, i ? " and " : "; ");
		say_remedy(words, &found->remedy[i], 1);
	}
	text_adds(words->out, " would do together");
}

enum status infeasible_explain(const struct search_problem *problem, struct error *err)
{
	struct text line = {0};
	struct infeasible found;
	struct need need;
	const struct words words = {&line, &need, &problem->limits, problem->line};

	infeasible_find(&found, &problem->limits, problem->line);
	nearest_need(&need, &problem->limits, problem->line);
	text_adds(&line, "no recipe: ");
	say_over(&words);
	if (found.together)
		say_joint(&words, &found);
	else
		say_single(&words, &found);
	if (found.remedies == 0)
		text_adds(&line, "; more than one limit has to go");
	if (text_failed(&line))
		error_memory(err);
	else
		error_set(err, STATUS_NO_ANSWER, "%s", line.data);
	text_clear(&line);
	return err->status;
}

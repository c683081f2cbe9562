/* The interpreter is Debian's, because its scipy is: another one may come first on the path. */
#include "peer_exchange.h"

#include "base/file.h"

#include <jansson.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PYTHON "/usr/bin/python3"
#define SCRIPT "tests/peers.py"

/* --- there ------------------------------------------------------------------------------------------ */

static json_t *numbers(const double *value, int count, double divisor)
{
	json_t *array = json_array();

	for (int i = 0; i < count; i++)
		json_array_append_new(array, json_real(value[i] / divisor));
	return array;
}

static json_t *matter(const struct pigment *pigment, int bands)
{
	return json_pack("{so so}", "k", numbers(pigment->k_per_mm, bands, 1.0), "s",
			 numbers(pigment->s_per_mm, bands, 1.0));
}

static json_t *pigments(const struct pigment_line *line)
{
	json_t *array = json_array();

	for (int i = 0; i < line->count; i++)
		json_array_append_new(array, matter(&line->pigment[i], line->grid.count));
	return array;
}

static json_t *lights(const struct search_problem *problem)
{
	json_t *array = json_array();
	int bands = problem->line->grid.count;

	for (int i = 0; i < problem->light_count; i++) {
		const struct search_light *light = &problem->light[i];
		const struct weights *w = &light->weights;

		json_array_append_new(array, json_pack("{sf s[fff] s[ooo]}", "weight",
						       light->weight, "lab", light->required.l,
						       light->required.a, light->required.b, "xyz",
						       numbers(w->x, bands, w->white.x),
						       numbers(w->y, bands, w->white.y),
						       numbers(w->z, bands, w->white.z)));
	}
	return array;
}

static json_t *sets(const struct search_result *result)
{
	json_t *array = json_array();

	for (int r = 0; r < result->count; r++) {
		json_t *set = json_array();

		for (int i = 0; i < result->recipe[r].dose_count; i++)
			json_array_append_new(set, json_integer(result->recipe[r].dose[i].pigment));
		json_array_append_new(array, set);
	}
	return array;
}

static json_t *question(const struct peer_jobs *jobs, const struct search_result *ours,
			const struct search_problem *problem)
{
	const struct search_limits *limits = &problem->limits;

	return json_pack("{so so so so s{sf sf} s{si si si si} sf s{sf sf si sb} so}", "pigments",
			 pigments(problem->line), "diluent",
			 matter(&problem->line->diluent, problem->line->grid.count), "lights",
			 lights(problem), "required",
			 numbers(problem->required, problem->line->grid.count, 1.0), "surface",
			 "k1", problem->medium->surface.k1, "k2", problem->medium->surface.k2,
			 "limits", "pigments_max", limits->pigments_max, "drops_max",
			 limits->drops_max, "diluent_min", limits->diluent_min, "diluent_max",
			 limits->diluent_max, "cost_per_pigment", SEARCH_COST_PER_PIGMENT, "jobs",
			 "nnls_share", jobs->nnls_share, "batched_share", jobs->batched_share,
			 "slsqp_sets", jobs->slsqp_sets, "evolution", jobs->evolution, "ours",
			 sets(ours));
}

static enum status write_question(const char *path, json_t *root, struct error *err)
{
	char *text = root ? json_dumps(root, JSON_REAL_PRECISION(17)) : NULL;
	enum status status = text ? file_write(path, text, strlen(text), err) : error_memory(err);

	free(text);
	json_decref(root);
	return status;
}

/* --- and back --------------------------------------------------------------------------------------- */

static enum status run_script(const char *asked, const char *answered, struct error *err)
{
	const char *argv[] = {PYTHON, SCRIPT, asked, answered, NULL};
	pid_t child;
	int status;

	if (posix_spawn(&child, argv[0], NULL, NULL, (char **)argv, environ) ||
	    waitpid(child, &status, 0) < 0 || status)
		return error_set(err, STATUS_ENVIRONMENT, "%s %s did not run well", PYTHON, SCRIPT);
	return STATUS_OK;
}

/* Points with ratios are rounded; those with drops are taken as they are, as the only one of their size. */
static int read_points(struct peer_point *point, const json_t *array,
		       const struct peer_model *model)
{
	int count = 0;
	size_t at;
	json_t *item;

	json_array_foreach(array, at, item)
	{
		const json_t *pigment = json_object_get(item, "pigments");
		const json_t *ratio = json_object_get(item, "ratios");
		struct peer_point *now = &point[count];

		now->count = (int)json_array_size(pigment);
		if (now->count < 1 || now->count > SEARCH_PIGMENTS_MAX)
			continue;
		for (int i = 0; i < now->count; i++) {
			now->pigment[i] =
				(int)json_integer_value(json_array_get(pigment, (size_t)i));
			now->ratio[i] = json_number_value(json_array_get(ratio, (size_t)i));
		}
		now->objective = peer_objective(NULL, model, now);
		count++;
	}
	return count;
}

static void read_reply(struct peer_reply *reply, const json_t *item, const struct peer_model *model,
		       const struct search_problem *problem, int threads)
{
	const json_t *points = json_object_get(item, "points");
	struct peer_point *point = calloc(json_array_size(points) + 1, sizeof *point);
	int count = point ? read_points(point, points, model) : 0;

	*reply = (struct peer_reply){.share = json_number_value(json_object_get(item, "share"))};
	text_copy(reply->method, sizeof reply->method,
		  json_string_value(json_object_get(item, "method")));
	text_copy(reply->note, sizeof reply->note,
		  json_string_value(json_object_get(item, "note")));
	reply->answer.seconds = json_number_value(json_object_get(item, "seconds"));
	reply->answer.times = (int)json_integer_value(json_object_get(item, "times"));
	peer_round(&reply->answer, point, count, model, problem, threads);
	free(point);
}

enum status peer_ask(struct peer_reply reply[PEER_REPLIES_MAX], int *replies,
		     const struct peer_jobs *jobs, const struct search_result *ours,
		     const struct peer_model *model, const struct search_problem *problem,
		     const char *folder, int threads, struct error *err)
{
	char asked[4096], answered[4096];
	json_t *root, *item;
	size_t at;

	*replies = 0;
	snprintf(asked, sizeof asked, "%s/problem.json", folder);
	snprintf(answered, sizeof answered, "%s/answer.json", folder);
	if (write_question(asked, question(jobs, ours, problem), err) ||
	    run_script(asked, answered, err))
		return err->status;
	root = json_load_file(answered, 0, NULL);
	if (!root)
		return error_set(err, STATUS_REFUSED, "%s: no JSON", answered);
	json_array_foreach(json_object_get(root, "answers"), at,
			   item) if (*replies < PEER_REPLIES_MAX)
		read_reply(&reply[(*replies)++], item, model, problem, threads);
	json_decref(root);
	return STATUS_OK;
}

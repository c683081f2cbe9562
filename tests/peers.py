"""The search's peers in Python, as one would write them with numpy and scipy: peers.py PROBLEM.json ANSWER.json

Run by tests/unit/peer_exchange.c, which rounds the points found here to whole drops and evaluates them. All
times are without reading, start-up and rounding; what is timed on a sample of the sets of pigments is scaled up.
"""
import itertools
import json
import math
import sys
import time
import warnings

import numpy as np
from scipy.optimize import differential_evolution, minimize, nnls

warnings.simplefilter("ignore")  # of starts on their bounds
KEPT = 200  # points that are handed back to be rounded
RATIO_LEAST, RATIO_MOST = 1 / 200, 24.0


def ciede2000(required, lab):
    """Of many samples, as rows of L*, a*, b*; Sharma, Wu, Dalal (2005)."""
    l1, a1, b1 = required
    l2, a2, b2 = lab[..., 0], lab[..., 1], lab[..., 2]
    mean7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(mean7 / (mean7 + 25.0**7))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.arctan2(b1, a1), np.arctan2(b2, a2)
    turn = (h2 - h1 + np.pi) % (2 * np.pi) - np.pi
    h, c = h1 + turn / 2, (c1 + c2) / 2
    l50 = ((l1 + l2) / 2 - 50) ** 2
    t = (1 - 0.17 * np.cos(h - np.radians(30)) + 0.24 * np.cos(2 * h)
         + 0.32 * np.cos(3 * h + np.radians(6)) - 0.20 * np.cos(4 * h - np.radians(63)))
    dl = (l2 - l1) / (1 + 0.015 * l50 / np.sqrt(20 + l50))
    dc = (c2 - c1) / (1 + 0.045 * c)
    dh = 2 * np.sqrt(c1 * c2) * np.sin(turn / 2) / (1 + 0.015 * c * t)
    far = ((np.degrees(h) % 360) - 275) / 25
    rotation = -2 * np.sqrt(c**7 / (c**7 + 25.0**7)) * np.sin(np.radians(60) * np.exp(-far * far))
    return np.sqrt(np.maximum(dl * dl + dc * dc + dh * dh + rotation * dc * dh, 0))


class Problem:
    def __init__(self, data):
        self.k = np.array([p["k"] for p in data["pigments"]])
        self.s = np.array([p["s"] for p in data["pigments"]])
        self.k0, self.s0 = (np.array(data["diluent"][name]) for name in "ks")
        self.k1, self.k2 = data["surface"]["k1"], data["surface"]["k2"]
        self.lights = [(light["weight"], light["lab"], np.array(light["xyz"])) for light in data["lights"]]
        self.limits, self.cost = data["limits"], data["cost_per_pigment"]
        self.count = len(self.k)
        self.jobs, self.ours = data["jobs"], [tuple(s) for s in data["ours"]]
        self.linear(np.array(data["required"]))

    def linear(self, required):
        """sum x_i column_i = target, bands weighted as the eye and the slope of R do."""
        r = required - self.k1
        r = np.maximum(r / ((1 - self.k1) * (1 - self.k2) + self.k2 * r), 1e-4)
        q = (1 - r) ** 2 / (2 * r)
        weight = np.sqrt(np.maximum(self.lights[0][2].sum(axis=0), 1e-6)) * r ** (-2 / 3) * 2 * r * r / (1 - r * r)
        self.columns = np.ascontiguousarray((weight * (self.k - q * self.s)).T)
        self.target = weight * (q * self.s0 - self.k0)

    def colour(self, k, s):
        """The objective without the pigments' cost, of mixes as rows."""
        r = s / (k + s + np.sqrt(k * (k + 2 * s)))
        r = self.k1 + (1 - self.k1) * (1 - self.k2) * r / (1 - self.k2 * r)
        worst, first = 0.0, None
        for weight, required, xyz in self.lights:
            t = r @ xyz.T
            f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t * (29 / 6) ** 2 / 3 + 4 / 29)
            lab = np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)
            part = weight * ciede2000(required, lab)
            if first is None:
                first = part
            else:
                worst = np.maximum(worst, part)
        return first + worst

    def objective(self, sets, ratios):
        """Of sets (rows of pigments' numbers, all of one size) with ratios to the diluent."""
        k = self.k0 + np.einsum("nm,nmb->nb", ratios, self.k[sets])
        s = self.s0 + np.einsum("nm,nmb->nb", ratios, self.s[sets])
        return self.colour(k, s) + self.cost * (sets.shape[1] - 1)

    def sets_of(self, size, share, rng):
        """All sets of that size as rows, or a random sample of them."""
        count = math.comb(self.count, size)
        flat = itertools.chain.from_iterable(itertools.combinations(range(self.count), size))
        sets = np.fromiter(flat, np.int16, count * size).reshape(count, size)
        return sets if share >= 1 else sets[rng.random(count) < share]


def best_points(problem, points):
    """points: [(sets, ratios, residuals)] by size. The KEPT best by the true objective of the 10 KEPT best fits."""
    residuals = np.concatenate([p[2] for p in points])
    most = np.partition(residuals, 10 * KEPT)[10 * KEPT] if len(residuals) > 10 * KEPT else np.inf
    found = []
    for sets, ratios, residual in points:
        good = residual <= most
        if good.any():
            values = problem.objective(sets[good], ratios[good])
            found += zip(values, sets[good].tolist(), ratios[good].tolist())
    found.sort(key=lambda point: point[0])
    return found[:KEPT]


def clipped(ratios):
    return np.clip(ratios, RATIO_LEAST, RATIO_MOST)


def fit_by_nnls(problem, sets):
    """A call a set; those with a pigment at 0 are another set's and not ranked twice."""
    ratios, residuals = np.empty(sets.shape), np.empty(len(sets))
    columns, target = problem.columns, problem.target
    for i, one in enumerate(sets):
        ratios[i], residuals[i] = nnls(columns[:, one], target)
    good = (ratios > 0).all(axis=1)
    return sets[good], clipped(ratios[good]), residuals[good]


def fit_batched(problem, sets):
    """Least squares of all sets at once by their normal equations. Where a solution is not positive the non-negative
    one leaves a pigment out, so it is another set's: nothing is lost by dropping it."""
    gram, right = problem.columns.T @ problem.columns, problem.columns.T @ problem.target
    kept = [], [], []
    for first in range(0, len(sets), 20000):
        some = sets[first:first + 20000]
        ratios = np.linalg.solve(gram[some[:, :, None], some[:, None, :]], right[some][..., None])[..., 0]
        good = (ratios > 0).all(axis=1)
        some, ratios = some[good], ratios[good]
        for part, value in zip(kept, (some, ratios, -(ratios * right[some]).sum(axis=1))):
            part.append(value)
    sets, ratios, residuals = (np.concatenate(part) for part in kept)
    return sets, clipped(ratios), residuals


def run_fits(problem, fit, share):
    """Points, seconds for all sets, how often it was run."""
    rng = np.random.default_rng(1)
    sizes = range(1, problem.limits["pigments_max"] + 1)
    seconds, start = [], time.perf_counter()
    if share < 1:  # drawn outside the clock, which would be scaled up otherwise
        samples = [problem.sets_of(size, share, rng) for size in sizes]
        scale = sum(math.comb(problem.count, size) for size in sizes) / sum(len(s) for s in samples)
    while True:
        begin = time.perf_counter()
        if share >= 1:
            samples, scale = [problem.sets_of(size, 1, rng) for size in sizes], 1.0
        points = [fit(problem, sets) for sets in samples if len(sets)]
        between = time.perf_counter()
        found = best_points(problem, points)
        end = time.perf_counter()
        seconds.append((between - begin) * scale + end - between)
        if len(seconds) == 3 or end - start > 1:
            break
    if share < 1:
        points += [fit(problem, np.array([one], np.int16)) for one in problem.ours]  # as if they had been drawn
        found = best_points(problem, [p for p in points if len(p[0])])
    return found, sorted(seconds)[(len(seconds) - 1) // 2], len(seconds)


def rounded(problem, found):
    """Whole drops for the KEPT best points: every amount of diluent, then from the best of each point a drop up or down of
    each amount as long as it helps. What one would write; peers.c does the same in C for points of all peers."""
    limits, starts = problem.limits, []
    diluents = np.arange(limits["diluent_min"], limits["diluent_max"] + 1)
    for _, one, ratios in found:
        drops = np.maximum(np.round(np.outer(diluents, ratios)), 1)
        fits = drops.sum(axis=1) <= limits["drops_max"]
        if fits.any():
            sets = np.tile(np.array(one), (fits.sum(), 1))
            values = problem.objective(sets, drops[fits] / diluents[fits, None])
            best = values.argmin()
            starts.append((values[best], one, [*drops[fits][best], diluents[fits][best]]))
    starts.sort(key=lambda start: start[0])
    ended = []
    for value, one, at in starts:
        moves = np.array(list(itertools.product((-1, 0, 1), repeat=len(at))))
        while True:
            near = np.array(at) + moves
            near = near[(near[:, :-1] >= 1).all(axis=1) & (near[:, :-1].sum(axis=1) <= limits["drops_max"])
                        & (near[:, -1] >= diluents[0]) & (near[:, -1] <= diluents[-1])]
            values = problem.objective(np.tile(np.array(one), (len(near), 1)), near[:, :-1] / near[:, -1:])
            if values.min() >= value:
                break
            value, at = values.min(), near[values.argmin()]
        ended.append((value, one, (np.array(at[:-1]) / at[-1]).tolist()))
    return sorted(ended, key=lambda point: point[0])


def minimise(problem, one, start):
    """SLSQP over the logarithms of the ratios; differences of all directions in one call."""
    sets = np.tile(np.array(one), (len(one) + 1, 1))
    steps = np.vstack([np.zeros(len(one)), 1e-6 * np.eye(len(one))])

    def value_and_slopes(x):
        value = problem.objective(sets, np.exp(x + steps))
        return value[0], (value[1:] - value[0]) / 1e-6

    bounds = [(math.log(RATIO_LEAST), math.log(RATIO_MOST))] * len(one)
    result = minimize(value_and_slopes, np.log(start), jac=True, method="SLSQP", bounds=bounds,
                      options={"ftol": 1e-3, "maxiter": 60})
    return result.fun, list(one), np.exp(np.clip(result.x, *bounds[0])).tolist()


def run_slsqp(problem, most):
    begin = time.perf_counter()
    rng = np.random.default_rng(1)
    if most < 0:
        found = (problem.sets_of(size, 1, rng) for size in range(1, problem.limits["pigments_max"] + 1))
        starts = [(one.tolist(), clipped(nnls(problem.columns[:, one], problem.target)[0]))
                  for sets in found for one in sets]
    else:
        found, _, _ = run_fits(problem, fit_by_nnls, 1)
        begin = time.perf_counter()  # NNLS is timed by itself
        starts = [(s, np.array(r)) for _, s, r in found[:most]]
    found = sorted((minimise(problem, s, r) for s, r in starts), key=lambda point: point[0])
    return found[:KEPT], time.perf_counter() - begin


def run_evolution(problem):
    """Genes: pigment's number (or none) and drops, four times, then the diluent. All whole."""
    limits, size = problem.limits, problem.limits["pigments_max"]
    low = np.array([-1, 1] * size + [limits["diluent_min"]])
    high = np.array([problem.count - 1, 20] * size + [limits["diluent_max"]])

    def decode(genes):
        pigment, drops = genes[:, 0:-1:2].round().astype(int), genes[:, 1:-1:2].round()
        for i in range(1, size):  # a pigment that comes twice counts once
            pigment[:, i] = np.where((pigment[:, :i] == pigment[:, i:i + 1]).any(axis=1), -1, pigment[:, i])
        return pigment, np.where(pigment >= 0, drops, 0), genes[:, -1:].round()

    evaluations = 0

    def values(x):
        nonlocal evaluations
        genes = np.atleast_2d(x.T)
        evaluations += len(genes)
        pigment, drops, diluent = decode(genes)
        ratios = drops / diluent
        k = problem.k0 + np.einsum("nm,nmb->nb", ratios, problem.k[pigment])
        s = problem.s0 + np.einsum("nm,nmb->nb", ratios, problem.s[pigment])
        value = problem.colour(k, s) + problem.cost * ((pigment >= 0).sum(axis=1) - 1)
        wrong = (drops.sum(axis=1) > limits["drops_max"]) | (drops.sum(axis=1) == 0)
        return np.where(wrong, 150.0 + drops.sum(axis=1), value)

    begin = time.perf_counter()
    result = differential_evolution(values, list(zip(low, high)), integrality=[True] * len(low), seed=1,
                                    vectorized=True, updating="deferred", popsize=60, maxiter=400, tol=0,
                                    mutation=(0.5, 1.5), recombination=0.5, polish=False)
    seconds = time.perf_counter() - begin
    pigment, drops, diluent = decode(result.x[None, :])
    used = pigment[0] >= 0
    return [(result.fun, pigment[0][used].tolist(), (drops[0][used] / diluent[0]).tolist())], seconds, evaluations


def answer(method, found, seconds, times=1, share=1.0, note=""):
    return {"method": method, "seconds": seconds, "times": times, "share": share, "note": note,
            "points": [{"objective": float(o), "pigments": p, "ratios": r} for o, p, r in found]}


def main(asked, answered):
    with open(asked) as file:
        problem = Problem(json.load(file))
    jobs, answers = problem.jobs, []
    for name, fit, share in (("scipy nnls, each set", fit_by_nnls, jobs["nnls_share"]),
                             ("numpy solve, all sets at once", fit_batched, jobs["batched_share"])):
        if share > 0:
            found, seconds, times = run_fits(problem, fit, share)
            answers.append(answer(name, found, seconds, times, share))
            if fit is fit_by_nnls:
                begin = time.perf_counter()
                found = rounded(problem, found)
                seconds += time.perf_counter() - begin
                answers.append(answer("scipy nnls, rounded in Python", found, seconds, 1, share))
    if jobs["slsqp_sets"]:
        found, seconds = run_slsqp(problem, jobs["slsqp_sets"])
        name = "scipy SLSQP, " + ("all sets" if jobs["slsqp_sets"] < 0 else f"{jobs['slsqp_sets']} best of nnls")
        answers.append(answer(name, found, seconds))
    if jobs["evolution"]:
        found, seconds, evaluations = run_evolution(problem)
        answers.append(answer("scipy differential_evolution", found, seconds, note=f"{evaluations} evaluations"))
    with open(answered, "w") as file:
        json.dump({"answers": answers}, file)


main(*sys.argv[1:])

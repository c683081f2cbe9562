# Readings of drawdowns whose truth is known, by Kubelka and Munk's formulas written here alone.
#
# Input, a line each: NAME THICKNESS GROUND [PIGMENT=AMOUNT]...
#   THICKNESS 0: opaque, in 50 g of white base, AMOUNT in g. Otherwise a film of so many mm of AMOUNT (a share) in
#   clear base, over GROUND (white, black); THICKNESS "-": the bare ground.
# Output: CSV of reflectances, or with -v truth=k|s of the pigments named, 1/mm.
# -v noise=, weigh=: relative standard deviations of readings and amounts; -v k1=, k2=: Saunderson's.
function logistic(x) { return 1 / (1 + exp(-x)) }
function gauss() { return sqrt(-2 * log(1 - rand())) * cos(6.283185307179586 * rand()) }
# From 20 on clean ones, which hardly absorb above their edge.
function pigment_k(i, nm) {
	return (i < 20 ? 0.3 + (7 * i) % 5 : 0.001) + (10 + 25 * (i % 4)) * logistic((440 + 29 * (i % 7) - nm) / (14 + 4 * (i % 5)))
}
function pigment_s(i, nm) { return (0.4 + 0.3 * (i % 4)) * sqrt(550 / nm) }
function base_k(nm) { return 0.002 + 0.2 * logistic((400 - nm) / 8) }
function base_s(nm) { return 1 }
function ground(which, nm) { return which == "white" ? 0.9 - 0.1 * logistic((420 - nm) / 10) : 0.03 }
function reflectance(nm, k, s, thickness, under,    a, b, e) {
	if (thickness == "-")
		return under
	a = 1 + k / s
	b = sqrt(a * a - 1)
	if (thickness == 0)
		return 1 / (a + b)
	e = exp(2 * b * s * thickness)
	e = b * (e + 1) / (e - 1)
	return (1 - under * (a - e)) / (a - under + e)
}
BEGIN {
	srand(seed)
	if (k2 == "") { k1 = 0.04; k2 = 0.5 }
	if (!truth) {
		printf "# unit: reflectance 0..1\n# specular: included\nname"
		for (nm = 400; nm <= 700; nm += 10)
			printf ",%d", nm
		print ""
	}
}
truth {
	for (nm = 400; nm <= 700; nm += 10)
		print truth == "k" ? pigment_k($1, nm) : pigment_s($1, nm)
	next
}
{
	whole = $2 == 0 ? 50 : 1
	for (i = 4; i <= NF; i++) {
		split($i, part, "=")
		number[i] = part[1]
		amount[i] = part[2] * (1 + weigh * gauss())
		whole += $2 == 0 ? amount[i] : 0
	}
	printf "%s", $1
	for (nm = 400; nm <= 700; nm += 10) {
		k = $2 == 0 ? 50 * base_k(nm) : 0
		s = $2 == 0 ? 50 * base_s(nm) : 0
		for (i = 4; i <= NF; i++) {
			k += amount[i] * pigment_k(number[i], nm)
			s += amount[i] * pigment_s(number[i], nm)
		}
		inner = reflectance(nm, k / whole, s / whole, $2, ground($3, nm))
		printf ",%.12g", (k1 + (1 - k1) * (1 - k2) * inner / (1 - k2 * inner)) * (1 + noise * gauss())
	}
	print ""
}

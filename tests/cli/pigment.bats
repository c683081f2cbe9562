#!/usr/bin/env bats
load support

ladders() {
	awk "$@" -f "$BATS_TEST_DIRNAME/ladders.awk"
}

# sheet REST...: the head of a sheet of opaque drawdowns in a white base, whose steps follow.
sheet() {
	echo 'format = "follitone-drawdowns"; version = 1; line = "Truth"; readings = [ "readings.csv" ];'
	echo 'unit = "g_per_50g_base"; specular = "included"; backing = "opaque";'
	echo 'base = { id = "WHITE"; reading = "WHITE"; };'
}

# lines PIGMENT...: what ladders.awk is to make, the base and three steps of each pigment.
lines() {
	echo WHITE 0 -
	for p in "$@"; do
		for amount in 0.1 0.5 2.5; do echo "P$p@$amount 0 - $p=$amount"; done
	done
}

# steps PIGMENT...: the same steps, as the sheet lists them.
steps() {
	echo 'steps = ('
	for p in "$@"; do
		for amount in 0.1 0.5 2.5; do
			echo "{ pigment = \"P$p\"; amount = $amount; reading = \"P$p@$amount\"; }"
		done
	done | paste -sd,
	echo ');'
}

calibrate() {
	follitone pigment calibrate "$scratch/sheet.cfg" -o "$scratch/line.cfg" "$@"
}

@test "calibrate: held-out mixtures of three, from noisy readings and weighed amounts, within a mean of 0.5" {
	lines 1 2 3 4 5 6 7 8 | ladders -v seed=3 -v noise=0.002 -v weigh=0.01 >"$scratch/readings.csv"
	{ sheet && steps 1 2 3 4 5 6 7 8; } >"$scratch/sheet.cfg"
	calibrate --json >"$scratch/json"
	jq -e '.pigments | length == 8 and all(.trusted and (.steps | all(.de00 < 0.5)) and .leave_one_out_de00 < 1.5)' "$scratch/json"
	for first in 1 2 3 4 5 6 7 8; do
		for amount in 0.2 0.9; do
			second=$((first % 8 + 1)) third=$(((first + 2) % 8 + 1))
			echo "M$first-$amount 0 - $first=$amount $second=0.3 $third=1.2"
		done
	done >"$scratch/mixes"
	ladders -v seed=5 -v noise=0.002 -v weigh=0.01 <"$scratch/mixes" >"$scratch/mixes.csv"
	while read -r name _ _ doses; do
		follitone predict --pigments "$scratch/line.cfg" --drawdown --json \
			$(for dose in $doses; do echo "--dose P$dose"; done) | jq -r '.lab | map(tostring) | join(",")' >"$scratch/lab"
		follitone de "$scratch/mixes.csv#$name" "$(cat "$scratch/lab")" --json | jq .de00
	done <"$scratch/mixes" >"$scratch/differences"
	[ "$(wc -l <"$scratch/differences")" = 16 ]
	awk '{sum += $1} END {print "mean", sum / NR; exit sum / NR > 0.5}' "$scratch/differences"
}

@test "calibrate: a clean yellow's scattering, which a white base hides, is right enough to grey it with a black" {
	lines 3 21 22 | ladders -v seed=7 -v noise=0.002 -v weigh=0.01 >"$scratch/readings.csv"
	{ sheet && steps 3 21 22; } >"$scratch/sheet.cfg"
	calibrate >/dev/null 2>&1
	for clean in 21 22; do
		echo "grey 0 - $clean=2.0 3=0.4" | ladders >"$scratch/mix.csv"
		follitone predict --pigments "$scratch/line.cfg" --drawdown --dose P$clean=2.0 --dose P3=0.4 --json |
			jq -r '.lab | map(tostring) | join(",")' >"$scratch/lab"
		follitone de "$scratch/mix.csv" "$(cat "$scratch/lab")" --json | jq -e '.de00 < 0.5'
	done
}

@test "calibrate: a swapped step and a mislabelled one are named, the others are trusted" {
	lines 1 2 3 | ladders -v seed=1 -v noise=0.002 -v weigh=0.01 |
		sed 's/^P2@0.1,/P2@x,/; s/^P2@2.5,/P2@0.1,/; s/^P2@x,/P2@2.5,/' >"$scratch/readings.csv"
	{ sheet && steps 1 2 3; } >"$scratch/sheet.cfg"
	calibrate --json >"$scratch/json"
	jq -e '[.pigments[] | {(.id): .trusted}] | add == {P1: true, P2: false, P3: true}' "$scratch/json"
	jq -e '.pigments[1].reasons | any(test("steps 0.1 and 2.5 .*do not trust"))' "$scratch/json"
	jq -e '.warnings | any(test("P2: steps 0.1 and 2.5 are in the wrong order"))' "$scratch/json"
	follitone pigment check "$scratch/line.cfg" | has '^P2: do not trust'
	follitone predict --pigments "$scratch/line.cfg" --drawdown --dose P2=1 2>&1 >/dev/null | has 'P2: do not trust'

	# 0.5 g read where 1 g was weighed: in the right order, at the wrong place
	{ lines 1; echo "P1@1 0 - 1=1"; echo "P1@0.2 0 - 1=0.2"; } | ladders -v seed=1 -v noise=0.002 |
		sed '/^P1@0.5,/d; s/^P1@1,/P1@0.5,/' >"$scratch/readings.csv"
	{ sheet && steps 1 | sed '$d' && echo ', { pigment = "P1"; amount = 0.2; reading = "P1@0.2"; } );'; } >"$scratch/sheet.cfg"
	calibrate --json 2>/dev/null | jq -e '.pigments[0] | (.trusted | not) and (.reasons | any(test("step 0.5 reads like")))'
}

@test "calibrate: films over white and black give K and S per mm, and predict films and skin" {
	{
		echo W - white; echo B - black
		for share in 0.01 0.05 0.2; do
			echo "w$share 0.15 white 2=$share"; echo "b$share 0.15 black 2=$share"
		done
		echo "held 0.3 white 2=0.1"
	} | ladders >"$scratch/readings.csv"
	cat >"$scratch/sheet.cfg" <<-'SHEET'
		format = "follitone-drawdowns"; version = 1; line = "Films"; readings = [ "readings.csv" ];
		unit = "mass_share"; specular = "included"; thickness_mm = 0.15;
		backing = { over_white = "W"; over_black = "B"; };
		base = { id = "clear"; };
		pigments = ( { id = "P2"; name = "Two"; maker = "a maker"; shade = "2"; lot = "L1"; expiry = "2020-01-31";
		  drops_per_ml = 18.0; ci = "77266"; price = 30.5; } );
		steps = ( { pigment = "P2"; amount = 0.01; over_white = "w0.01"; over_black = "b0.01"; },
		  { pigment = "P2"; amount = 0.05; over_white = "w0.05"; over_black = "b0.05"; },
		  { pigment = "P2"; amount = 0.2; over_white = "w0.2"; over_black = "b0.2"; } );
	SHEET
	calibrate --json 2>/dev/null | jq -e '.pigments[0] | .trusted and (.steps | all(.de00 < 0.01))'
	for what in k s; do
		echo 2 | ladders -v truth=$what >"$scratch/truth"
		follitone pigment show "$scratch/line.cfg" P2 --json | jq -r ".pigments[0].$what[]" | paste - "$scratch/truth" |
			awk '{if ($1 / $2 > 1.01 || $1 / $2 < 0.99) {print; bad = 1}} END {exit bad || NR != 31}'
	done
	follitone convert "$scratch/readings.csv#W" -o "$scratch/white.csv"
	follitone predict --pigments "$scratch/line.cfg" --dose P2=0.1 --drawdown --thickness-mm 0.3 --ground "$scratch/white.csv" --json |
		jq -r '.lab | map(tostring) | join(",")' >"$scratch/lab"
	follitone de "$scratch/readings.csv#held" "$(cat "$scratch/lab")" --json | jq -e '.de00 < 0.02'
	follitone predict --pigments "$scratch/line.cfg" --dose P2=0.01 --skin $example/skin.csv --json |
		jq -e '.states | .fresh.lab[0] < .day7.lab[0] and .day7.lab[0] < .healed.lab[0]'
	follitone pigment show "$scratch/line.cfg" P2 | has 'CI  *77266'
	follitone pigment check "$scratch/line.cfg" | has 'P2: lot L1 expired on 2020-01-31'
	calibrate --plot "$scratch/curves.svg" 2>/dev/null >/dev/null
	xmllint --noout "$scratch/curves.svg"
}

@test "calibrate: what a sheet gets wrong is one line, and no line file is written" {
	lines 1 | ladders >"$scratch/readings.csv"
	{ sheet && steps 1; } >"$scratch/right.cfg"
	wrong() {
		sed "$2" "$scratch/right.cfg" >"$scratch/sheet.cfg"
		[ "$(cat "$scratch/right.cfg")" != "$(cat "$scratch/sheet.cfg")" ]
		refused 1 "$1" calibrate
		[ ! -e "$scratch/line.cfg" ]
	}
	wrong 'sheet.cfg:2: unit “pinch”; g_per_50g_base, mass_share' 's/g_per_50g_base/pinch/'
	wrong 'sheet.cfg:1: format' 's/follitone-drawdowns/follitone-pigments/'
	wrong "sheet.cfg:1: readings: the name of a file in this file's own folder" 's/"readings.csv"/"..\/readings.csv"/'
	wrong "sheet.cfg:1: readings: the name of a file in this file's own folder" 's/"readings.csv"/"\/etc\/passwd"/'
	wrong 'sheet.cfg:5: no reading “P1@9” among the 4' 's/P1@0.1/P1@9/'
	wrong 'amount' 's/amount = 0.1/amount = -1/'
	wrong 'amount' 's/amount = 0.1/amount = 1e999/'
	wrong 'sheet.cfg:3: base: its own reading is needed' 's/reading = "WHITE";//'
	wrong 'sheet.cfg:1: ' 's/version = 1;/version = 1; colour = "x";/'
	wrong 'steps: there are none' '/pigment =/d'
	wrong '“WHITE”: an id of letters' 's/pigment = "P1"/pigment = "WHITE"/'
	ln -s /etc "$scratch/away"
	wrong "leads out of this file's own folder" 's/"readings.csv"/"away\/passwd"/'
	refused 2 'SHEET and one -o LINE.cfg are needed' follitone pigment calibrate "$scratch/right.cfg"
}

@test "calibrate: relative K and S are refused where a thickness counts" {
	lines 1 | ladders >"$scratch/readings.csv"
	{ sheet && steps 1; } >"$scratch/sheet.cfg"
	calibrate >/dev/null 2>&1
	refused 1 'a dose in skin needs them per mm' follitone predict --pigments "$scratch/line.cfg" --dose P1=1 --skin $example/skin.csv
	refused 1 'a film of a thickness needs them per mm' follitone predict --pigments "$scratch/line.cfg" --dose P1=1 \
		--drawdown --thickness-mm 0.1 --ground $example/skin.csv
	refused 1 'P9' follitone predict --pigments "$scratch/line.cfg" --dose P9=1 --drawdown
}

@test "predict: a recipe in skin is what match says of it" {
	follitone match --pigments example --skin $example/skin.csv --hair $example/hair.txt --max-drops 3 \
		--diluent-drops 0:60:20 --top 3 --json 2>/dev/null >"$scratch/match"
	for rank in 0 1 2; do
		jq -r ".recipes[$rank] | (.doses[] | \"--dose \(.pigment)=\(.drops)\"), \"--dose water=\(.diluent_drops)\"" "$scratch/match" >"$scratch/doses"
		follitone predict --pigments example --skin $example/skin.csv $(cat "$scratch/doses") --json 2>/dev/null |
			jq -e --argjson lab "$(jq -c ".recipes[$rank].lab" "$scratch/match")" \
				'[.lab, $lab] | transpose | all((.[0] - .[1]) | fabs < 1e-9)'
	done
}

@test "calibrate: Kimera's paints, masstone and one tint each" {
	need_data
	data=$FOLLITONE_DATA/pigments
	{
		echo '# unit: reflectance percent'
		echo "name,$(seq -s, 400 10 720)"
		jq -r '.[0].values as $nm | .[1:][] | [if .components then "tint " + ([.components | keys[] | select(. != "white")][0]) else .name end] +
			([$nm, .reflectance] | transpose | map("\(.[0])=\(.[1])")) | join("\t")' "$data/kimera_masstone.json" "$data/kimera_mix1.json" |
			awk -F'\t' -f "$BATS_TEST_DIRNAME/kimera.awk"
	} >"$scratch/readings.csv"
	{
		sheet | sed 's/g_per_50g_base/mass_share/; s/specular = "included"; //; s/"WHITE"/"white"/g'
		echo 'steps = ('
		jq -r '.[1:] | map(.components) | unique[] | ([keys[] | select(. != "white")][0]) as $c | "\"\($c | gsub(" "; "-"))\"" as $id |
			"{ pigment = \($id); amount = \(.[$c] / (.[$c] + .white)); reading = \"tint \($c)\"; }
			{ pigment = \($id); amount = 1.0; reading = \"\($c)\"; }"' "$data/kimera_mix1.json" | paste -sd,
		echo ');'
	} >"$scratch/sheet.cfg"
	calibrate --json 2>/dev/null >"$scratch/json"
	jq -e '.pigments | length == 12 and all(.steps[0].de00 <= 0.05 and .steps[1].de00 <= 0.23)' "$scratch/json"
	follitone pigment show "$scratch/line.cfg" --json | jq -e '.pigments | length == 12 and all((.k + .s) | length == 66 and all(. > 0))'
}

@test "predict: the skin in plain words; what is not skin is called out" {
	follitone predict --pigments example --dose carbon-black=2 --dose water=60 --skin $example/skin.csv >"$scratch/words" 2>/dev/null
	grep -q 'melanin  *[0-9.]* % of the epidermis, as in light skin' "$scratch/words"
	grep -q 'oxygenation  *[0-9]* % of its haemoglobin' "$scratch/words"
	follitone predict --pigments example --dose carbon-black=2 --skin $example/skin.csv --json |
		jq -e '.skin | .melanin_share > 0.013 and .melanin_share < 0.063 and .blood_share > 0.002 and .saturation > 0.2 and .misfit < 0.2'
	for grey in 0.2 0.5 0.8; do
		{ echo '# unit: reflectance 0..1'; echo 'nm,card'; for nm in $(seq 400 10 700); do echo "$nm,$grey"; done; } >"$scratch/card.csv"
		follitone predict --pigments example --dose carbon-black=2 --skin "$scratch/card.csv" 2>&1 >/dev/null |
			has 'does not look like bare skin'
	done
}

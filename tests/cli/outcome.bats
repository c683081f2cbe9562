#!/usr/bin/env bats
load support

# A drawdown of the example line whose black is a quarter stronger than thought: its recipe, a trial of it.
set_up_trial() {
	awk '/id = "carbon-black"/ { on = 1 } /id = "raw-umber"/ { on = 0 }
		on && /^ +[0-9.e-]+,/ { n = split($0, v, ","); line = ""
			for (i = 1; i <= n; i++) if (v[i] + 0 > 0) sub(/[0-9.e+-]+/, sprintf("%.6f", 1.25 * v[i]), v[i])
			for (i = 1; i <= n; i++) line = line (i > 1 ? "," : "") v[i]
			print line; next } { print }' profiles/pigments/example.cfg >"$scratch/real.cfg"
	follitone predict --pigments example --dose carbon-black=1 --dose white=6 --dose ochre=4 --drawdown --json |
		as_csv target >"$scratch/target.csv"
	follitone match --pigments example --target "$scratch/target.csv" --force carbon-black --force white --top 1 \
		--name Trial -o "$scratch/r.cfg" >/dev/null 2>&1
	trial_of "$scratch/r.cfg" >"$scratch/trial.csv"
}

as_csv() { # name
	jq -r --arg name "$1" '"# specular: excluded", "nm," + $name,
		(.wavelengths_nm as $w | .reflectance | to_entries[] | "\($w.start + .key * $w.step),\(.value)")'
}

# What a recipe really looks like.
trial_of() {
	doses=$(follitone show "$1" --json | jq -r '.recipes[0].doses[] | "--dose \(.pigment)=\(.drops)"')
	follitone predict --pigments "$scratch/real.cfg" $doses --drawdown --json 2>/dev/null | as_csv trial
}

@test "correct: a strong bottle is found, and what is added mends the mix" {
	set_up_trial
	follitone correct "$scratch/r.cfg" --trial "$scratch/trial.csv" -o "$scratch/r2.cfg" --json >"$scratch/json"
	# of an opaque drawdown only ratios can be told
	jq -e '(.strengths | .["carbon-black"] / .white - 1.25 | fabs) < 0.03 and .residual_de00 < 0.1 and .de00_before > 1 and
		.de00_after < 0.3 * .de00_before and (.add | length > 0) and ([.add[].drops] | all(. > 0)) and
		.add_diluent_drops == 0' "$scratch/json"
	# the mix that it says, as it really is, is that much nearer
	trial_of "$scratch/r2.cfg" >"$scratch/after.csv"
	before=$(follitone de "$scratch/target.csv" "$scratch/trial.csv" --json | jq .de00)
	after=$(follitone de "$scratch/target.csv" "$scratch/after.csv" --json | jq .de00)
	awk -v before="$before" -v after="$after" 'BEGIN { exit !(after < before / 3) }'
	# nothing is taken out
	follitone show "$scratch/r2.cfg" --json >"$scratch/new"
	follitone show "$scratch/r.cfg" --json | jq -e --slurpfile new "$scratch/new" '[.recipes[0].doses[] | . as $old |
		$new[0].recipes[0].doses[] | select(.pigment == $old.pigment) | .drops >= $old.drops] | all'
}

@test "correct: the corrected recipe keeps its strengths and is predicted by them" {
	set_up_trial
	follitone correct "$scratch/r.cfg" --trial "$scratch/trial.csv" -o "$scratch/r2.cfg" --json >"$scratch/json"
	grep -q 'strength = 1.1' "$scratch/r2.cfg"
	follitone show "$scratch/r2.cfg" | has '1\.1[0-9] times as strong as its line says'
	follitone show "$scratch/r2.cfg" --json | jq -e '[.recipes[0].doses[] | select(.strength > 1.1)] | length == 1'
	# edited by hand, it is predicted anew with the strengths that it holds
	sed 's/^  lighter = .*/  lighter = 0.5;/; s/^    lighter = .*/    lighter = 0.5;/' "$scratch/r2.cfg" >"$scratch/edited.cfg"
	cmp -s "$scratch/r2.cfg" "$scratch/edited.cfg" && return 1
	follitone show "$scratch/edited.cfg" --json |
		jq -e --slurpfile said "$scratch/json" '(.recipes[0].de00 - $said[0].de00_after | fabs) < 1e-6'
	follitone save "$scratch/r2.cfg" 2>/dev/null | has 'as version 1'
}

@test "correct: a trial as predicted needs nothing; a full cup gets nothing" {
	set_up_trial
	cp profiles/pigments/example.cfg "$scratch/real.cfg"
	trial_of "$scratch/r.cfg" >"$scratch/trial.csv"
	follitone correct "$scratch/r.cfg" --trial "$scratch/trial.csv" --json >"$scratch/json"
	jq -e '([.strengths[] | . - 1 | fabs < 1e-3] | all) and .trial_off_de00 < 1e-6' "$scratch/json"
	awk -F, '/^[0-9]/ { printf "%s,%.6f\n", $1, 0.9 * $2; next } { print }' "$scratch/trial.csv" >"$scratch/dark.csv"
	follitone correct "$scratch/r.cfg" --trial "$scratch/dark.csv" --cup-ml 0.1 --json |
		jq -e '.add == [] and .de00_after == .de00_before'
	follitone correct "$scratch/r.cfg" --trial "$scratch/dark.csv" --cup-ml 0.1 2>/dev/null | has 'nothing: no top-up'
}

@test "correct: in skin, from the treated patch" {
	match_example "$scratch/r.cfg"
	follitone show "$scratch/r.cfg" --json >"$scratch/recipe"
	# the patch as it is predicted, a little darker
	awk -F, '/^[0-9]/ { printf "%s,%.6f\n", $1, 0.975 * $2; next } { print }' $example/skin.csv >"$scratch/patch.csv"
	follitone correct "$scratch/r.cfg" --trial "$scratch/patch.csv" --json >"$scratch/json"
	jq -e 'has("de00_field_before", "de00_field_after") and .de00_after <= .de00_before + 1e-9 and
		(.warnings | any(test("one reading of the patch")))' "$scratch/json"
	# a patch that is lighter or darker all over is not explained by bottles, and moves them hardly
	jq -e '[.strengths[] | . > 0.8 and . < 1.25] | all' "$scratch/json"
}

@test "correct: refusals" {
	set_up_trial
	refused 2 '--trial FILE is needed' follitone correct "$scratch/r.cfg"
	refused 1 'No such file' follitone correct "$scratch/none.cfg" --trial "$scratch/trial.csv"
	refused 1 'is not the one that the recipe was made with' follitone correct "$scratch/r.cfg" \
		--trial "$scratch/trial.csv" --pigments "$scratch/real.cfg"
	refused 1 'was not taken like the recipe' follitone correct "$scratch/r.cfg" --trial $example/hair.txt
	[ ! -e "$scratch/r2.cfg" ]
	follitone correct "$scratch/r.cfg" --trial "$scratch/trial.csv" --bar ochre --bar white --json |
		jq -e '[.add[].pigment] | index("ochre") == null and index("white") == null'
	awk -F, '/^[0-9]/ { printf "%s,%.6f\n", $1, 0.3 + 0.3 * ($1 > 550); next } { print }' "$scratch/trial.csv" >"$scratch/odd.csv"
	refused 1 'look at what was mixed' follitone correct "$scratch/r.cfg" --trial "$scratch/odd.csv" -o "$scratch/r2.cfg" ||
		refused 1 'is it of this mix?' follitone correct "$scratch/r.cfg" --trial "$scratch/odd.csv" -o "$scratch/r2.cfg"
	[ ! -e "$scratch/r2.cfg" ]
	refused 1 'holds no pigment “pink”' follitone correct "$scratch/r.cfg" --trial "$scratch/trial.csv" --bar pink
}

@test "treat: readings are kept with the recipe, and learn refuses fewer than three" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" >/dev/null 2>&1
	follitone treat Crown --after $example/skin.csv --state fresh 2>/dev/null | has 'version 2: 1 reading fresh kept'
	follitone treat Crown --after $example/skin.csv --json 2>/dev/null | jq -e '.recipes[0].version == 3'
	follitone history Crown --json | jq -e '.recipes | length == 3'
	refused 1 '1 healed reading of patches treated by “standard”, at least 3 are needed' follitone learn -o "$scratch/our.cfg"
	[ ! -e "$scratch/our.cfg" ]
	refused 2 'one -o NAME.cfg is needed' follitone learn
	refused 1 'a reading is kept with the newest version' follitone treat Crown@1 --after $example/skin.csv
	sed '/^[4-6][0-9][0-9],/!{/^[0-9]/d}; /^40/d' $example/skin.csv >"$scratch/short.csv"
	refused 1 'at least 400 to 700 is needed' follitone treat Crown --after "$scratch/short.csv"
	refused 1 'No such file' follitone treat Crown --after "$scratch/none.csv"
	follitone history Crown --json | jq -e '.recipes | length == 3'
}

# Patches of three densities as another technique makes them.
treat_patches() { # kept share
	for dots in 300 400 500; do
		follitone match --pigments example --skin $example/skin.csv --hair $example/hair.txt --max-drops 3 \
			--diluent-drops 0:40:20 --set dots_per_cm2=$dots --name "Patch $dots" -o "$scratch/r.cfg" >/dev/null 2>&1
		follitone save "$scratch/r.cfg" >/dev/null 2>&1
		doses=$(follitone show "$scratch/r.cfg" --json | jq -r '.recipes[0] | (.doses[] | "--dose \(.pigment)=\(.drops)"),
			"--dose water=\(.diluent_drops)"')
		follitone predict --pigments example $doses --skin $example/skin.csv --set kept_share="$1" --json 2>/dev/null \
			>"$scratch/dot"
		# Yule and Nielsen with n = 2: half of the light is spread, so roots of R add
		jq -r '.wavelengths_nm as $w | .reflectance | to_entries[] | "\($w.start + .key * $w.step) \(.value)"' \
			"$scratch/dot" >"$scratch/dot.txt"
		awk -v dots=$dots 'BEGIN { a = 0.01 * dots * 3.14159265 * 0.15 * 0.15 / 4; print "# specular: included\nnm,patch" }
			FNR == NR { if (split($0, v, ",") == 2 && v[1] + 0) r[n = v[1] + 0] = v[2]; next }
			{ low = 352 + 3 * int(($1 - 352) / 3); part = ($1 - low) / 3
			skin = r[low] + (part ? part * (r[low + 3] - r[low]) : 0)
			printf "%s,%.9f\n", $1, ((1 - a) * sqrt(skin) + a * sqrt($2)) ^ 2 }' $example/skin.csv "$scratch/dot.txt" \
			>"$scratch/patch.csv"
		follitone treat "Patch $dots" --after "$scratch/patch.csv" >/dev/null 2>&1
	done
}

@test "learn: three healed patches tell how much is kept, and the preset is used" {
	treat_patches 0.45
	follitone learn -o "$scratch/our-clinic.cfg" --json >"$scratch/json"
	jq -e '.technique == "our-clinic" and .healed == 3 and .de00_after < 0.1 * .de00_before and
		(.parameters[] | select(.name == "kept_share") | .told and (.value - 0.45 | fabs) < 0.02 and
		.interval[0] < .value and .value < .interval[1]) and
		(.parameters[] | select(.name == "dose_share") | .told | not)' "$scratch/json"
	grep -q 'learned from 3 readings, 3 of them healed: 95 % interval' "$scratch/our-clinic.cfg"
	follitone match --pigments example --skin $example/skin.csv --hair $example/hair.txt --max-drops 3 --diluent-drops 0:40:20 \
		--technique "$scratch/our-clinic.cfg" -o "$scratch/new.cfg" >/dev/null 2>&1
	follitone show "$scratch/new.cfg" | has 'learned from 3 readings'
	refused 1 'without control characters' follitone learn -o "$scratch/x.cfg" --name $'a\nb'
	# a mix that was changed starts without readings; those of the mix before still count, once
	follitone show "Patch 300" -o "$scratch/edit.cfg" 2>/dev/null
	sed -i '/doses = /,/drops/s/drops = \([0-9]*\)/drops = 3/' "$scratch/edit.cfg"
	follitone save "$scratch/edit.cfg" 2>&1 >/dev/null | has 'stay with its own version'
	follitone learn -o "$scratch/again.cfg" --json | jq -e '.readings == 3'
	# they were not treated by another preset
	refused 1 '0 healed readings of patches treated by “scar”' follitone learn --technique scar -o "$scratch/x.cfg"
}

@test "learn: what says nothing of the technique is left aside" {
	for dots in 300 400; do
		follitone match --pigments example --skin $example/skin.csv --hair $example/hair.txt --max-drops 3 \
			--diluent-drops 0:40:20 --set dots_per_cm2=$dots --set depth_mm=0.3 --name "Deep $dots" -o "$scratch/r.cfg" \
			>/dev/null 2>&1
		follitone save "$scratch/r.cfg" >/dev/null 2>&1
		follitone treat "Deep $dots" --after $example/patch.csv >/dev/null 2>&1
	done
	follitone plan $example/case.cfg --max-drops 3 --diluent-drops 0:40:20 -o "$scratch/p.cfg" >/dev/null 2>&1
	follitone save "$scratch/p-1-hairline-2.cfg" >/dev/null 2>&1
	follitone treat "hairline, session 2" --after $example/patch.csv >/dev/null 2>&1
	follitone learn -o "$scratch/x.cfg" 2>"$scratch/err" && return 1
	has 'left aside: 1 readings of other techniques, 2 of clients with parameters of their own' <"$scratch/err"
	follitone learn --technique male-pattern -o "$scratch/x.cfg" 2>"$scratch/err" && return 1
	has 'left aside: 2 readings of other techniques, 0 of clients .*, 1 of patches that were planned' <"$scratch/err"
	# hair as a healed patch is kept, and doubted
	follitone treat "Deep 300" --after $example/hair.txt 2>&1 >/dev/null | has 'is it of this patch?'
}

#!/usr/bin/env bats
load support

quick="--pigments example --max-drops 4 --diluent-drops 0:60:20"

@test "match: JSON has the contract's members" {
	follitone match $quick --skin $example/skin.csv --hair $example/hair.txt --top 3 --json >"$scratch/json"
	jq -e '(.required.lab | length) == 3 and (.required.reflectance | length) == .required.wavelengths_nm.count and
		([.recipes[].rank] == [1, 2, 3]) and
		([.recipes[] | .doses | length > 0] | all) and
		([.recipes[] | has("diluent_drops", "objective", "de00", "de00_field", "lab", "metamerism", "darker")] | all) and
		([.recipes[].objective] | . == sort) and
		.proof.complete and .proof.evaluated > 1000 and .proof.bound == .recipes[2].objective and
		(.warnings | any(test("not for use on people")))' "$scratch/json"
}

@test "match: a colour made of the line's own pigments is found" {
	# three drops of ready brown and one of white, undiluted, as a drawdown
	follitone match $quick --target 40,5,10 --force ready-brown --bound white=1:1 --bound ready-brown=3:3 \
		--max-pigments 2 --diluent-drops 0:0 --top 1 --json >"$scratch/first"
	lab=$(jq -r '.recipes[0].lab | map(tostring) | join(",")' "$scratch/first")
	follitone match $quick --target "$lab" --top 1 --json |
		jq -e '.recipes[0].de00 < 1e-6 and (.recipes[0].doses | sort_by(.pigment)) ==
			[{"pigment": "ready-brown", "drops": 3}, {"pigment": "white", "drops": 1}]'
}

@test "match: limits, lights, state and weights are obeyed" {
	follitone match $quick --skin $example/skin.csv --hair $example/hair.txt --force red --bar carbon-black \
		--lights D50:1,F11:0.5 --lighter 1 --state fresh --top 5 --json >"$scratch/json"
	jq -e '([.recipes[].doses[].pigment] | index("carbon-black")) == null and
		([.recipes[] | [.doses[].pigment] | index("red") != null] | all) and
		.illuminant == "D50" and ([.recipes[].metamerism | keys] | all(. == ["F11"]))' "$scratch/json"
}

@test "match: the same list for any number of threads" {
	for threads in 1 2 4; do
		follitone match $quick --skin $example/skin.csv --hair $example/hair.txt --threads $threads --json |
			jq -c '.recipes' >"$scratch/$threads"
	done
	cmp "$scratch/1" "$scratch/2"
	cmp "$scratch/1" "$scratch/4"
}

@test "match: one ratio stands once, whatever the bounds" {
	follitone match --pigments example --target $example/hair.txt --bound raw-umber=2:12 --diluent-drops 10:30:5 \
		--max-pigments 1 --top 100 --json >"$scratch/json"
	jq -e '[.recipes[] | .diluent_drops / .doses[0].drops] | length == (unique | length)' "$scratch/json"
}

@test "match: a drawdown takes no diluent unless asked, and says when it is out of reach" {
	follitone match --pigments example --target 50,5,5 --json | jq -e '[.recipes[].diluent_drops] | all(. == 0)'
	follitone match --pigments example --target 50,-60,0 --json |
		jq -e '.warnings | any(test("out of reach: the recipe misses"))'
}

@test "match: a time limit ends the search and says so" {
	follitone match --pigments example --target 30,2,5 --max-drops 60 --diluent-drops 0:200 \
		--max-pigments 4 --time-limit 0.3 \
		--json >"$scratch/json"
	jq -e '.proof.complete == false and .proof.seconds < 3 and (.recipes | length) == 10' "$scratch/json"
}

@test "match: -o writes the recipe of the rank that is asked for" {
	follitone match $quick --target 30,2,5 --top 3 --rank 2 --name Two -o "$scratch/two.cfg" --json >"$scratch/json" 2>&1
	follitone show "$scratch/two.cfg" --json |
		jq -e --slurpfile list "$scratch/json" '.recipes[0].doses == $list[0].recipes[1].doses'
}

@test "match: refusals" {
	refused 1 'no pigment “pink”, it holds carbon-black' follitone match $quick --target 30,2,5 --force pink
	refused 1 'no such file, and no pigments/none.cfg' follitone match --pigments none --target 30,2,5
	refused 1 'no such file, and no techniques/none.cfg' follitone match $quick --target 30,2,5 --technique none
	refused 1 'no illuminant “D66”' follitone match $quick --target 30,2,5 --illuminant D66
	refused 1 'the main light D65 needs a weight above 0' follitone match $quick --target $example/hair.txt --lights D65:0,A:1
	refused 2 '--illuminant is not for both' follitone match $quick --target $example/hair.txt --lights A:1 --illuminant D50
	refused 2 'are for -o FILE' follitone match $quick --target 30,2,5 --name Lost
	refused 1 'a name may not hold' follitone match $quick --target 30,2,5 --name a/b -o "$scratch/r.cfg"
	[ ! -e "$scratch/r.cfg" ]
	refused 1 'No such file' follitone match $quick --target 50,1e200,1e200
	refused 1 'both forced and barred' follitone match $quick --target 30,2,5 --force red --bar red
	refused 2 '--pigments LINE is needed' follitone match --target 30,2,5
	refused 2 'target stands alone' follitone match $quick --target 30,2,5 --skin $example/skin.csv
	refused 2 '--skin with --hair or --field' follitone match $quick --hair $example/hair.txt
	refused 1 'No such file' follitone match $quick --target 30,2,5 -o "$scratch/none/recipe.cfg"
	refused 1 'No space left' follitone match $quick --target 30,2,5 -o /dev/full
	[ -c /dev/full ]
}

@test "match: wrong command lines end with 2" {
	for words in "--max-drops 0" "--max-pigments 5" "--diluent-drops 5" "--diluent-drops 20:10" "--bound red" \
		"--lights D65" "--state old" "--top 101" "--threads 0" "--cup-ml x" "--observer 5" "--nonsense"; do
		status=0
		follitone match $quick --target 30,2,5 $words >"$scratch/out" 2>"$scratch/err" || status=$?
		[ $status = 2 ] || { echo "$words: status $status"; return 1; }
		[ ! -s "$scratch/out" ]
	done
}

@test "match: damaged pigment lines are refused with their line" {
	cp profiles/pigments/example.cfg "$scratch/line.cfg"
	sed 's/^version = 1/version = 2/' profiles/pigments/example.cfg >"$scratch/line.cfg"
	refused 1 'newer than this program reads' follitone match --pigments "$scratch/line.cfg" --target 30,2,5
	sed 's/id = "white"/id = "red"/' profiles/pigments/example.cfg >"$scratch/line.cfg"
	refused 1 'is used twice' follitone match --pigments "$scratch/line.cfg" --target 30,2,5
	sed '0,/K_per_mm = \[/s//K_per_mm = [ -1.0,/' profiles/pigments/example.cfg >"$scratch/line.cfg"
	refused 1 '37 numbers, 36 are needed' follitone match --pigments "$scratch/line.cfg" --target 30,2,5
	sed 's/1673.8/-1673.8/' profiles/pigments/example.cfg >"$scratch/line.cfg"
	refused 1 'K_per_mm: -1673.8 is outside' follitone match --pigments "$scratch/line.cfg" --target 30,2,5
	{ echo '@include "/etc/passwd"'; cat profiles/pigments/example.cfg; } >"$scratch/line.cfg"
	refused 1 'line.cfg:1: @include is not allowed' follitone match --pigments "$scratch/line.cfg" --target 30,2,5
}

@test "match: the whole job on measured skin and hair, from the files as they are" {
	need_data
	for subject in 1 44 98; do
		for hair in "Hair -- Black 1" "Hair -- Blonde"; do
			follitone match $quick --skin "$FOLLITONE_DATA/skin/nist_skin_dev67.csv#$subject" \
				--hair "$FOLLITONE_DATA/hair/vrhel_hair4.csv#$hair" --json |
				jq -e '.proof.complete and .recipes[0].de00_field < 1'
		done
	done
}

@test "match: many readings of different spots are doubted" {
	need_data
	follitone match $quick --skin "$FOLLITONE_DATA/skin/nist_skin_dev67.csv" --hair $example/hair.txt --specular included --json |
		jq -e '.warnings | any(test("are they repeats of one spot"))'
}

@test "match: ratios, stock, steps and costs" {
	common="--pigments example --skin $example/skin.csv --hair $example/hair.txt --max-drops 8 --diluent-drops 0:60:20"
	follitone match $common --ratio raw-umber:ready-brown=2:1 --force raw-umber --stock raw-umber=0.2 --pigment-step 2 \
		--top 5 --json >"$scratch/json"
	jq -e '[.recipes[].doses | map({(.pigment): .drops}) | add | .["raw-umber"] == 2 * .["ready-brown"] and
		.["raw-umber"] <= 4 and ([.[]] | all(. % 2 == 0))] | all' "$scratch/json"
	# a weight on coarse doses makes the smallest dose larger; the objective says what it costs
	follitone match $common --top 1 --coarse-weight 5 --json >"$scratch/coarse"
	follitone match $common --top 1 --json |
		jq -e --slurpfile coarse "$scratch/coarse" '([.recipes[0].doses[].drops] | min) <
			([$coarse[0].recipes[0].doses[].drops] | min)'
	refused 1 'holds no pigment “pink”' follitone match $common --stock pink=1
	refused 1 'no recipe: red is forced with 3 drops, no more than 1 allowed or in stock' follitone match $common \
		--bound red=3:5 --stock red=0.1
	refused 1 'no recipe: red:white 9:1 needs at least 10 drops and at most 8 are allowed; allowing 10 drops would do' \
		follitone match $common --ratio red:white=9:1 --force red
}

@test "match: --vary lists the best recipe of each set of pigments" {
	common="--pigments example --skin $example/skin.csv --hair $example/hair.txt --max-drops 6 --diluent-drops 0:60:20"
	follitone match $common --top 6 --vary --json >"$scratch/json"
	jq -e '[.recipes[].doses | map(.pigment) | sort] | length == 6 and length == (unique | length)' "$scratch/json"
	follitone match $common --top 1 --json | jq -e --slurpfile all "$scratch/json" '.recipes[0] == $all[0].recipes[0]'
}

@test "match: --vary=darkness and --vary=sturdiness list the best of each, and say what it differs by" {
	common="--pigments example --skin $example/skin.csv --hair $example/hair.txt --max-drops 6 --diluent-drops 0:60:20"
	follitone match $common --top 1 --json >"$scratch/best"
	follitone match $common --top 4 --vary=darkness --json >"$scratch/json"
	jq -e --slurpfile best "$scratch/best" '.vary == "darkness" and .recipes[0] == $best[0].recipes[0] and
		([.recipes[].darker + 0.5 | floor] | length == 4 and length == (unique | length))' "$scratch/json"
	follitone match $common --top 4 --vary=sturdiness --json >"$scratch/json"
	jq -e --slurpfile best "$scratch/best" '.vary == "sturdiness" and .recipes[0] == $best[0].recipes[0] and
		([.recipes[] | [.doses[].drops] | min] | length == 4 and length == (unique | length))' "$scratch/json"
	follitone match $common --vary=pigments --json | jq -c '[.vary, .recipes]' >"$scratch/named"
	follitone match $common --vary --json | jq -c '[.vary, .recipes]' | cmp - "$scratch/named"
	follitone match $common --json | jq -e 'has("vary") | not'
	follitone match $common --vary 2>/dev/null | has '^   2 .*with.* [a-z-]*)$'
	follitone match $common --vary=darkness 2>/dev/null | has 'L\* about 1 \(darker\|lighter\))$'
	follitone match $common --vary=sturdiness 2>/dev/null | has '(smallest dose 1 drop)$'
	status=0
	follitone match $common --vary=hue 2>"$scratch/err" || status=$?
	[ $status = 2 ]
	has 'vary=hue: pigments, darkness or sturdiness is needed' <"$scratch/err"
}

@test "match: where nothing fits, the limit that is in the way and what would do" {
	target="--pigments example --target 30,2,5"
	refused 1 'are 10.05 ml and the cup holds 1 ml; a cup of 10.05 ml would do, or at most 19 drops of diluent' \
		follitone match $target --diluent-drops 200:200 --cup-ml 1
	# and they do
	follitone match $target --diluent-drops 200:200 --cup-ml 10.05 --json | jq -e '.recipes | length > 0'
	follitone match $target --diluent-drops 19:200 --cup-ml 1 --json | jq -e '.recipes | length > 0'
	refused 1 'is 0.05 ml and at most 0.04 ml of it are allowed; allowing 0.05 ml of pigment would do' \
		follitone match $target --max-pigment-ml 0.04
	follitone match $target --max-pigment-ml 0.05 --json | jq -e '.recipes | length > 0'
	bars=$(follitone pigment show example --json | jq -r '.pigments[].id | "--bar " + .')
	refused 1 'every pigment of the line is barred or not in stock; allowing 1 drop of one of carbon-black, raw-umber' \
		follitone match $target $bars
	refused 1 '3 pigments are forced and at most 2 allowed; allowing 3 pigments would do, or not forcing one of' \
		follitone match $target --max-pigments 2 --force red --force white --force ochre
	refused 1 'the forced pigments need at least 3 drops and at most 2 are allowed; allowing 3 drops would do' \
		follitone match $target --max-drops 2 --force red --force white --force ochre
	refused 1 'steps of 13 and at most 12 are allowed; allowing 13 drops would do, or steps of 12 drops' \
		follitone match $target --pigment-step 13
	refused 1 'red is both forced and barred (or not in stock); allowing 1 drop of red would do, or not forcing red' \
		follitone match $target --force red --bar red
}

@test "match: a target out of reach is said with the nearest colour and the limit that is in the way" {
	says() { # words, options
		local words=$1
		shift
		follitone match --pigments example --json "$@" | jq -e --arg words "$words" '.warnings | any(contains($words))'
	}
	says 'no limit by itself is in the way: these pigments do not reach it here' --target 50,-60,0
	says 'it comes to L* ' --target 50,-60,0
	says '; up to 4 pigments would do (dE00 ' --target 50,5,5 --max-pigments 1
	says '; up to 4 drops of pigment would do (dE00 ' --target 50,5,5 --max-drops 2
	says '; freeing what is barred, forced, bounded or in a ratio would do (dE00 ' --target 12,0,-1 --bar carbon-black
	says '; 0 to 2000 drops of diluent in a cup that holds it would do (dE00 ' --target 85,2,14 --ground $example/skin.csv \
		--thickness-mm 0.02 --diluent-drops 0:2
}

# A search of hours: six bottles of each of the example's pigments, so that most sets are as good as another.
make_long() {
	awk '/^pigments = \(/ { print; inside = 1; next }
		/^\);/ { for (copy = 1; copy <= 6; copy++) {
				bottle = block
				gsub(/ id = "[a-z-]*/, "&-" copy, bottle)
				printf "%s%s\n", bottle, copy < 6 ? "," : "" }
			inside = 0 }
		inside { block = block $0 "\n"; next }
		{ print }' profiles/pigments/example.cfg >"$scratch/bottles.cfg"
	long="--pigments $scratch/bottles.cfg --max-drops 100 --max-pigments 4 --diluent-drops 0:2000 --cup-ml 1000 --top 100"
}

@test "match: --quick answers without its proof, and says so" {
	make_long
	timeout 60 "$FOLLITONE" match $long --skin $example/skin.csv --hair $example/hair.txt --quick --json >"$scratch/json"
	jq -e '.proof.complete == false and (.recipes | length) > 0 and .recipes[0].de00 < 1' "$scratch/json"
	follitone match --pigments example --target 30,2,5 --max-pigments 4 --max-drops 24 --diluent-drops 1:200 --quick \
		2>/dev/null | has 'the fast answer without its proof'
	follitone match --pigments example --target 30,2,5 --quick --json | jq -e '.proof.complete' # a small grid is proven
	follitone plan $example/case.cfg --quick --max-pigments 4 --max-drops 20 --json |
		jq -e '(.zones | length) == 4 and (.warnings | any(test("session 1: without its proof")))'
}

@test "match: Ctrl-C keeps the best so far and states the gap" {
	make_long
	# --foreground: else timeout signals its group too, and the second Ctrl-C ends the program
	interrupt="timeout --foreground --preserve-status --kill-after 60 -s INT 2"
	$interrupt "$FOLLITONE" match $long --skin $example/skin.csv --hair $example/hair.txt --json >"$scratch/json"
	jq -e '.proof.complete == false and .proof.gap >= 0 and .proof.seconds < 10 and .recipes[0].de00 < 1 and
		.proof.gap <= .recipes[0].objective' "$scratch/json"
	$interrupt "$FOLLITONE" match $long --skin $example/skin.csv --hair $example/hair.txt 2>/dev/null |
		has 'stopped after [0-9.]* s: \(nothing can be better than the first by more than\|better ones may\)'
	# of a case and a plan what there is; of a batch the lines so far
	$interrupt "$FOLLITONE" match $example/case.cfg $long --json >"$scratch/json"
	jq -e '(.zones | length) == 1 and (.warnings | any(. == "stopped: 1 of 4 zones done"))' "$scratch/json"
	$interrupt "$FOLLITONE" plan $example/case.cfg ${long% --top*} --json >"$scratch/json"
	jq -e '(.zones | length) == 1 and (.zones[0].sessions | length) == 1 and
		(.warnings | any(test("stopped: 1 of [0-9] sessions planned")))' "$scratch/json"
	awk 'BEGIN { print "# specular: excluded\nnm,one,two"
		for (nm = 400; nm <= 700; nm += 10) printf "%d,%.4f,%.4f\n", nm, 0.05 + nm / 9000, 0.3 }' >"$scratch/targets.csv"
	$interrupt "$FOLLITONE" match $long --batch "$scratch/targets.csv" --json >"$scratch/json"
	jq -e -s 'length == 1 and (.[0].warnings | any(. == "stopped: 1 of 2 targets done"))' "$scratch/json"
}

@test "match: how far a search is, on a terminal only" {
	make_long
	[ -n "$(command -v script)" ]
	run_long="timeout --foreground --preserve-status -s INT 2 $FOLLITONE match $long --target $example/hair.txt"
	script -qec "$run_long" "$scratch/typescript" >/dev/null
	tr '\r' '\n' <"$scratch/typescript" | has 'best'
	tr '\r' '\n' <"$scratch/typescript" | has 'Ctrl-C keeps the best'
	$run_long 2>"$scratch/err" >/dev/null
	[ "$(grep -c 'Ctrl-C' "$scratch/err")" = 0 ]
}

@test "match: a film over a ground is what predict says of it" {
	sed 's/^nm/# specular: excluded\nnm/; /^# specular: included/d; s/^# geometry.*//' $example/patch.csv >"$scratch/target.csv"
	film="--ground $scratch/target.csv --thickness-mm 0.05"
	follitone match --pigments example --target 40,5,10 --max-drops 4 --diluent-drops 0:60:20 --top 1 $film --json \
		>"$scratch/json"
	doses=$(jq -r '.recipes[0] | (.doses[] | "--dose \(.pigment)=\(.drops)"), "--dose water=\(.diluent_drops)"' "$scratch/json")
	follitone predict --pigments example $doses --drawdown $film --json |
		jq -e --slurpfile film "$scratch/json" '[.lab, $film[0].recipes[0].lab] | transpose |
			map(.[0] - .[1] | fabs) | max < 1e-9'
	follitone match --pigments example --target $example/hair.txt --ground $example/skin.csv --thickness-mm 0.05 \
		2>/dev/null | has 'film of 0.05 mm'
	refused 2 'belong together' follitone match --pigments example --target 40,5,10 --thickness-mm 0.05
}

@test "match: --batch, a line for each target as by itself" {
	awk 'BEGIN { print "# specular: excluded\nnm,one,two,three"
		for (nm = 400; nm <= 700; nm += 10) printf "%d,%.4f,%.4f,%.4f\n", nm, 0.05 + nm / 9000, 0.3, 0.1 + nm / 2000 }' \
		>"$scratch/targets.csv"
	common="--pigments example --max-drops 6"
	follitone match $common --batch "$scratch/targets.csv" --top 2 --json >"$scratch/lines"
	[ "$(wc -l <"$scratch/lines")" = 3 ]
	jq -s -e '[.[].name] == ["one", "two", "three"] and ([.[].recipes | length == 2] | all)' "$scratch/lines"
	follitone match $common --target "$scratch/targets.csv#two" --top 2 --json |
		jq -e --slurpfile all "$scratch/lines" '.recipes == $all[1].recipes'
	follitone match $common --batch "$scratch/targets.csv" 2>/dev/null | has '^two .*dE00 .*white'
	refused 2 '--hair is not for it' follitone match $common --batch "$scratch/targets.csv" --hair x
	refused 2 'neither CASE nor -o' follitone match $common --batch "$scratch/targets.csv" -o "$scratch/r.cfg"
}

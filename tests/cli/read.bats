#!/usr/bin/env bats
load support

# A CSV of `count` readings as an instrument might export it; the first argument is its header lines.
write_csv() {
	printf '%b' "$1"
	printf 'name'
	for nm in $(seq 400 20 700); do printf ',%d' "$nm"; done
	printf '\n'
	shift
	for value in "$@"; do
		printf 'r%s' "$value"
		for nm in $(seq 400 20 700); do printf ',%s' "$value"; done
		printf '\n'
	done
}

@test "read: JSON has the contract's members" {
	follitone read $example/skin.csv $example/hair.txt --json >"$scratch/json"
	jq -e '[.files[].format] == ["CSV", "CGATS"] and
		.files[0].conditions.specular == "included" and
		.files[0].readings[0].wavelengths_nm == {"start": 352.0, "step": 3.0, "count": 161} and
		(.files[0].readings[0].reflectance | length) == 161 and
		(.files[0].readings[0] | has("lab", "ita", "name")) and
		(.files[0] | has("spread_de00") | not)' "$scratch/json"
}

@test "read: repeats have a spread, and one that is far off is pointed at" {
	write_csv '# unit: reflectance 0..1\n' 0.300 0.301 0.302 0.299 0.450 >"$scratch/r.csv"
	follitone read "$scratch/r.csv" --json >"$scratch/json"
	jq -e '.files[0].spread_de00 > 1 and (.warnings | any(test("“r0.450” \\(number 5\\) is dE00 .* far from them")))' "$scratch/json"
	write_csv '# unit: reflectance 0..1\n# geometry: 45/0\n' 0.300 0.301 0.302 >"$scratch/r.csv"
	follitone read "$scratch/r.csv" --json | jq -e '.warnings == [] and .files[0].spread_de00 < 0.2'
}

@test "read: says how many field readings are enough for the aperture" {
	# 223 hairs per cm2: 3 mm sees 16 of them, 25 % noise; (25/10)^2 = 6.3, so 7
	write_csv '# unit: reflectance 0..1\n# aperture_mm: 3\n' 0.3 0.31 >"$scratch/f.csv"
	follitone read "$scratch/f.csv" --site field 2>&1 | has '25 % noise.*: 7 are enough'
	follitone read $example/skin.csv --site field 2>&1 | has 'the aperture is not stated'
}

@test "read: an unstated unit is said, and Excel's sep= line keeps the header below it" {
	write_csv '' 0.3 0.31 >"$scratch/r.csv"
	follitone read "$scratch/r.csv" --json | jq -e '.warnings | any(test("does not state its unit; reflectance taken as 0..1"))'
	{ echo 'sep=,'; write_csv '# unit: reflectance percent\n# specular: excluded\n' 0.9 0.8; } >"$scratch/s.csv"
	follitone read "$scratch/s.csv" --json |
		jq -e '.warnings == [] and .files[0].conditions.specular == "excluded" and .files[0].readings[0].reflectance[0] == 0.009'
}

@test "read: a stated Lab that is not the spectrum's is reported" {
	{
		printf 'name,Illuminant,Observer,LAB_L,LAB_A,LAB_B'
		for nm in $(seq 400 20 700); do printf ',%d' "$nm"; done
		printf '\n'
		for l in 76.07 78; do # a grey of 0.5 has L* 76.07 under any light
			printf 'g%s,D65,10,%s,0,0' "$l" "$l"
			for nm in $(seq 400 20 700); do printf ',0.5'; done
			printf '\n'
		done
	} >"$scratch/s.csv"
	follitone read "$scratch/s.csv" --json >"$scratch/json"
	jq -e '.files[0].readings[0].stated_de00 < 0.01 and .files[0].readings[1].stated_de00 > 1 and
		(.warnings | map(select(test("states a colour"))) | length) == 1' "$scratch/json"
}

@test "read: every instrument file is read or refused with one line" {
	need_data
	for file in "$FOLLITONE_DATA"/instruments/*; do
		status=0
		follitone read "$file" --json >"$scratch/out" 2>"$scratch/err" || status=$?
		case $status in
		0) jq -e '.files[0].readings | length > 0' "$scratch/out" ;;
		1)
			[ ! -s "$scratch/out" ]
			[ "$(wc -l <"$scratch/err")" = 1 ]
			;;
		*)
			echo "$file: $status"
			return 1
			;;
		esac
	done
	follitone read "$FOLLITONE_DATA/instruments/nix_spectro2_export_first12.csv" --json |
		jq -e '[.files[0].readings[].stated_de00] | max <= 0.01'
	follitone read "$FOLLITONE_DATA/instruments/konica_minolta_cm26dg_sci_sce.csv" --json |
		jq -e '[.files[0].readings[].stated_de00] | max <= 0.03'
	follitone read "$FOLLITONE_DATA/instruments/barbieri_spectropad_M1_first40.txt" --json |
		jq -e '[.files[0].readings[].stated_de00] | max <= 0.04'
	[ "$(follitone read "$FOLLITONE_DATA/instruments/nix_spectro2_export_first12.csv" --json | grep -c '@')" = 0 ]
}

@test "readings of a case that were not taken alike are refused, unless the user says otherwise" {
	sed 's/^# specular: included/# specular: excluded/' $example/skin.csv >"$scratch/skin.csv"
	quick="--pigments example --max-drops 2 --diluent-drops 0:20:20"
	refused 1 'skin and hair readings were not taken alike (specular)' follitone match $quick --skin "$scratch/skin.csv" \
		--hair $example/hair.txt
	follitone match $quick --skin "$scratch/skin.csv" --hair $example/hair.txt --allow-mixed >/dev/null
	{ echo '# aperture_mm: 8'; cat $example/skin.csv; } >"$scratch/skin.csv"
	{ echo '# aperture_mm: 3'; cat $example/skin.csv; } >"$scratch/field.csv"
	refused 1 'not taken alike (aperture)' follitone match $quick --skin "$scratch/skin.csv" --field "$scratch/field.csv"
}

@test "no file that a file names is opened, and no absurd colour is believed" {
	mkfifo "$scratch/trap.csv" # opening it as a light would be refused with its name
	for light in "$scratch/trap.csv" Unknown; do
		{
			printf '# unit: reflectance 0..1\n# geometry: 45:0\nname,Illuminant,Observer,LAB_L,LAB_A,LAB_B'
			for nm in $(seq 400 20 700); do printf ',%d' "$nm"; done
			printf '\ng,%s,10,50,0,0' "$light"
			for nm in $(seq 400 20 700); do printf ',0.5'; done
			printf '\n'
		} >"$scratch/s.csv"
		follitone read "$scratch/s.csv" --json >"$scratch/json"
		jq -e '(.files[0].readings[0] | has("stated_de00") | not) and
			.warnings == ["s.csv: the Lab or XYZ of “g” is not compared, as the file does not state a light and observer that are known"]' "$scratch/json"
	done
	printf 'CGATS.17\nBEGIN_DATA_FORMAT\nSAMPLE_ID LAB_L LAB_A LAB_B\nEND_DATA_FORMAT\nBEGIN_DATA\nx 50 1e200 1e200\nEND_DATA\n' \
		>"$scratch/lab.txt"
	refused 1 'has no spectrum' follitone match --pigments example --target "$scratch/lab.txt" -o "$scratch/r.cfg"
	follitone read "$scratch/lab.txt" --json >/dev/null
}

@test "a Lab without spectrum is a target, and no reading for lab" {
	printf 'CGATS.17\nBEGIN_DATA_FORMAT\nSAMPLE_ID LAB_L LAB_A LAB_B\nEND_DATA_FORMAT\nBEGIN_DATA\nx 40 5 10\nEND_DATA\n' \
		>"$scratch/lab.txt"
	refused 1 'has no spectrum, only a stated colour' follitone lab "$scratch/lab.txt"
	follitone match --pigments example --target "$scratch/lab.txt" --max-drops 2 --json |
		jq -e '.required.lab == [40.0, 5.0, 10.0] and (.warnings | any(test("the Lab that the file states")))'
	follitone read "$scratch/lab.txt" 2>&1 | has 'stated, no spectrum'
}

@test "CxF3: spectra, specifications behind them, prefixes; a DOCTYPE is refused" {
	cat >"$scratch/a.cxf" <<-'END'
		<?xml version="1.0" encoding="UTF-8"?>
		<cc:CxF xmlns:cc="http://colorexchangeformat.com/CxF3-core"><cc:Resources><cc:ObjectCollection>
		<cc:Object ObjectType="Standard" Name="Größe 1" Id="1"><cc:ColorValues>
		<cc:ReflectanceSpectrum ColorSpecification="s" StartWL="400">.5 .5 .5 .5 .5 .5 .5 .5 .5 .5 .5 .5 .5 .5 .5 .5</cc:ReflectanceSpectrum>
		<cc:ColorCIELab ColorSpecification="s"><cc:L>76.07</cc:L><cc:A>0</cc:A><cc:B>0</cc:B></cc:ColorCIELab>
		</cc:ColorValues></cc:Object></cc:ObjectCollection><cc:ColorSpecificationCollection><cc:ColorSpecification Id="s">
		<cc:TristimulusSpec><cc:Illuminant>D50</cc:Illuminant><cc:Observer>2_Degree</cc:Observer></cc:TristimulusSpec>
		<cc:MeasurementSpec><cc:GeometryChoice><cc:SingleAngle><cc:IlluminationAngle>45.0</cc:IlluminationAngle>
		<cc:MeasurementAngle>0.0</cc:MeasurementAngle></cc:SingleAngle></cc:GeometryChoice>
		<cc:WavelengthRange StartWL="380" Increment="20"/></cc:MeasurementSpec>
		</cc:ColorSpecification></cc:ColorSpecificationCollection></cc:Resources></cc:CxF>
	END
	follitone read "$scratch/a.cxf" --json >"$scratch/json"
	jq -e '.files[0].format == "CxF3" and .files[0].conditions.geometry == "45:0" and
		.files[0].readings[0].name == "Größe 1" and .files[0].readings[0].stated_de00 < 0.01 and
		.files[0].readings[0].wavelengths_nm == {"start": 400.0, "step": 20.0, "count": 16}' "$scratch/json"
	iconv -f UTF-8 -t UTF-16 "$scratch/a.cxf" >"$scratch/b.cxf"
	follitone read "$scratch/b.cxf" --json | jq -e '.files[0].readings[0].name == "Größe 1"'
	sed '1a <!DOCTYPE x [<!ENTITY e SYSTEM "/etc/passwd">]>' "$scratch/a.cxf" >"$scratch/c.cxf"
	refused 1 'c.cxf:2: a DOCTYPE is not allowed' follitone read "$scratch/c.cxf"
	head -c 400 "$scratch/a.cxf" >"$scratch/d.cxf"
	refused 1 'd.cxf:' follitone read "$scratch/d.cxf"
}

@test "conditions that a file does not state are asked for, taken as the user says, and said" {
	write_csv '# unit: reflectance 0..1\n' 0.300 0.301 0.302 >"$scratch/r.csv"
	follitone read "$scratch/r.csv" 2>&1 | has 'does not say whether the specular part is included.*--specular'
	follitone read "$scratch/r.csv" --specular included --aperture-mm 3 --geometry d:8 --mode M1 --site field --json >"$scratch/json"
	jq -e '.files[0].conditions == {"geometry": "d:8", "mode": "M1", "specular": "included", "aperture_mm": 3} and
		(.warnings | any(test("taken as you say"))) and (.warnings | any(test("7 are enough"))) and
		(.warnings | any(test("does not say whether")) | not)' "$scratch/json"
	# what the file states is not overruled
	follitone read $example/skin.csv --specular excluded --json | jq -e '.files[0].conditions.specular == "included"'
	quick="--pigments example --max-drops 2 --diluent-drops 0:20:20 --hair $example/hair.txt"
	sed '/^# specular/d' $example/skin.csv >"$scratch/skin.csv"
	refused 1 'one includes the specular part and one does not say; --specular says it' follitone match $quick \
		--skin "$scratch/skin.csv"
	sed '/SPECULAR/d' $example/hair.txt >"$scratch/hair.txt"
	follitone match $quick --skin "$scratch/skin.csv" --hair "$scratch/hair.txt" 2>&1 | has 'skin reading: .*assumed excluded'
	follitone read $example/skin.csv --specular excluded 2>&1 | has 'says otherwise than --specular; what it says is taken'
	follitone match $quick --skin "$scratch/skin.csv" --specular included >/dev/null 2>"$scratch/err"
	[ "$(grep -c 'assumed excluded' "$scratch/err")" = 0 ]
	run follitone read "$scratch/r.csv" --mode M4
	[ "$status" = 2 ]
	has 'M0, M1, M2 or M3' <<<"$output"
}

@test "read: an outlier is found among three repeats, and is judged by the others" {
	for far in 0.24 0.36; do # each L* 5 or more from the others
		write_csv '# unit: reflectance 0..1\n# geometry: 45:0\n' 0.300 $far 0.302 >"$scratch/r.csv"
		follitone read "$scratch/r.csv" --json | jq -e ".files[0].groups[0].outlier == 1 and (.warnings | length) == 1"
	done
	write_csv '# unit: reflectance 0..1\n# geometry: 45:0\n' 0.290 0.300 0.310 >"$scratch/r.csv"
	follitone read "$scratch/r.csv" --json | jq -e '.warnings == []'
}

@test "read: both specular components in a file are told apart, and --specular takes one, in every verb" {
	{
		printf '# unit: reflectance 0..1\nData Name,Specular Component'
		for nm in $(seq 400 20 700); do printf ',%d' "$nm"; done
		for row in 0.30,SCI 0.25,SCE 0.31,SCI 0.26,SCE; do
			printf '\narm,%s' "${row#*,}"
			for nm in $(seq 400 20 700); do printf ',%s' "${row%,*}"; done
		done
		printf '\n'
	} >"$scratch/s.csv"
	follitone read "$scratch/s.csv" --json | jq -e '[.files[0].readings[].specular] == ["included", "excluded", "included", "excluded"] and
		[.files[0].groups[].count] == [2, 2] and (.files[0] | has("spread_de00") | not)'
	follitone read "$scratch/s.csv" | has 'specular *differs, see each'
	follitone lab "$scratch/s.csv" --specular excluded --json | jq -e '.readings | length == 2'
	follitone convert "$scratch/s.csv" --specular included -o "$scratch/i.csv"
	follitone read "$scratch/i.csv" --json | jq -e '[.files[0].readings[].reflectance[0]] == [0.3, 0.31]'
	refused 1 'were not taken alike (specular)' follitone de "$scratch/s.csv" 50,0,0
	follitone de "$scratch/s.csv" 50,0,0 --specular excluded >/dev/null
}

@test "a stated Lab is not taken for one under another light" {
	lab() {
		printf 'CGATS.17\nILLUMINATION_NAME "%s"\nOBSERVER_ANGLE "%s"\nBEGIN_DATA_FORMAT\nSAMPLE_ID LAB_L LAB_A LAB_B\nEND_DATA_FORMAT\nBEGIN_DATA\nx 40 5 10\nEND_DATA\n' "$1" "$2"
	}
	lab A 2 >"$scratch/a.txt"
	refused 1 'its Lab is under A, 2°; use --illuminant A --observer 2' follitone de "$scratch/a.txt" 40,5,10
	follitone de "$scratch/a.txt" 40,5,10 --illuminant A --observer 2 2>/dev/null | has '^dE00 0.0000'
	lab D50 2 >"$scratch/d50.txt" # what ICC PCS Lab is, so it can be adapted
	follitone de "$scratch/d50.txt" 40,5,10 --json | jq -e '.de00 > 0.1 and (.warnings | any(test("adapted to D65")))'
	follitone de "$scratch/d50.txt" 40,5,10 --illuminant D50 --observer 2 2>/dev/null | has '^dE00 0.0000'
}

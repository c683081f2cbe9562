#!/usr/bin/env bats
load support

@test "convert: every form of spectra reads back to the same bits, with its conditions" {
	printf '# unit: reflectance 0..1\n# instrument: a "meter" & <more>\n# geometry: 45:0\n# specular: excluded\n# mode: M1\n# aperture_mm: 4\nname' >"$scratch/in.csv"
	for nm in $(seq 400 10 700); do printf ',%d' "$nm"; done >>"$scratch/in.csv"
	for name in '"Größe ""1"" & <x>"' arm; do
		printf '\n%s' "$name"
		for nm in $(seq 400 10 700); do printf ',0.1%d7' "$nm"; done
	done >>"$scratch/in.csv"
	follitone convert "$scratch/in.csv" -o "$scratch/a.txt" -o "$scratch/a.cxf" -o "$scratch/a.csv" -o "$scratch/a.ti3" >"$scratch/said"
	[ "$(wc -l <"$scratch/said")" = 4 ]
	follitone read "$scratch/in.csv" --json | jq '.files[0].readings | map(.reflectance)' >"$scratch/expected"
	for form in txt cxf csv; do
		follitone read "$scratch/a.$form" --json >"$scratch/json"
		jq '.files[0].readings | map(.reflectance)' "$scratch/json" | cmp "$scratch/expected"
		jq -e '.files[0].conditions | .geometry == "45:0" and .mode == "M1"' "$scratch/json"
		jq -e '[.files[0].readings[].name] == ["Größe \"1\" & <x>", "arm"] or '"\"$form\""' == "txt"' "$scratch/json"
	done
	follitone read "$scratch/a.txt" --json | jq -e '.files[0].conditions.aperture_mm == 4 and
		.files[0].conditions.specular == "excluded" and .files[0].readings[0].stated_de00 < 1e-9 and .warnings == []'
	follitone read "$scratch/a.cxf" --json | jq -e '.files[0].conditions.instrument == "a \"meter\" & <more>" and
		.files[0].readings[0].stated_de00 < 1e-9'
}

@test "convert: ArgyllCMS reads what is written, and finds the same colours" {
	cd "$scratch"
	hair=$BATS_TEST_DIRNAME/../../recipes/example/hair.txt
	follitone convert "$hair" -o h.ti3 -o h.cxf -o h.txt
	follitone lab "$hair" --json | jq -r '.readings[0].lab | map(tostring) | join(" ")' >lab
	spec2cie -i D65 -o 1964_10 h.ti3 out.ti3
	sed -n '/^BEGIN_DATA$/{n;p}' out.ti3 | awk '{print $(NF - 2), $(NF - 1), $NF}' | paste -d' ' - lab |
		awk '{for (i = 1; i <= 3; i++) {d = $i - $(i + 3); if (d < -1e-3 || d > 1e-3) exit 1}}'
	cxf2ti3 h.cxf from_cxf
	sed -n '/^BEGIN_DATA$/{n;p}' from_cxf.* | grep -q '"hair".* 5\.877 5\.949 '
	txt2ti3 h.txt from_txt
	sed -n '/^BEGIN_DATA$/{n;p}' from_txt.ti3 | grep -q ' 5\.877 5\.949 '
}

@test "convert: readings that were not taken alike have tables of their own" {
	follitone convert $example/skin.csv $example/hair.txt -o "$scratch/both.txt" -o "$scratch/both.cxf"
	for form in txt cxf; do
		follitone read "$scratch/both.$form" --json | jq -e '[.files[0].readings[].wavelengths_nm.step] == [3, 10]'
	done
	refused 1 'a .ti3 has one table' follitone convert $example/skin.csv $example/hair.txt -o "$scratch/both.ti3"
	refused 1 'a .csv has one table' follitone convert $example/skin.csv $example/hair.txt -o "$scratch/x.txt" -o "$scratch/both.csv"
	[ ! -e "$scratch/x.txt" ]
	[ ! -e "$scratch/both.csv" ]
	refused 1 '.txt, .ti3, .cxf' follitone convert $example/skin.csv -o "$scratch/skin.doc"
	refused 2 'convert: -o FILE is needed' follitone convert $example/skin.csv
}

@test "convert: a recipe's required and predicted spectra, from its file and from the store" {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg"
	follitone convert "$scratch/r.cfg" -o "$scratch/file.txt" 2>/dev/null
	follitone convert Crown -o "$scratch/store.txt" 2>/dev/null
	for from in file store; do
		follitone read "$scratch/$from.txt" --json |
			jq -e '[.files[0].readings[].name] == ["Crown: required", "Crown: dot, healed"]'
	done
	required=$(follitone show Crown --json 2>/dev/null | jq -c '.recipes[0].required.reflectance')
	follitone read "$scratch/store.txt" --json | jq -e --argjson required "$required" \
		'[.files[0].readings[0].reflectance, $required] | transpose | all((.[0] - .[1]) | fabs < 1e-12)'
	refused 1 'Nobody' follitone convert Nobody -o "$scratch/none.txt"
}

@test "convert: palettes for Adobe (Lab) and GIMP (sRGB)" {
	follitone lab $example/skin.csv --output-icc sRGB --json >"$scratch/json"
	follitone convert $example/skin.csv --rgb 255,0,0 --icc sRGB -o "$scratch/p.ase" -o "$scratch/p.gpl" 2>/dev/null
	[ "$(head -c 12 "$scratch/p.ase" | od -An -tx1 | tr -d ' \n')" = 415345460001000000000002 ]
	# the first name is "skin" in UTF-16, then LAB and three floats, L as 0 to 1
	follitone convert $example/skin.csv -o "$scratch/p.ase" # without the sample of lower confidence
	[ "$(tail -c +21 "$scratch/p.ase" | head -c 10 | iconv -f UTF-16BE -t UTF-8 | tr -d '\0')" = skin ]
	tail -c +35 "$scratch/p.ase" | head -c 12 | od -An -tf4 --endian=big >"$scratch/lab"
	jq -r '.readings[0].pcs_lab | map(tostring) | join(" ")' "$scratch/json" | paste -d' ' "$scratch/lab" - |
		awk '{if ($1 * 100 - $4 > 1e-4 || $2 - $5 > 1e-4 || $3 - $6 > 1e-4 || $4 - $1 * 100 > 1e-4) exit 1}'
	head -n 1 "$scratch/p.gpl" | has '^GIMP Palette$'
	grep -q 'not a measurement' "$scratch/p.gpl"
	grep -q '^255   0   0	RGB 255,0,0 (lower confidence)$' "$scratch/p.gpl"
}

@test "convert and read --plot: pictures, the same each time" {
	export SOURCE_DATE_EPOCH=1790000000
	for i in 1 2; do
		follitone convert $example/skin.csv $example/hair.txt -o "$scratch/s$i.pdf" -o "$scratch/s$i.png" -o "$scratch/s$i.svg"
		follitone read $example/skin.csv $example/hair.txt --plot "$scratch/p$i.pdf" >/dev/null
	done
	for form in pdf png svg; do cmp "$scratch/s1.$form" "$scratch/s2.$form"; done
	cmp "$scratch/p1.pdf" "$scratch/p2.pdf"
	pdftotext "$scratch/p1.pdf" "$scratch/words"
	grep -q 'wavelength in nm' "$scratch/words"
	grep -q '^hair' "$scratch/words"
	grep -q 'L\* 62.9' "$scratch/words"
	pdftotext "$scratch/s1.pdf" - | has 'CIELAB under D65'
	refused 1 'a plot can be written as .pdf, .png or .svg' follitone read $example/skin.csv --plot "$scratch/p.txt"
	follitone lab $example/hair.txt --json >/dev/null
	printf 'CGATS.17\nBEGIN_DATA_FORMAT\nSAMPLE_ID LAB_L LAB_A LAB_B\nEND_DATA_FORMAT\nBEGIN_DATA\nx 40 5 10\nEND_DATA\n' >"$scratch/lab.txt"
	refused 1 'has no spectrum' follitone read "$scratch/lab.txt" --plot "$scratch/p.svg"
	[ ! -e "$scratch/p.svg" ]
}

@test "RGB and pictures through ICC profiles; what a display or printer needs" {
	# sRGB red and white in PCS Lab, from the primaries of IEC 61966-2-1 adapted to D50
	follitone lab --rgb 255,0,0 --rgb 255,255,255 --icc sRGB --output-icc sRGB --illuminant D50 --observer 2 --json >"$scratch/json"
	jq -e '.readings[0] | .confidence == "lower" and .name == "RGB 255,0,0" and (.pcs_lab[0] - 54.29 | fabs) < 0.02 and
		(.pcs_lab[1] - 80.81 | fabs) < 0.05 and (.lab[0] - .pcs_lab[0] | fabs) < 0.05 and
		.device[0] > 0.999 and .device[1] < 0.01 and .out_of_gamut == false' "$scratch/json"
	jq -e '.device.space == "RGB" and .device.intent == "relative" and (.readings[1].xyz[1] - 100 | fabs) < 0.01 and
		(.warnings | any(test("lower confidence")))' "$scratch/json"
	refused 1 "the device's profile is needed" follitone lab --rgb 1,2,3
	refused 1 'each 0 to 255' follitone lab --rgb 1,2,300 --icc sRGB
	refused 1 'this is no ICC profile' follitone lab --rgb 1,2,3 --icc README.md
	refused 2 'FILE... or --rgb R,G,B is needed' follitone lab
	follitone de --icc sRGB 50,0,0 50,0,0 | has '^dE00 0.0000'
	follitone lab $example/skin.csv --output-icc sRGB | has '^Shown by .*RGB, relative intent'
	# a green that sRGB has not
	follitone match --pigments example --target 50,0,0 --max-drops 2 --json >/dev/null
	printf 'name' >"$scratch/green.csv"
	for nm in $(seq 400 20 700); do printf ',%d' "$nm"; done >>"$scratch/green.csv"
	printf '\ngreen,0,0,0,0,.1,.9,.9,.9,.1,0,0,0,0,0,0,0\n' >>"$scratch/green.csv"
	follitone lab "$scratch/green.csv" --output-icc sRGB --json | jq -e '.readings[0] | .out_of_gamut and .missed_de00 > 1'
	follitone lab "$scratch/green.csv" --output-icc sRGB 2>/dev/null | has 'out of gamut, off by dE00'
}

@test "measured profiles: the wrong kind is refused in one line" {
	need_data
	icc=$FOLLITONE_DATA/icc
	refused 1 'a CMYK profile, an RGB one is needed' follitone lab --rgb 1,2,3 --icc "$icc/CGATS001Compat-v2-micro.icc"
	refused 1 'a grey profile, an RGB one is needed' follitone lab --rgb 1,2,3 --icc "$icc/sGrey-v4.icc"
	refused 1 'works only from device to colour' follitone lab $example/skin.csv --output-icc "$icc/CGATS001Compat-v2-micro.icc"
	refused 1 'pictures are drawn in RGB' follitone convert $example/skin.csv --output-icc "$icc/sGrey-v4.icc" -o "$scratch/s.png"
	refused 1 'carries its profile, a .pdf or .svg does not' follitone convert $example/skin.csv \
		--output-icc "$icc/DisplayP3-v4.icc" -o "$scratch/s.pdf"
	# a PNG in another display's values carries its profile, so that reading it gives the same colour again
	follitone convert $example/skin.csv --output-icc "$icc/DisplayP3-v4.icc" -o "$scratch/p3.png"
	follitone lab "$scratch/p3.png" --region 100,150,40,40 --json 2>/dev/null >"$scratch/json"
	follitone lab $example/skin.csv --json | jq -e --slurpfile png "$scratch/json" \
		'[.readings[0].pcs_lab, $png[0].readings[0].pcs_lab] | transpose | all((.[0] - .[1]) | fabs < 0.4)'
	follitone convert $example/skin.csv -o "$scratch/srgb.png"
	head -c 60 "$scratch/srgb.png" | grep -aq iCCP
	follitone lab "$scratch/srgb.png" --region 0,0,4,4 --json 2>/dev/null | jq -e ".readings[0].pcs_lab[0] > 99.9" >/dev/null
	follitone convert "$FOLLITONE_DATA/instruments/wolf_faust_it8_E131102.txt" -o "$scratch/many.pdf" 2>/dev/null
	pdfinfo "$scratch/many.pdf" | has 'Pages: *10$'
	follitone lab $example/skin.csv --output-icc "$icc/DisplayP3-v4.icc" --json | jq -e '.readings[0].out_of_gamut == false'
}

#!/usr/bin/env bats
load support

save_crown() {
	match_example "$scratch/r.cfg"
	follitone save "$scratch/r.cfg" "$@"
}

# True where these words are anywhere among the clinic's data: store, index, clients, keys.
on_disk() {
	grep -raF -- "$1" "$scratch/data" "$FOLLITONE_STORE" >/dev/null
}

# Fails where git has these words in any version, message or name. (A plain `! command` would not end a test.)
not_in_git() {
	local repository=$FOLLITONE_STORE/recipes.git
	git --git-dir="$repository" log -p --all >"$scratch/git"
	git --git-dir="$repository" cat-file --batch-all-objects --batch >>"$scratch/git"
	[ -s "$scratch/git" ]
	if grep -aF -- "$1" "$scratch/git"; then return 1; fi
}

nowhere() {
	if on_disk "$1"; then
		grep -rlaF -- "$1" "$scratch/data" "$FOLLITONE_STORE"
		return 1
	fi
	not_in_git "$1"
}

@test "client: link, note, consent, show, export; nothing of it is in git" {
	save_crown
	follitone client link K-1701 Crown | has 'Crown.*is linked to K-1701'
	follitone client note K-1701 --text "keloid behind the ear" --zone Temple
	echo "allergic to nickel" | follitone client note K-1701 --text -
	follitone client consent K-1701 --text "paper file 7781, 2026-03-01" --json |
		jq -e '.client == "K-1701" and .recipes == []'
	follitone client list | has '^K-1701 *1 *2 *1$'
	follitone client list --json | jq -e '.clients == [{code: "K-1701", recipes: 1, notes: 2, consents: 1}] and .recipes == []'
	follitone client show K-1701 >"$scratch/shown"
	has 'Temple: keloid behind the ear' <"$scratch/shown"
	has 'allergic to nickel$' <"$scratch/shown"
	has 'paper file 7781, 2026-03-01' <"$scratch/shown"
	has 'Crown' <"$scratch/shown"
	sed '0,/drops = [0-9]*;/s//drops = 33;/' "$scratch/r.cfg" >"$scratch/edit.cfg"
	follitone save "$scratch/edit.cfg"
	follitone client show K-1701 --json | jq -e '[.recipes[].version] == [2]'
	follitone client export K-1701 >"$scratch/export"
	jq -e '[.recipes[].version] == [1, 2] and .client == "K-1701" and (.links | length) == 1 and
		.links[0].recipe == .recipes[0].id and .notes[0].text == "keloid behind the ear" and
		.notes[0].zone == "Temple" and (.notes[1] | has("zone") | not) and (.notes[1].day | length) == 10 and
		.consents[0].text == "paper file 7781, 2026-03-01"' "$scratch/export"
	follitone client export K-1701 -o "$scratch/handed.json"
	cmp "$scratch/export" "$scratch/handed.json"
	[ "$(stat -c %a "$scratch/handed.json" "$scratch/data/follitone/clients.db")" = $'600\n600' ]
	follitone client export K-1701 -o "$scratch/handed.json" --json | jq -e '.files | length == 1'
	not_in_git K-1701
	not_in_git keloid
	[ -z "$(grep -rlaF K-1701 "$FOLLITONE_STORE")" ] # index and all
}

@test "client forget: nothing is left, by grep over the whole data folder" {
	save_crown
	follitone client link K-1701 Crown
	follitone client link K-2202 Crown
	follitone client note K-1701 --text "keloid behind the ear"
	follitone client note K-2202 --text "pale after summer"
	follitone client consent K-1701 --text "paper file 7781"
	on_disk K-1701 # or what follows would say nothing
	on_disk keloid
	follitone client forget K-1701 >"$scratch/said"
	has '^K-1701 is forgotten: 1 link, 1 note, 1 consent erased' <"$scratch/said"
	has '^1 recipe stays in the store, unlinked' <"$scratch/said"
	for word in K-1701 keloid 7781; do
		nowhere "$word"
	done
	refused 1 'client K-1701: nothing is held under that code' follitone client show K-1701
	refused 1 'client K-1701: nothing is held under that code' follitone client forget K-1701
	follitone show Crown | has Crown
	follitone client show K-2202 --json | jq -e '.notes[0].text == "pale after summer" and (.recipes | length) == 1'
	follitone client forget K-2202 --json | jq -e '.erased == {links: 1, notes: 1, consents: 0} and .proved and
		.client == "K-2202" and .recipes[0].name == "Crown" and .warnings == []'
	follitone client list | has '^no clients$'
}

@test "client forget: killed at random moments, the client is whole or gone, and is forgotten the next time" {
	save_crown
	for round in $(seq 1 15); do
		for i in 1 2 3; do
			follitone client note K-1701 --text "keloid $i behind the ear" >/dev/null
		done
		"$FOLLITONE" client forget K-1701 >/dev/null 2>&1 &
		sleep "0.0$((RANDOM % 3))$((RANDOM % 10))"
		kill -9 $! 2>/dev/null || true
		wait $! 2>/dev/null || true
		if follitone client show K-1701 --json >"$scratch/left" 2>/dev/null; then
			jq -e '.notes | length == 3' "$scratch/left" >/dev/null
			follitone client forget K-1701 >/dev/null
		fi
		nowhere keloid
		nowhere K-1701
	done
}

@test "client forget: works without the store, and says so" {
	save_crown
	follitone client link K-1701 Crown
	rm -rf "$FOLLITONE_STORE"
	follitone client show K-1701 2>"$scratch/err" | has K-1701
	has 'there is no recipe store' <"$scratch/err"
	follitone client forget K-1701 2>"$scratch/err" | has 'is forgotten'
	has 'is not in this store' <"$scratch/err"
	[ -z "$(grep -rlaF K-1701 "$scratch/data")" ]
}

@test "save --client links what is saved; list --client finds it" {
	save_crown --client K-1701
	follitone save "$scratch/r.cfg" --name Temple
	follitone save "$scratch/r.cfg" --name Vertex --client K-2202
	[ "$(follitone list --json | jq '.recipes | length')" = 3 ]
	[ "$(follitone list --client K-1701 --json | jq -r '.recipes[].name')" = Crown ]
	[ "$(follitone list --client K-2202 --json | jq -r '.recipes[].name')" = Vertex ]
	[ "$(follitone list --client K-2202 --text crown --json | jq '.recipes | length')" = 0 ]
	follitone save "$scratch/r.cfg" --client K-2202 | has '^unchanged' # and linked all the same
	[ "$(follitone list --client K-2202 --json | jq '.recipes | length')" = 2 ]
	sed '0,/drops = [0-9]*;/s//drops = 33;/' "$scratch/r.cfg" >"$scratch/edit.cfg"
	follitone save "$scratch/edit.cfg" 2>/dev/null
	[ "$(follitone list --client K-1701 --all --json | jq -c '[.recipes[].version]')" = '[1,2]' ]
	refused 1 'nothing is held under that code' follitone list --client K-9
	refused 1 'a code is 1 to 32' follitone list --client 'K 9'
	not_in_git K-1701
}

@test "save --client: a recipe that names the client is not saved" {
	match_example "$scratch/r.cfg"
	refused 1 'name the client K-1701' follitone save "$scratch/r.cfg" --name "K-1701 crown" --client K-1701
	refused 1 'name the client K-1701' follitone save "$scratch/r.cfg" --zone "K-1701" --client K-1701
	cp $example/skin.csv "$scratch/K-1701_skin.csv"
	follitone match --pigments example --skin "$scratch/K-1701_skin.csv" --hair $example/hair.txt --max-drops 2 \
		--diluent-drops 0:60:20 --name Crown -o "$scratch/named.cfg" >/dev/null 2>&1
	refused 1 'name the client K-1701' follitone save "$scratch/named.cfg" --client K-1701
	refused 1 'a code is 1 to 32' follitone save "$scratch/r.cfg" --client 'K 1'
	[ ! -e "$FOLLITONE_STORE" ]
	[ ! -e "$scratch/data/follitone/clients.db" ]
	follitone save "$scratch/named.cfg"
	follitone client link K-1701 Crown 2>"$scratch/err"
	has 'names K-1701 in its name, zone, notes, readings or sessions' <"$scratch/err"
	follitone client forget K-1701 2>"$scratch/err"
	has 'names K-1701 in its name, zone, notes, readings or sessions' <"$scratch/err"
}

@test "client: what is wrong is refused and makes no file" {
	refused 2 'list, link, note, consent, show, export, unlink, drop or forget' follitone client erase K-1
	refused 2 'CODE is needed' follitone client note
	refused 2 'CODE RECIPE is needed' follitone client link K-1
	refused 2 'nothing more is allowed' follitone client list K-1
	refused 2 '--text TEXT is needed' follitone client note K-1
	refused 2 '--text is for note and consent' follitone client show K-1 --text x
	refused 2 '--zone for note' follitone client consent K-1 --text x --zone y
	refused 2 'one -o FILE is allowed, of export' follitone client show K-1 -o x
	refused 1 'a code is 1 to 32' follitone client note 'K 1' --text x
	refused 1 'nothing is held under that code' follitone client export K-1
	refused 1 'nothing is held under that code' follitone client forget K-1
	refused 1 'there is no recipe store' follitone client link K-1 Crown
	follitone client list | has '^no clients$'
	[ ! -e "$scratch/data" ]
	save_crown
	refused 1 'no recipe of that id or name' follitone client link K-1 Nobody
	[ ! -e "$scratch/data/follitone/clients.db" ]
	refused 1 'control characters' follitone client note K-1 --text $'a\033b'
}

@test "client: a file that is none, or of a later version, is refused and stays" {
	mkdir -p "$scratch/data/follitone"
	seq 1 2000 >"$scratch/data/follitone/clients.db"
	refused 1 'clients.db: file is not a database' follitone client list
	seq 1 2000 | cmp - "$scratch/data/follitone/clients.db"
	rm "$scratch/data/follitone/clients.db"
	follitone client note K-1 --text x
	printf '\0\0\0\77' | dd of="$scratch/data/follitone/clients.db" bs=1 seek=60 conv=notrunc 2>/dev/null
	refused 1 'clients.db: of another version (63, not 1)' follitone client list
}

@test "client: a data folder that is reached through a symbolic link" {
	mkdir "$scratch/real"
	ln -s "$scratch/real" "$scratch/data"
	follitone client note K-1701 --text keloid
	follitone client show K-1701 | has keloid
	follitone client forget K-1701
	[ -z "$(grep -rlaF keloid "$scratch/real")" ]
}

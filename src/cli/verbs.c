/* The table of verbs. */
#include "cli/verb.h"

#include <string.h>

#define OPTIONS(...) ((const enum option_key[]){__VA_ARGS__, OPTION_NONE})
#define LIGHT OPTION_ILLUMINANT, OPTION_OBSERVER
#define CONDITIONS OPTION_SPECULAR, OPTION_GEOMETRY, OPTION_APERTURE_MM, OPTION_MODE
#define PICTURE OPTION_REGION, OPTION_ICC, OPTION_INTENT
#define OBJECTIVE                                                                                  \
	"The objective, to be as small as possible, is w0 dE00 under the main light, plus the "    \
	"largest "                                                                                 \
	"w dE00 among the other lights, plus W times as much as L* is below the target's "         \
	"(--lighter W), "                                                                          \
	"plus 0.05 for each pigment after the first, plus --price-weight and --coarse-weight. "    \
	"dE00 is between the recipe's dot (or "                                                    \
	"drawdown) and "                                                                           \
	"the required one. Every recipe of the grid is evaluated or excluded, so this is the "     \
	"best list there "                                                                         \
	"is; "                                                                                     \
	"recipes of one and the same ratio count once. "                                           \
	"--quick leaves the proof out. Ctrl-C ends a search with the best so far, and how much "   \
	"better another could be; a second Ctrl-C ends the program."

const struct verb verbs[] = {
	{
		.name = "lab",
		.group = "Colour",
		.summary = "colours of readings: CIELAB, LCh, ITA, XYZ, ICC PCS",
		.operands = "FILE...",
		.most = OPERANDS_MAX,
		.options = OPTIONS(LIGHT, CONDITIONS, PICTURE, OPTION_RGB, OPTION_OUTPUT_ICC,
				   OPTION_JSON),
		.description =
			"Reads reflectance files of any known format (see `follitone "
			"read`) and prints each reading's colour. FILE#NAME takes only the "
			"readings of that name. '-' is standard input. --illuminant "
			"D65,A,F11 gives a table for each light.\n\n"
			"A PNG, JPEG or TIFF, or --rgb R,G,B, is read by the ICC profile of "
			"its device: the one in the picture, or --icc. Such colours are of "
			"lower confidence than spectra. With --output-icc the values are "
			"printed with which a display or printer shows each colour; one that "
			"it cannot show is marked.",
		.example = "follitone lab recipes/example/skin.csv --illuminant D50 --observer 2",
		.run = run_lab,
	},
	{
		.name = "read",
		.group = "Colour",
		.summary = "what is in a reading file: format, conditions, colours, spread",
		.operands = "FILE...",
		.least = 1,
		.most = OPERANDS_MAX,
		.options =
			OPTIONS(LIGHT, OPTION_SITE, CONDITIONS, PICTURE, OPTION_PLOT, OPTION_JSON),
		.description = "Opens reading files by content: CGATS and its relatives "
			       "(i1Profiler, MeasureTool, Barbieri, BabelColor, Wolf Faust, "
			       "ArgyllCMS), CxF3, Datacolor QTX, X-Rite Color Master MIF, Konica "
			       "Minolta SpectraMagic CSV, Nix CSV, plain CSV and TSV. Says what "
			       "was recognised, how the readings were taken, each one's Lab, LCh "
			       "and ITA, how far repeats are apart, which one is far from the "
			       "others, and where the file's own Lab is not that of its spectrum. "
			       "With --site field also how many readings are enough. "
			       "--plot draws the spectra.",
		.example = "follitone read recipes/example/skin.csv --site skin",
		.run = run_read,
	},
	{
		.name = "capture",
		.group = "Colour",
		.summary = "take readings with an instrument",
		.operands = "",
		.options = OPTIONS(LIGHT, OPTION_SITE, OPTION_GEOMETRY, OPTION_APERTURE_MM,
				   OPTION_MODE, OPTION_TIME_LIMIT, OPTION_OUTPUT, OPTION_JSON),
		.description =
			"Leads through the white tile and then three readings of bare skin, three "
			"of "
			"a lock of hair and five of the shaved zone, shows each site's colour and "
			"how far its readings are apart, and writes them to -o, a .txt (CGATS) or "
			"another form of `follitone convert`. Each reading is named after its "
			"site: "
			"FILE#skin, FILE#hair and FILE#field are what `match` takes. --site takes "
			"one site alone. The instrument is driven by ArgyllCMS's spotread (Debian "
			"package argyll), which knows most of X-Rite's. Enter takes a reading; r "
			"takes the "
			"last one again, s goes on to the next site, q ends and keeps what there "
			"is.",
		.example = "follitone capture --aperture-mm 4.5 -o client.txt",
		.run = run_capture,
	},
	{
		.name = "convert",
		.group = "Colour",
		.summary = "readings and recipes as files for other programs",
		.operands = "FILE|RECIPE...",
		.most = OPERANDS_MAX,
		.options = OPTIONS(LIGHT, CONDITIONS, PICTURE, OPTION_RGB, OPTION_OUTPUT_ICC,
				   OPTION_OUTPUT, OPTION_STORE, OPTION_PIGMENTS, OPTION_JSON),
		.description =
			"Writes every reading, and of a recipe the spectra that are required and "
			"predicted, in the form that the ending of -o names: .txt CGATS, .ti3 for "
			"ArgyllCMS, .cxf CxF3, .csv; palettes .ase (Adobe, Lab) and .gpl (GIMP, "
			"sRGB); .pdf, .png and .svg a sheet of swatches, through sRGB or the "
			"profile of --output-icc, with a mark on what it cannot show. -o may be "
			"given several times.",
		.example = "follitone convert recipes/example/skin.csv -o skin.ti3 -o skin.ase",
		.run = run_convert,
	},
	{
		.name = "de",
		.group = "Colour",
		.summary = "colour difference of two readings or two Lab values",
		.operands = "A B",
		.least = 2,
		.most = 2,
		.options = OPTIONS(LIGHT, CONDITIONS, PICTURE, OPTION_ALLOW_MIXED, OPTION_JSON),
		.description =
			"Prints CIEDE2000, its signed parts dL' dC' dH' (B minus A) and "
			"CIE 1976 dE*ab. A and B are each a reading file, whose readings "
			"are averaged, a picture, or L,a,b. Two readings are also compared by the "
			"special metamerism index (ISO 18314-4) under illuminants A and "
			"LED-B3.",
		.example = "follitone de 50,2.6772,-79.7751 50,0,-82.7485",
		.run = run_de,
	},
	{
		.name = "pigment",
		.group = "Pigments",
		.summary = "calibrate pigments from drawdowns; list, show, check and plot lines",
		.operands = "calibrate SHEET | list | show LINE [ID] | check LINE | plot LINE [ID]",
		.least = 1,
		.most = 3,
		.options = OPTIONS(OPTION_OUTPUT, OPTION_PLOT, OPTION_FORCE, OPTION_LOT_OF,
				   OPTION_JSON),
		.description =
			"calibrate takes a drawdown sheet (profiles/README.md), fits K and S of "
			"each "
			"pigment to all steps of its ladder at once, says how well each step is "
			"met "
			"and how well it is predicted by the others, names steps that contradict "
			"the others, and writes the line to -o. --plot draws measured and modelled "
			"curves of one pigment (--force ID, or the first). show says what is known "
			"of a line or a pigment; check what speaks against it: age, expiry, "
			"another "
			"lot in hand (--lot), gaps in its ladder. plot draws what its pigments "
			"look "
			"like into -o.",
		.example = "follitone pigment show example carbon-black",
		.run = run_pigment,
	},
	{
		.name = "predict",
		.group = "Pigments",
		.summary = "the colour of a given mix, as a drawdown or in a client's skin",
		.operands = "",
		.options =
			OPTIONS(LIGHT, OPTION_PIGMENTS, OPTION_DOSE, OPTION_DRAWDOWN,
				OPTION_THICKNESS_MM, OPTION_GROUND, OPTION_SKIN, OPTION_TECHNIQUE,
				OPTION_SET, CONDITIONS, OPTION_PLOT, OPTION_JSON),
		.description =
			"Each --dose names a pigment of --pigments and its amount, in the line's "
			"own "
			"unit (drops, with those of the diluent; shares; grams per 50 g of base). "
			"With --drawdown the mix is opaque, or a film of --thickness-mm over "
			"--ground. With --skin it is a dot in that skin by --technique: fresh, "
			"after 7 days and healed; and where its colour comes from, layer by layer, "
			"what the depth does to its hue, which pigment counters that, and how sure "
			"all this is.",
		.example = "follitone predict --pigments example --dose carbon-black=2 --dose "
			   "water=60 "
			   "--skin recipes/example/skin.csv",
		.run = run_predict,
	},
	{
		.name = "match",
		.group = "Recipes",
		.summary = "find the whole-drop recipes that copy a colour",
		.operands = "[CASE]",
		.most = 1,
		.options = OPTIONS(LIGHT, OPTION_PIGMENTS, OPTION_SKIN, OPTION_HAIR, OPTION_FIELD,
				   OPTION_PATCH, OPTION_TARGET, OPTION_BATCH, CONDITIONS, PICTURE,
				   OPTION_ALLOW_MIXED, OPTION_TECHNIQUE, OPTION_SET, OPTION_STATE,
				   OPTION_LIGHTS, OPTION_LIGHTER, OPTION_PRICE_WEIGHT,
				   OPTION_COARSE_WEIGHT, OPTION_MAX_PIGMENTS, OPTION_MAX_DROPS,
				   OPTION_PIGMENT_STEP, OPTION_DILUENT_DROPS, OPTION_CUP_ML,
				   OPTION_MAX_PIGMENT_ML, OPTION_TOP, OPTION_VARY, OPTION_FORCE,
				   OPTION_BAR, OPTION_BOUND, OPTION_STOCK, OPTION_RATIO,
				   OPTION_QUICK, OPTION_THREADS, OPTION_TIME_LIMIT,
				   OPTION_THICKNESS_MM, OPTION_GROUND, OPTION_OUTPUT, OPTION_NAME,
				   OPTION_ZONE, OPTION_RANK, OPTION_JSON),
		.description =
			"With --skin and --hair (or --field, a reading of the shaved zone) "
			"the recipe's dots, in "
			"this skin, healed, copy the natural follicles. With --target alone "
			"(a reading or L,a,b) "
			"an opaque drawdown is matched, or a film of --thickness-mm over "
			"--ground. --batch matches many such targets, a line "
			"(with --json a document) each. With --patch dots are added to those "
			"that earlier sessions left. CASE is a case file "
			"(profiles/README.md): "
			"every zone of it is matched, and -o FILE.cfg writes the best of "
			"each to FILE-1-ZONE.cfg and so on. " OBJECTIVE,
		.example = "follitone match --pigments example --skin recipes/example/skin.csv "
			   "--hair recipes/example/hair.txt -o recipe.cfg --name \"Crown\"",
		.run = run_match,
	},
	{
		.name = "plan",
		.group = "Recipes",
		.summary = "plan a case in sessions, lighter first, in equal steps",
		.operands = "CASE",
		.least = 1,
		.most = 1,
		.options = OPTIONS(LIGHT, OPTION_PIGMENTS, CONDITIONS, OPTION_ALLOW_MIXED,
				   OPTION_LIGHTS, OPTION_LIGHTER, OPTION_PRICE_WEIGHT,
				   OPTION_COARSE_WEIGHT, OPTION_MAX_PIGMENTS, OPTION_MAX_DROPS,
				   OPTION_PIGMENT_STEP, OPTION_DILUENT_DROPS, OPTION_CUP_ML,
				   OPTION_MAX_PIGMENT_ML, OPTION_FORCE, OPTION_BAR, OPTION_BOUND,
				   OPTION_STOCK, OPTION_RATIO, OPTION_QUICK, OPTION_THREADS,
				   OPTION_TIME_LIMIT, OPTION_OUTPUT, OPTION_NAME, OPTION_JSON),
		.description =
			"CASE is a case file (profiles/README.md). For each zone and session: the "
			"recipe, the dots to add, and what the healed patch then looks like. Steps "
			"from bare skin to the natural field are equal in dE00; the first "
			"session's "
			"dots are the lightest. Each session is matched on the patch that the one "
			"before it leaves; once a patch is measured, state it as `patch` and plan "
			"what is left. -o FILE.cfg writes the recipes to FILE-1-ZONE-1.cfg and so "
			"on.",
		.example = "follitone plan recipes/example/case.cfg",
		.run = run_plan,
	},
	{
		.name = "save",
		.group = "Recipes",
		.summary = "keep recipe files as new versions in the store",
		.operands = "FILE…",
		.least = 1,
		.most = OPERANDS_MAX,
		.options = OPTIONS(OPTION_STORE, OPTION_NAME, OPTION_ZONE, OPTION_PIGMENTS,
				   OPTION_CLIENT, OPTION_NOTE, OPTION_JSON),
		.description =
			"FILE is what `follitone match -o` or `follitone show -o` wrote, "
			"edited or not. Nothing in "
			"the store is ever changed: an edited recipe becomes a new version "
			"whose parent is the one "
			"it was made from, and its colour is predicted anew. Saving the "
			"same again changes nothing. A file from `match` that is saved under "
			"another name is a new recipe. Several files are saved together: all, or "
			"none where one is refused. --client links it to a client "
			"(`follitone client`), whom the recipe itself must not name. --note seals "
			"a text in the recipe: it travels with it, and only the key of that "
			"client, in the clinic's file of clients, opens it (`follitone show`); "
			"`client forget` erases the key. Sessions and sealed notes stay in every "
			"later version.",
		.example = "follitone save recipe.cfg --name \"Crown\"",
		.run = run_save,
	},
	{
		.name = "correct",
		.group = "Recipes",
		.summary = "what a measured trial tells of the bottles, and what to add",
		.operands = "RECIPE[@VERSION]",
		.least = 1,
		.most = 1,
		.options = OPTIONS(OPTION_TRIAL, OPTION_STATE, OPTION_STORE, OPTION_PIGMENTS,
				   OPTION_CUP_ML, OPTION_BAR, OPTION_OUTPUT, CONDITIONS,
				   OPTION_ALLOW_MIXED, OPTION_JSON),
		.description =
			"The trial is a reading of a drawdown, or of the patch that was treated "
			"with "
			"the "
			"mix, in --state (default: the recipe's). Each pigment's strength is "
			"changed by as little as explains it; then the best top-up is searched: "
			"drops to add to the mix, nothing taken out, the cup (--cup-ml) not "
			"overfilled, at most one further bottle. -o writes the recipe with what "
			"was added and learned of its bottles, to be saved as a new version.",
		.example = "follitone correct Crown --trial recipes/example/patch.csv -o crown.cfg",
		.run = run_correct,
	},
	{
		.name = "treat",
		.group = "Recipes",
		.summary = "record a session with a recipe, or a reading of what became of it",
		.operands = "RECIPE[@VERSION]",
		.least = 1,
		.most = 1,
		.options = OPTIONS(OPTION_SESSION, OPTION_DAY, OPTION_OPERATOR, OPTION_MIXED,
				   OPTION_LOT_OF, OPTION_EXPIRY, OPTION_OPENED,
				   OPTION_OVERRIDE_EXPIRED, OPTION_AFTER, OPTION_STATE,
				   OPTION_STORE, CONDITIONS, OPTION_ALLOW_MIXED, OPTION_JSON),
		.description =
			"Records a session: that the recipe was mixed and used, today or on --day, "
			"by --operator (a code), with what was really put in: drops (--mixed), "
			"lots, expiry and opening of the bottles; what is not said is as the "
			"recipe says. A bottle that had expired is refused, or recorded with a "
			"reason. FILE of --after is a reading of the treated patch in --state "
			"(fresh, day7 or healed), on which `learn` draws; with --after and "
			"nothing said of a session, the reading alone is kept. Both are kept with "
			"the recipe, as a new version, and never erased: nothing of the client "
			"belongs there.",
		.example = "follitone treat Crown --session 1 --operator OP-3 --lot water=L-77",
		.run = run_treat,
	},
	{
		.name = "learn",
		.group = "Recipes",
		.summary = "the clinic's own technique preset, from its healed readings",
		.operands = "",
		.options = OPTIONS(OPTION_TECHNIQUE, OPTION_STORE, OPTION_PIGMENTS, OPTION_NAME,
				   OPTION_OUTPUT, OPTION_JSON),
		.description =
			"Fits dose, kept share, depth and light spread to all readings that "
			"`treat` kept with recipes of one --technique, and writes a preset to -o: "
			"each with how many readings it is from and its 95 % interval. At least "
			"three healed readings are needed. What they do not tell stays as it was; "
			"where they tell nothing, nothing is written. Put the file into "
			"~/.config/follitone/profiles/techniques to name it with --technique.",
		.example = "follitone learn --technique standard -o our-clinic.cfg",
		.run = run_learn,
	},
	{
		.name = "list",
		.group = "Recipes",
		.summary = "list the recipes of the store",
		.operands = "",
		.options = OPTIONS(OPTION_TEXT, OPTION_PIGMENT, OPTION_LOT, OPTION_CLINIC,
				   OPTION_SINCE, OPTION_UNTIL, OPTION_ALL, OPTION_CLIENT,
				   OPTION_STORE, OPTION_JSON),
		.description =
			"Prints the newest version of every recipe, oldest recipe first; of those "
			"only for which all that is asked holds. Words of --text may be the "
			"beginnings of "
			"words, and accents do not matter.",
		.example = "follitone list --pigment carbon-black --since 2026-01-01",
		.run = run_list,
	},
	{
		.name = "history",
		.group = "Recipes",
		.summary = "list all versions of one recipe",
		.operands = "RECIPE",
		.least = 1,
		.most = 1,
		.options = OPTIONS(OPTION_STORE, OPTION_JSON),
		.description =
			"RECIPE is a name, an id or the beginning of an id (four digits or more). "
			"Behind the versions stand the sessions (`treat`), each with the version "
			"that was the first to tell of it.",
		.example = "follitone history Crown",
		.run = run_history,
	},
	{
		.name = "diff",
		.group = "Recipes",
		.summary = "what two versions or recipes differ in, in words and dE00",
		.operands = "RECIPE[@VERSION] RECIPE[@VERSION]",
		.least = 2,
		.most = 2,
		.options = OPTIONS(OPTION_STORE, OPTION_JSON),
		.description = "Each is a name, an id or its beginning, with @VERSION for another "
			       "than the "
			       "newest, or a recipe file. What was changed in bottles, readings, "
			       "technique and "
			       "lights, and how far the predicted colours lie apart.",
		.example = "follitone diff Crown@1 Crown",
		.run = run_diff,
	},
	{
		.name = "revert",
		.group = "Recipes",
		.summary = "make an old version of a recipe its newest one again",
		.operands = "RECIPE@VERSION",
		.least = 1,
		.most = 1,
		.options = OPTIONS(OPTION_STORE, OPTION_JSON),
		.description =
			"Nothing is taken back: the old version is saved again as a new one, whose "
			"parent it is.",
		.example = "follitone revert Crown@1",
		.run = run_revert,
	},
	{
		.name = "nearest",
		.group = "Recipes",
		.summary = "recipes of the store whose required colour is nearest to a colour",
		.operands = "L,a,b|FILE|RECIPE[@VERSION]",
		.least = 1,
		.most = 1,
		.options = OPTIONS(LIGHT, OPTION_TOP, OPTION_STORE, CONDITIONS, OPTION_ALLOW_MIXED,
				   OPTION_JSON),
		.description =
			"The colour is a Lab, a reading or picture, or what a recipe of the store "
			"requires. Of each recipe its newest version is asked; beside the distance "
			"stand the skin it was made for and, where `treat` kept a reading of the "
			"healed patch, how far that was from what was required.",
		.example = "follitone nearest 34.5,5.8,8.2",
		.run = run_nearest,
	},
	{
		.name = "lots",
		.group = "Recipes",
		.summary = "bottles in recipes and their sessions: of which lot, where, until when",
		.operands = "[LOT]",
		.least = 0,
		.most = 1,
		.options = OPTIONS(OPTION_RECIPE, OPTION_UNTIL, OPTION_WITHIN, OPTION_STORE,
				   OPTION_JSON),
		.description =
			"Without LOT all lots that were stated on bottles, those that expire "
			"first standing first; --until DAY those that expire by then, --within "
			"DAYS those that expire from today until so many days from now. With LOT "
			"the recipes that name a bottle of it and the sessions in which it was "
			"used, for a recall. --recipe the lots that were used in the sessions of "
			"one recipe. What stands in several versions is listed once, with the "
			"first of them.",
		.example = "follitone lots --within 60",
		.run = run_lots,
	},
	{
		.name = "show",
		.group = "Recipes",
		.summary = "show a recipe in words, or write its file",
		.operands = "RECIPE[@VERSION]",
		.least = 1,
		.most = 1,
		.options = OPTIONS(OPTION_STORE, OPTION_OUTPUT, OPTION_PIGMENTS, OPTION_JSON),
		.description = "RECIPE is a name, an id, the beginning of an id, or a recipe file "
			       "(a path with a slash or ending in .cfg). With -o the recipe's "
			       "file is written just as it was saved, to be edited and saved as a "
			       "new version.",
		.example = "follitone show Crown@1 -o crown.cfg",
		.run = run_show,
	},
	{
		.name = "store",
		.group = "Recipes",
		.summary = "the clinic's key and store: make, verify, tidy, back up",
		.operands = "init|verify|tidy|backup",
		.least = 1,
		.most = 1,
		.options = OPTIONS(OPTION_OUTPUT, OPTION_STORE, OPTION_JSON),
		.description =
			"init makes the store and the clinic's key, each where it is missing, and "
			"shows the "
			"key's fingerprint, in words too, to be compared on the telephone. The key "
			"signs "
			"every version that is saved; keep a copy of it in a safe place. verify "
			"looks at "
			"every signature and every version: whether all is as it was saved. tidy "
			"repacks "
			"it: nothing is lost, and it takes a fraction of the disk. backup writes "
			"all of it "
			"into one file, -o FILE, a git bundle that `git bundle verify` and `git "
			"clone` "
			"take. The store is a git repository: `git log`, `git fsck` and `git "
			"verify-commit` work on it.",
		.example = "follitone store verify",
		.run = run_store,
	},
	{
		.name = "export",
		.group = "Sharing",
		.summary = "one recipe as a signed file for another clinic",
		.operands = "RECIPE[@VERSION]",
		.least = 1,
		.most = 1,
		.options =
			OPTIONS(OPTION_WITH, OPTION_NAME, OPTION_OUTPUT, OPTION_STORE, OPTION_JSON),
		.description =
			"Writes the recipe to -o, signed with the clinic's key, and shows what of "
			"it leaves and what stays. Zone, notes, sessions and the names, files and "
			"dates of "
			"readings stay unless --with names them; of clients there is nothing in a "
			"recipe. --name gives it another name.",
		.example = "follitone export Crown -o crown.cfg",
		.run = run_export,
	},
	{
		.name = "import",
		.group = "Sharing",
		.summary = "take over a recipe of another clinic's as one's own",
		.operands = "[FILE|RECIPE@CLINIC[@VERSION]]",
		.least = 0,
		.most = 1,
		.options = OPTIONS(OPTION_QR, OPTION_REMATCH, OPTION_PIGMENTS, OPTION_TRUST,
				   OPTION_NAME, OPTION_OUTPUT, OPTION_STORE, OPTION_JSON),
		.description =
			"FILE is what `follitone export` wrote; RECIPE@CLINIC one that `share in` "
			"or `sync` brought. It becomes a version of one's own that names its "
			"source. A clinic that is not known is shown and asked about; --trust says "
			"so beforehand. Whether the pigments are the same here is told; --rematch "
			"solves the recipe anew for --pigments, and tells how far the "
			"translation's "
			"colour is from the original's. --qr takes the recipe of the code on a "
			"card, photographed or scanned (zbarimg, of the package zbar-tools, reads "
			"it): most codes hold all of it, and need the pigment line that it was "
			"made with; others name a version that is in the store. With -o it is "
			"written to a file, the same bytes as the original's, and not kept.",
		.example = "follitone import crown.cfg --rematch --pigments example\n"
			   "follitone import --qr card.png -o crown.cfg",
		.run = run_import,
	},
	{
		.name = "share",
		.group = "Sharing",
		.summary = "recipes for other clinics, many in one file",
		.operands = "add RECIPE[@VERSION]... | list | out | in FILE",
		.least = 1,
		.most = OPERANDS_MAX,
		.options = OPTIONS(OPTION_WITH, OPTION_YES, OPTION_SINCE, OPTION_TRUST,
				   OPTION_OUTPUT, OPTION_STORE, OPTION_JSON),
		.description =
			"add shows what of the recipes would leave, as `export` does, and shares "
			"them where that is agreed to (--yes). list shows what is shared. out "
			"writes all of it to -o as a git bundle, with --since DAY what was shared "
			"on that day and later. in takes in the bundle of another clinic: "
			"signatures, files and sizes are checked first, and nothing of one's own "
			"is "
			"changed; what came stands beside it (`list`, `show RECIPE@CLINIC`, "
			"`import`). What is shared cannot be called back.",
		.example = "follitone share add Crown --yes",
		.run = run_share,
	},
	{
		.name = "sync",
		.group = "Sharing",
		.summary = "meet other clinics in a common folder or on a server",
		.operands = "[FOLDER|ADDRESS]",
		.most = 1,
		.options = OPTIONS(OPTION_TRUST, OPTION_STORE, OPTION_JSON),
		.description =
			"Brings what is shared (`share add`) to a common git repository, and takes "
			"in what others brought, checked as `share in` does. FOLDER is made where "
			"it is missing; ADDRESS is ssh://, git:// or https://. Without either the "
			"last one is taken. With ssh the agent's keys and those in ~/.ssh are "
			"offered, with https $FOLLITONE_SYNC_USER and $FOLLITONE_SYNC_PASSWORD. "
			"Nothing is merged: each clinic writes its own part only.",
		.example = "follitone sync /media/stick/clinics",
		.run = run_sync,
	},
	{
		.name = "clinic",
		.group = "Sharing",
		.summary = "which other clinics are known and trusted",
		.operands = "[list | trust KEY|FILE|CLINIC | revoke CLINIC]",
		.most = 2,
		.options = OPTIONS(OPTION_NAME, OPTION_JSON),
		.description =
			"trust takes a public key (\"ssh-ed25519 AAAA…\"), a file of one, or a "
			"clinic that is known, and keeps it under --name. After revoke nothing "
			"more is taken in from a clinic, and what came from it is no longer "
			"verified.",
		.example = "follitone clinic trust aurora.pub --name Aurora",
		.run = run_clinic,
	},
	{
		.name = "client",
		.group = "Clients",
		.summary = "what is known of a person: recipes, notes, consents; hand out, forget",
		.operands = "list | link CODE RECIPE | note CODE | consent CODE | show CODE | "
			    "export CODE | unlink CODE RECIPE | drop CODE note|consent N | forget "
			    "CODE",
		.least = 1,
		.most = 4,
		.options = OPTIONS(OPTION_WORDS, OPTION_ZONE, OPTION_STORE, OPTION_OUTPUT,
				   OPTION_JSON),
		.description =
			"CODE stands for a person: 1 to 32 letters, digits, '-' and '_'; who it is "
			"is "
			"not for this program. A client comes about with what is first said: link "
			"says "
			"whose a recipe is, note keeps a private note, of --zone or none, consent "
			"where the consent is (“paper file 12”). All this is in one file beside "
			"the store, "
			"for its owner alone, and never in the store or in what is shared. export "
			"gives, as JSON, everything that is held, to be handed to the person, with "
			"the notes that are sealed in recipes (`save --note`). unlink takes a link "
			"back, drop a note or consent by the number that show gives it: each is "
			"erased for good. forget "
			"erases all of a client, with the key of the sealed notes, and looks "
			"whether nothing is left; the recipes stay, unlinked. "
			"Copies that were made elsewhere are yours to erase.",
		.example = "follitone client link K-17 Crown",
		.run = run_client,
	},
	{
		.name = "card",
		.group = "Treatment room",
		.summary = "the mixing cards of recipes",
		.operands = "RECIPE[@VERSION]...",
		.least = 1,
		.most = CARDS_MAX,
		.options = OPTIONS(OPTION_PAPER, OPTION_COPIES, OPTION_PRINT, OPTION_CLIENT,
				   OPTION_CUP_ML, OPTION_PRINTER_PROFILE, OPTION_PATCHES,
				   OPTION_STORE, OPTION_OUTPUT, OPTION_PIGMENTS, OPTION_JSON),
		.description =
			"Without -o the card is shown as text. With -o it is written as a page of "
			"--paper; the file's ending says how: .pdf, .png, .svg or .txt. -o may be "
			"given several times. Several recipes (names of the store, or files that "
			"`match` and `plan` wrote) are pages of one PDF, and a picture each: "
			"FILE-1-ZONE.png. --copies has each card so many times in a PDF. --print "
			"sends them to the usual printer, --print=PRINTER to that one, through "
			"CUPS. --client puts a client's code on the card; else nothing is on it of "
			"whose it is. A bottle that has expired by today is warned of. In a PDF "
			"the "
			"swatches are CIE Lab, for the printer's own profile, absolute "
			"colorimetric. The QR code holds the "
			"recipe, or says which version it is, by id and hash (`import --qr`). With "
			"--printer-profile it is a proof: what that printer "
			"cannot print is marked on the card and said, and .png and .svg show what "
			"the print will look like.",
		.example = "follitone card Crown --paper a6 --cup-ml 2 --copies 2 -o card.pdf",
		.run = run_card,
	},
	{
		.name = "patches",
		.group = "Treatment room",
		.summary =
			"measure your printer: a page of control patches, and how far off they are",
		.operands = "[MEASURED]",
		.least = 0,
		.most = 1,
		.options = OPTIONS(OPTION_OUTPUT, OPTION_PAPER, OPTION_PRINTER_PROFILE, CONDITIONS,
				   PICTURE, OPTION_JSON),
		.description =
			"With -o a page is written of eight patches along skin, dots and greys, "
			"each at "
			"least 8 mm wide with its Lab (D50, 2 degree) beside it. Print it in true "
			"size on the paper and with the settings of your cards, measure the "
			"patches in their order, and give the file of readings as MEASURED: it "
			"says by how much each is off. A page of `card --patches` serves as well.",
		.example = "follitone patches measured.txt",
		.run = run_patches,
	},
	{
		.name = "chart",
		.group = "Treatment room",
		.summary = "the dilutions of a pigment in a client's skin, as a page for the wall",
		.operands = "[LINE]",
		.most = 1,
		.options = OPTIONS(OPTION_PIGMENTS, OPTION_ONLY_PIGMENT, OPTION_SKIN,
				   OPTION_TECHNIQUE, OPTION_SET, OPTION_STATE, LIGHT, CONDITIONS,
				   OPTION_ALLOW_MIXED, OPTION_CUP_ML, OPTION_MAX_DROPS,
				   OPTION_PAPER, OPTION_OUTPUT, OPTION_JSON),
		.description =
			"Shows what each dilution of a pigment looks like as a dot in this skin, "
			"and from arm's length as a patch of dots. Beside the trade's even steps "
			"of water, 1:1 to 1:30, stand ten steps that look equal: the way from the "
			"undiluted pigment to bare skin is measured in dE00, cut into equal parts, "
			"and for each the whole drops are taken that come nearest and fit the cup. "
			"Lines lead from each even step to where it lies on that way. Without -o a "
			"table is printed. A .pdf has a page for each pigment; a .png or .svg is "
			"one pigment's, of a line one file each: FILE-1-PIGMENT.png. -o may be "
			"given several times.",
		.example = "follitone chart example --pigment carbon-black --skin "
			   "recipes/example/skin.csv -o chart.pdf",
		.run = run_chart,
	},
	{
		.name = "preview",
		.group = "Treatment room",
		.summary = "a picture of the scalp: natural follicles beside planned dots",
		.operands = "CASE|RECIPE[@VERSION]",
		.least = 1,
		.most = 1,
		.options = OPTIONS(OPTION_OUTPUT, OPTION_SEED, OPTION_STORE, OPTION_PIGMENTS, LIGHT,
				   OPTION_LIGHTS, CONDITIONS, OPTION_ALLOW_MIXED, OPTION_QUICK,
				   OPTION_THREADS, OPTION_TIME_LIMIT, OPTION_JSON),
		.description =
			"Computed from the spectra of the match, not painted: dots and follicles "
			"of "
			"their real size, at random places, on the client's skin, with the light "
			"that spreads between them. Natural skin is at the left of each view, "
			"treated skin at the right, from 30 cm and from 1 m, blurred as an eye "
			"blurs (Barten 1999), under the recipe's main light and under the worst of "
			"its other lights. Rows are a recipe fresh, after 7 days and healed; of a "
			"case, whose zones are planned as `plan` does, the patch healed after each "
			"session, one file a zone: FILE-1-ZONE.png. Beside it stand the average "
			"colours of both sides and dE00 between them. -o names a .png, .pdf or "
			".svg and may be given several times. Lights, conditions and limits of the "
			"search are for a case.",
		.example = "follitone preview Crown -o crown.png",
		.run = run_preview,
	},
	{
		.name = "report",
		.group = "Treatment room",
		.summary = "a case or recipes as one PDF for the client's file",
		.operands = "CASE|RECIPE[@VERSION]...",
		.least = 1,
		.most = OPERANDS_MAX,
		.options = OPTIONS(OPTION_OUTPUT, OPTION_PAPER, OPTION_CLIENT, OPTION_SEED,
				   OPTION_STORE, OPTION_PIGMENTS, LIGHT, OPTION_LIGHTS, CONDITIONS,
				   OPTION_ALLOW_MIXED, OPTION_LIGHTER, OPTION_PRICE_WEIGHT,
				   OPTION_COARSE_WEIGHT, OPTION_MAX_PIGMENTS, OPTION_MAX_DROPS,
				   OPTION_PIGMENT_STEP, OPTION_DILUENT_DROPS, OPTION_CUP_ML,
				   OPTION_MAX_PIGMENT_ML, OPTION_FORCE, OPTION_BAR, OPTION_BOUND,
				   OPTION_STOCK, OPTION_RATIO, OPTION_QUICK, OPTION_THREADS,
				   OPTION_TIME_LIMIT, OPTION_JSON),
		.description =
			"Writes one PDF on a4 (or --paper letter): what the case comes to, the "
			"readings with their spread, the plan by session (as `plan` with the same "
			"options), the mixing cards, previews, where all of it is from, and what "
			"was assumed. Of recipes, kept ones or files, their mixes in the place of "
			"a plan, with the sessions that were recorded. A client's code stands "
			"there where the case states one, or --client; never a name. The same "
			"case gives the same file (SOURCE_DATE_EPOCH stands for the day).",
		.example = "follitone report recipes/example/case.cfg -o report.pdf",
		.run = run_report,
	},
	{
		.name = "help",
		.group = "Help",
		.summary = "list the verbs, or explain one",
		.operands = "[VERB]",
		.most = 1,
		.options = OPTIONS(OPTION_FORMAT),
		.description = "Lists the verbs by what they are for; with VERB, as VERB --help.",
		.example = "follitone help match",
		.run = run_help,
	},
	{.name = NULL},
};

const struct verb *verb_find(const char *name)
{
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (strcmp(verb->name, name) == 0)
			return verb;
	return NULL;
}

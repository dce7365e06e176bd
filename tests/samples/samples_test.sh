# The samples: what they print, that samples/packages agrees with dpkg-query, and what they say of bad input.
. tests/tap.sh

check "hello prints what JavaScript gave" test "$("$OUT/hello")" = "Hello from V8"

threads_prints() {
  "$OUT/threads" >"$work/out" && diff - "$work/out" <<'END'
an endless loop: the time limit of 500 ms has passed; then 6 * 7 is 42
a promise that never settles: the time limit of 500 ms has passed while a promise was pending; then 6 * 7 is 42
endless recursion: Maximum call stack size exceeded; then 6 * 7 is 42
a heap that fills: the heap has reached its limit; then 6 * 7 is 42
a buffer that is too large: Array buffer allocation failed; then 6 * 7 is 42
a loop after an await: the time limit of 500 ms has passed; then 6 * 7 is 42
200 of 200 numbers factored, 200 tasks passed on
END
}
check "threads survives its limits, and loses no work" threads_prints

modules_prints() {
  "$OUT/modules" >"$work/out" && diff - "$work/out" <<'END'
plugins/triangle.js: side is 1.414
plugins/counting.js: count(2) is 42
plugins/greeting.js: default is 'Hello, modules, from plugins/greeting.js'
TypeError: Cannot import 'plugins/lib/missing.js': the server does not have it (imported by plugins/broken.js:2)
SyntaxError: The requested module 'host:app' does not provide an export named 'password'
END
}
check "modules runs its plug-ins, and says why two have no result" modules_prints

packages() { "$OUT/packages" "$@" >"$work/out" 2>"$work/err"; }
dpkg_query() { dpkg-query -W -f '${db:Status-Status} ${Installed-Size} ${Package} ${Version}\n' | sed -n 's/^installed //p'; }

runs() { packages "$work/packages.db" || { cat "$work/err"; return 1; }; }
check "packages loads this machine's packages" runs

totals() {
  dpkg_query | awk '{ n++; size += $1 } END { printf "%d packages installed, %d KiB,\n", n, size }' >"$work/expected"
  head -n 1 "$work/out" | grep -o '^.* KiB,' | diff "$work/expected" -
}
check "its totals are dpkg-query's" totals

largest() {
  dpkg_query | LC_ALL=C sort -k1,1nr -k2,2 | head -n 10 | awk '{ print $1, $2, $3 }' >"$work/expected"
  tail -n +3 "$work/out" | awk '{ print $1, $3, $4 }' | diff "$work/expected" -
}
check "its ten largest are dpkg-query's" largest

# What dpkg-query prints of a package's dependencies, one a line, alternatives taken for one.
dependencies() {
  dpkg-query -W -f '${Pre-Depends},${Depends}\n' "$1" | tr ',' '\n' | grep -c '[a-z]'
}
counted() {
  tail -n +3 "$work/out" | while read -r _ count name _; do
    [ "$count" = "$(dependencies "$name")" ] || { echo "$name: $count"; return 1; }
  done
}
check "their dependencies are as many as dpkg-query lists" counted

sqlite() { "$OUT/packages" "$work/packages.db" "$work/status" "$work/script.js"; }
script() { cat >"$work/script.js"; }

again() { cp "$work/out" "$work/first" && packages "$work/packages.db" && diff "$work/first" "$work/out"; }
check "loading again into the same file gives the same" again

small_status() {
  cat >"$work/status" <<'END'
Package: one
Status: install ok installed
Architecture: all
Installed-Size: 5
Version: 1.0-1
Depends: two (>= 2) | three,
 four

Package: gone
Status: deinstall ok config-files
Installed-Size: 99
Version: 2

Package: two
Status: hold ok installed
Version: 2
END
  packages ":memory:" "$work/status" && grep -q '^2 packages installed, 5 KiB, 2 dependencies' "$work/out"
}
check "only installed packages count, and continued lines are read" small_status

missing_status() { ! packages ":memory:" "$work/no-such-file" && grep -q "cannot read '$work/no-such-file'" "$work/err"; }
check "a missing status file is an error with its name, and status 1" missing_status

empty_status() {
  : >"$work/none" && packages ":memory:" "$work/none" && grep -q '^0 packages installed, 0 KiB' "$work/out"
}
check "a status file without packages is no error" empty_status

bad_size() {
  packages "$work/kept.db" "$work/status" && cp "$work/kept.db" "$work/before.db" || return
  printf 'Package: odd\nStatus: install ok installed\nInstalled-Size: much\n' >"$work/odd"
  ! packages "$work/kept.db" "$work/odd" && grep -q "odd: package odd: Installed-Size is 'much'" "$work/err" || return
  ! packages "$work/kept.db" "$work/no-such-file" && cmp "$work/kept.db" "$work/before.db"
}
check "a size that is no number is an error with its place, and the database stays as it was" bad_size

missing_script() { ! packages ":memory:" "$work/status" "$work/no.js" && grep -q "cannot read '$work/no.js'" "$work/err"; }
check "a missing script is an error with its name, and status 1" missing_script

bad_database() { ! packages "$work/no/such/folder.db" && grep -q "cannot open '$work/no/such/folder.db'" "$work/err"; }
check "a database that cannot be opened is an error with its name" bad_database

sql_error() {
  printf "const db = new Database(':memory:');\n\ndb.exec('SELEKT 1');\n" | script
  ! sqlite 2>"$work/err" && grep -q "script.js:3" "$work/err" && grep -q 'near "SELEKT": syntax error' "$work/err"
}
check "an SQL error is an exception, with its place" sql_error

columns() {
  script <<'END'
const assert = (holds, what) => { if (!holds) throw new Error(what); };
const db = new Database(':memory:');
const all = db.prepare('SELECT ?, ?, ?, ?, ?, ?');
const values = [42, 1.5, 'text \u00e9\u{1f600}\0!', null, new Uint8Array([0, 255, 1]), 2n ** 62n];
values.forEach((value, i) => all.bind(i + 1, value));
assert(all.step(), 'a row');
assert(all.columnCount === 6, 'column count');
assert(Array.from(values, (_, i) => all.columnType(i)).join() === 'integer,float,text,null,blob,integer', 'types');
for (const i of [0, 1, 2, 3, 5]) assert(Object.is(all.column(i), values[i]), 'column ' + i);
assert(all.column(4) instanceof Uint8Array && all.column(4).join() === '0,255,1', 'bytes');
assert(!all.step(), 'the end');
const fails = (f, text) => {
  try { f(); } catch (e) { assert(e.message.includes(text), `${e.message} / ${text}`); return; }
  throw new Error('nothing thrown: ' + text);
};
fails(() => all.column(0), 'no column 0');
all.reset();
fails(() => all.bind(1, 2n ** 64n), '64 bits');
fails(() => all.bind(1, Symbol()), 'no type');
fails(() => all.bind(9, 1), 'out of range');
fails(() => all.columnName(6), 'no column 6');
all.finalize();
all.finalize();
fails(() => all.step(), 'finalized');
fails(() => db.prepare('  -- nothing'), 'no statement');
fails(() => db.exec('SELECT 1\0'), 'NUL');
const pending = db.prepare('SELECT 1');
db.close();
fails(() => db.exec('SELECT 1'), 'closed');
assert(pending.step() && pending.column(0) === 1, 'a statement outlives its connection');
fails(() => Database(':memory:'), 'new');
fails(() => Statement.prototype.step.call(db), 'Statement');
END
  sqlite
}
check "every type of column and parameter, and what is refused" columns

finish

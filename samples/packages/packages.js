// Loads every installed Debian package into an SQLite database and prints what takes the most room. `statusFile` and
// `databaseFile` are set by main.c.

const schema = `
  DROP TABLE IF EXISTS dependency;
  DROP TABLE IF EXISTS package;
  CREATE TABLE package (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    architecture TEXT NOT NULL,
    version TEXT NOT NULL,
    size INTEGER NOT NULL      -- installed, in KiB, as dpkg counts it
  );
  CREATE TABLE dependency (
    package INTEGER NOT NULL REFERENCES package (id),
    name TEXT NOT NULL
  );
  CREATE INDEX dependency_package ON dependency (package);
`;

// Yields the fields of each stanza of a dpkg status file as a Map; lines that begin with a blank continue a field.
function* stanzas(text) {
  for (const stanza of text.split(/\n{2,}/)) {
    const fields = new Map();
    for (const line of stanza.replace(/\n[ \t]/g, ' ').split('\n')) {
      const colon = line.indexOf(':');
      if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
    }
    if (fields.has('Package')) yield fields;
  }
}

const isInstalled = (fields) => / installed$/.test(fields.get('Status') ?? '');

// The installed size in KiB; packages without one take no room that dpkg knows of.
function sizeOf(fields) {
  const text = fields.get('Installed-Size') ?? '0';
  const size = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(size)) return size;
  throw new Error(`${statusFile}: package ${fields.get('Package')}: Installed-Size is '${text}', not a number`);
}

// The dependencies that must all be there; of alternatives (a | b) the first stands for all.
function dependencies(fields) {
  const clauses = [fields.get('Pre-Depends'), fields.get('Depends')].filter(Boolean).join(',');
  return clauses.split(',').map((clause) => clause.split('|')[0].trim().split(/[\s:(]/)[0]).filter(Boolean);
}

// Runs `statement` with `values` bound and calls `row` with the columns of each row.
function run(statement, values, row = () => {}) {
  values.forEach((value, index) => statement.bind(index + 1, value));
  const columns = statement.columnCount;
  while (statement.step()) row(...Array.from({length: columns}, (_, index) => statement.column(index)));
  statement.reset();
}

function load(database, text) {
  const insertPackage =
      database.prepare('INSERT INTO package (name, architecture, version, size) VALUES (?, ?, ?, ?) RETURNING id');
  const insertDependency = database.prepare('INSERT INTO dependency (package, name) VALUES (?, ?)');
  for (const fields of stanzas(text)) {
    if (!isInstalled(fields)) continue;
    const {Package, Architecture = '', Version = ''} = Object.fromEntries(fields);
    const values = [Package, Architecture, Version, sizeOf(fields)];
    run(insertPackage, values, (id) => {
      for (const name of dependencies(fields)) run(insertDependency, [id, name]);
    });
  }
  insertPackage.finalize();
  insertDependency.finalize();
}

function report(database) {
  const totals = database.prepare('SELECT count(*), coalesce(sum(size), 0), (SELECT count(*) FROM dependency) FROM package');
  run(totals, [], (packages, size, edges) => {
    console.log(`${packages} packages installed, ${size} KiB, ${edges} dependencies (SQLite ${sqliteVersion()})`);
  });
  totals.finalize();

  const largest = database.prepare(`
    SELECT package.name, package.version, package.size, count(dependency.name)
    FROM package LEFT JOIN dependency ON dependency.package = package.id
    GROUP BY package.id ORDER BY package.size DESC, package.name LIMIT ?`);
  console.log(`${'KiB'.padStart(10)}  ${'depends on'.padStart(10)}  package`);
  run(largest, [10], (name, version, size, count) => {
    console.log(`${String(size).padStart(10)}  ${String(count).padStart(10)}  ${name} ${version}`);
  });
  largest.finalize();
}

async function main() {
  const text = await readText(statusFile);
  const database = new Database(databaseFile);
  // All or nothing: what throws leaves the database as it was.
  database.exec('PRAGMA synchronous = OFF; BEGIN');
  database.exec(schema);
  load(database, text);
  database.exec('COMMIT');
  report(database);
  database.close();
}

main();
